// SPDX-License-Identifier: Apache-2.0
#include "image/pki.hpp"

#include <random>

#include <doctest/doctest.h>

#include "base/digest.hpp"
#include "image/fingerprint.hpp"
#include "image/image_support.hpp"

namespace atcert::image {
namespace {

constexpr Release kTyped{{3, 0, 0, 0}};
constexpr Release kUntyped{{2, 4, 0, 0}};
constexpr std::size_t kPartition = 8192;

struct Inputs {
  Bytes ca = test_data("ecc/AmazonRootCA1.pem");
  Bytes intermediate = test_data("ecc/intermediate.pem");
  Bytes certificate = test_data("ecc/certificate.pem");
  Bytes key = test_data("ecc/private.pem");
};

void check_vectors(const std::string& folder, const Release& release) {
  const Inputs in;
  const struct {
    const char* name;
    std::vector<PkiContent> contents;
  } cases[] = {
      {"mqtt_ca", {{PkiType::ca, in.ca}}},
      {"mqtt_cert", {{PkiType::certificate, in.certificate}}},
      {"mqtt_key", {{PkiType::key, in.key}}},
      {"client_ca", {{PkiType::ca, in.ca}, {PkiType::ca, in.intermediate}}},
      {"client_cert", {{PkiType::certificate, in.certificate}, {PkiType::certificate, in.certificate}}},
      {"client_key", {{PkiType::key, in.key}, {PkiType::key, in.key}}},
  };
  for (const auto& each : cases) {
    CAPTURE(each.name);
    const auto bin = write_pki_bin(each.contents, release, kPartition);
    REQUIRE(bin.ok());
    CHECK(bin->equals(test_data(folder + "/" + each.name + ".bin")));
  }
}

}  // namespace

TEST_CASE("PKI bins equal those of AtPKI.py") {
  check_vectors("pki/typed-ecc", kTyped);
  check_vectors("pki/cert-only-ecc", kUntyped);
}

TEST_CASE("the type byte is 2 for every item from 2.2.0.0 to 2.4.0.0") {
  CHECK(pki_type_byte(PkiType::key, {{2, 1, 0, 0}}) == 3);
  for (const Release release : {Release{{2, 2, 0, 0}}, Release{{2, 2, 1, 0}}, Release{{2, 3, 0, 0}}, kUntyped}) {
    CHECK(pki_type_byte(PkiType::key, release) == 2);
    CHECK(pki_type_byte(PkiType::ca, release) == 2);
  }
  CHECK(pki_type_byte(PkiType::ca, {{2, 4, 1, 0}}) == 1);
  CHECK(pki_type_byte(PkiType::key, kTyped) == 3);
}

TEST_CASE("the bin of a shipped ESP8266 2.2.0.0 image begins with these bytes") {
  const Bytes certificate(0x0496, 'c');
  const auto bin = write_pki_bin(std::vector<PkiContent>{{PkiType::certificate, certificate}}, {{2, 2, 0, 0}}, 4096);
  REQUIRE(bin.ok());
  const Bytes head = {0xF1, 0xF1, 0x01, 0x00, 0x9C, 0x04, 0x00, 0x00, 0x02, 0x00, 0x96, 0x04};
  CHECK(to_bytes(bin->reveal().first(12)) == head);
}

TEST_CASE("items in mixed order are grouped by type, ids counted per type") {
  const std::vector<PkiContent> mixed = {{PkiType::key, as_bytes("k0")},
                                         {PkiType::ca, as_bytes("a0")},
                                         {PkiType::key, as_bytes("k1")},
                                         {PkiType::ca, as_bytes("a1")}};
  const auto typed = write_pki_bin(mixed, kTyped, kPartition);
  REQUIRE(typed.ok());
  std::string found;
  for (const auto& item : read_pki_bin(typed->reveal()).items) {
    found += std::to_string(item.type) + std::to_string(item.id) + std::string(as_text(item.content)) + " ";
  }
  CHECK(found == "30k0 31k1 10a0 11a1 ");
}

TEST_CASE("what does not fit the format or the partition is refused") {
  const Bytes large(65536, 'x');
  const auto too_large = write_pki_bin(std::vector<PkiContent>{{PkiType::ca, large}}, kTyped, 1 << 20);
  REQUIRE_FALSE(too_large.ok());
  CHECK(too_large.error().code == "pki_item_too_large");
  const Bytes exact(4096 - 12, 'x');
  CHECK(write_pki_bin(std::vector<PkiContent>{{PkiType::ca, exact}}, kTyped, 4096).ok());
  const Bytes over(4096 - 11, 'x');
  const auto no_room = write_pki_bin(std::vector<PkiContent>{{PkiType::ca, over}}, kTyped, 4096);
  REQUIRE_FALSE(no_room.ok());
  CHECK(no_room.error().code == "pki_bin_too_large");
  CHECK_FALSE(write_pki_bin({}, kTyped, 4096).ok());
  // An id is one byte.
  const std::vector<PkiContent> most(256, {PkiType::ca, as_bytes("a")});
  const auto all = write_pki_bin(most, kTyped, 4096);
  REQUIRE(all.ok());
  CHECK(read_pki_bin(all->reveal()).items.back().id == 255);
  const std::vector<PkiContent> more(257, {PkiType::ca, as_bytes("a")});
  CHECK(write_pki_bin(more, kTyped, 4096).error().code == "pki_item_count");
}

TEST_CASE("a partition is read: the bin, and nothing behind it") {
  Bytes partition = test_data("pki/typed-ecc/client_ca.bin");
  const std::size_t size = partition.size();
  partition.resize(kPartition, 0xFF);
  const PkiBin bin = read_pki_bin(partition);
  CHECK(bin.faults.empty());
  CHECK(bin.size == size);
  REQUIRE(bin.items.size() == 2);
  CHECK(bin.items[0].type == 1);
  CHECK(bin.items[1].id == 1);
  CHECK(to_bytes(bin.items[0].content) == test_data("ecc/AmazonRootCA1.pem"));
  CHECK(to_bytes(bin.items[1].content) == test_data("ecc/intermediate.pem"));
}

TEST_CASE("faults are reported with their offset, and what is sound is read") {
  Bytes bytes = test_data("pki/typed-ecc/client_ca.bin");
  CHECK(read_pki_bin(ByteView(bytes).first(7)).faults.front().offset == 0);
  const PkiBin cut = read_pki_bin(ByteView(bytes).first(2000));
  REQUIRE(cut.faults.size() == 2);
  CHECK(cut.faults[0].offset == 4);
  CHECK(cut.faults[1].offset == 8 + 4 + 1188);
  CHECK(cut.items.size() == 1);
  bytes[2] = 3;
  const PkiBin missing = read_pki_bin(bytes);
  REQUIRE(missing.faults.size() == 1);
  CHECK(missing.faults[0].offset == bytes.size());
  CHECK(missing.items.size() == 2);
}

TEST_CASE("a last item without its padding is read and noted") {
  const Bytes bytes{0xF1, 0xF1, 1, 0, 5, 0, 0, 0, 3, 0, 1, 0, 'x', 0xFF};
  const PkiBin bin = read_pki_bin(bytes);
  REQUIRE(bin.items.size() == 1);
  REQUIRE(bin.faults.size() == 1);
  CHECK(bin.faults[0].level == FaultLevel::note);
  CHECK(bin.faults[0].offset == 13);
}

// A flip that neither is reported nor changes an item is one of padding.
TEST_CASE("any flipped byte is reported, changes what is read, or is padding") {
  const Bytes good = test_data("pki/typed-ecc/client_ca.bin");
  const auto contents_of = [](const PkiBin& bin) {
    std::string text;
    for (const PkiItem& item : bin.items) {
      text += std::to_string(item.type) + std::string(as_text(item.content)) + "\n";
    }
    return text;
  };
  const std::string contents = contents_of(read_pki_bin(good));
  std::size_t unseen = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const unsigned flip : {1U << i % 8, 0xFFU}) {
      Bytes damaged = good;
      damaged[i] ^= static_cast<std::uint8_t>(flip);
      const PkiBin bin = read_pki_bin(damaged);
      unseen += bin.faults.empty() && contents_of(bin) == contents;
    }
  }
  CHECK(unseen == 0);  // even a flip in the padding is noted
}

// The format has no checksum: what the PEM inside says is all there is. Base64 keeps its meaning in some places only.
TEST_CASE("a flipped byte of a certificate is another certificate or none, but for the line ends of its PEM") {
  const Bytes good = test_data("ecc/AmazonRootCA1.pem");
  const std::string fingerprint = certificate_fingerprint(good);
  REQUIRE_FALSE(fingerprint.empty());
  const std::size_t begin = as_text(good).find('\n') + 1;
  const std::size_t end = as_text(good).find("\n-----END");
  for (std::size_t i = begin; i < end; ++i) {
    if (good[i] == '\n') continue;
    Bytes damaged = good;
    damaged[i] ^= 0x02;
    CAPTURE(i);
    CHECK(certificate_fingerprint(damaged) != fingerprint);
  }
}

TEST_CASE("item types and ids that AtPKI.py does not write are reported") {
  Bytes bytes = test_data("pki/typed-ecc/client_ca.bin");
  bytes[9] = 7;
  PkiBin bin = read_pki_bin(bytes);
  REQUIRE(bin.faults.size() == 2);
  CHECK(bin.faults[0].level == FaultLevel::note);
  CHECK(bin.faults[0].offset == 9);
  bytes[9] = 0;
  bytes[8] = 4;
  bin = read_pki_bin(bytes);
  REQUIRE_FALSE(bin.faults.empty());
  CHECK(bin.faults[0].level == FaultLevel::error);
  CHECK(bin.faults[0].offset == 8);
  CHECK(bin.items.size() == 2);
}

TEST_CASE("what is written is read") {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    std::vector<Bytes> data(1 + random() % 5);
    std::vector<PkiContent> contents;
    for (auto& content : data) {
      content.resize(random() % 300);
      for (auto& byte : content) byte = static_cast<std::uint8_t>(random());
      contents.push_back({PkiType::key, content});
    }
    const auto bin = write_pki_bin(contents, kTyped, kPartition);
    REQUIRE(bin.ok());
    const PkiBin back = read_pki_bin(bin->reveal());
    REQUIRE(back.faults.empty());
    REQUIRE(back.items.size() == data.size());
    for (std::size_t i = 0; i < data.size(); ++i) CHECK(to_bytes(back.items[i].content) == data[i]);
  }
}

}  // namespace atcert::image
