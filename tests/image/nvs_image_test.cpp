// SPDX-License-Identifier: Apache-2.0
#include "image/nvs_image.hpp"

#include <algorithm>
#include <memory>
#include <random>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <zlib.h>

#include "image/image_support.hpp"
#include "image/nvs_format.hpp"

namespace atcert::image {
namespace {

// Values that own their bytes.
class Values {
 public:
  Values& add(const std::string& space, const std::string& key, NvsType type, Bytes bytes) {
    bytes_.push_back(std::make_shared<const Bytes>(std::move(bytes)));
    values_.push_back({space, key, type, *bytes_.back()});
    return *this;
  }
  Values& add(const std::string& space, const std::string& key, NvsType type, std::string_view text) {
    return add(space, key, type, to_bytes(as_bytes(text)));
  }
  Values& integer(const std::string& space, const std::string& key, NvsType type, std::int64_t value) {
    Bytes bytes;
    for (std::size_t i = 0; i < integer_size(type); ++i) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i));
    return add(space, key, type, std::move(bytes));
  }
  operator std::span<const NvsValue>() const { return values_; }
  const std::vector<NvsValue>& all() const { return values_; }

 private:
  std::vector<std::shared_ptr<const Bytes>> bytes_;  // shared with copies
  std::vector<NvsValue> values_;
};

Values minimal() {
  Values values;
  values.add("mqtt_cert", "mqtt_cert", NvsType::blob, test_data("ecc/certificate.pem"));
  values.add("mqtt_key", "mqtt_key", NvsType::blob, test_data("ecc/private.pem"));
  values.add("mqtt_ca", "mqtt_ca", NvsType::blob, test_data("ecc/AmazonRootCA1.pem"));
  return values;
}

// 124 integers and a blob that begins on the last entry of the page: edge-tail0.csv.
Values edge_tail() {
  Values values;
  for (int i = 0; i < 124; ++i) values.integer("e", fmt::format("k{:03}", i), NvsType::u8, i);
  values.add("e", "v", NvsType::blob, test_data("nvs/data/t100.txt"));
  values.integer("e", "after", NvsType::u32, 7);
  return values;
}

Values blob_of_a_page() {
  return Values().add("e", "v", NvsType::blob, test_data("nvs/data/t3968.txt"));
}

void check_both_styles(const Values& values, std::size_t size, const std::string& name) {
  CAPTURE(name);
  const auto old_image = generate_nvs(values, size, NvsStyle::old_style);
  REQUIRE(old_image.ok());
  CHECK(old_image->equals(test_data("nvs/old/" + name + ".bin.gz")));
  const auto new_image = generate_nvs(values, size, NvsStyle::new_style);
  REQUIRE(new_image.ok());
  CHECK(new_image->equals(test_data("nvs/new/" + name + ".bin.gz")));
}

Values random_values(std::mt19937& random) {
  constexpr NvsType types[] = {NvsType::u8, NvsType::i16, NvsType::u32, NvsType::i64, NvsType::string, NvsType::blob};
  Values values;
  const unsigned count = 1 + static_cast<unsigned>(random() % 20);
  for (unsigned i = 0; i < count; ++i) {
    const NvsType type = types[random() % std::size(types)];
    const std::size_t limit = random() % 8 == 0 ? 3967 : 200;
    Bytes bytes(integer_size(type) != 0 ? integer_size(type) : random() % limit);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(type == NvsType::string ? 1 + random() % 255 : random());
    values.add(fmt::format("space{}", random() % 3), fmt::format("key{}", i), type, std::move(bytes));
  }
  return values;
}

bool same(const NvsImage& image, const Values& values) {
  const auto found = [&](const NvsValue& value) {
    const NvsItem* item = image.find(value.space, value.key);
    return item != nullptr && item->type == value.type && item->value().equals(value.value);
  };
  return image.items.size() == values.all().size() && std::all_of(values.all().begin(), values.all().end(), found);
}

bool same(const independent::Partition& partition, const Values& values) {
  const auto found = [&](const NvsValue& value) {
    const auto type = value.type == NvsType::blob ? NvsType::blob_index : value.type;
    const auto place = partition.values.find({value.space, value.key});
    return place != partition.values.end() && place->second.type == static_cast<std::uint8_t>(type) &&
           place->second.bytes == as_text(value.value);
  };
  return partition.values.size() == values.all().size() && std::all_of(values.all().begin(), values.all().end(), found);
}

std::string contents_of(const NvsImage& image) {
  std::string contents;
  for (const auto& item : image.items) {
    contents += fmt::format("{}/{}:{}=", item.space, item.key, name_of(item.type));
    contents += item.value().reveal_text();
  }
  return contents;
}

}  // namespace

TEST_CASE("NVS images equal those of Espressif's generators, old and new") {
  check_both_styles(minimal(), 0x1C000, "minimal-ecc.1C000");
  check_both_styles(edge_tail(), 0x5000, "edge-tail0.5000");
  check_both_styles(blob_of_a_page(), 0x5000, "blob-3968.5000");
}

TEST_CASE("the images of Espressif's generators are read without faults") {
  for (const char* style : {"old", "new"}) {
    for (const char* name : {"minimal-ecc.1C000", "edge-tail0.5000", "blob-3968.5000", "types.1C000"}) {
      CAPTURE(name);
      const Bytes bytes = test_data(fmt::format("nvs/{}/{}.bin.gz", style, name));
      const NvsImage image = read_nvs(bytes);
      CHECK(image.faults.empty());
      CHECK(image.items.size() == independent::read(bytes).values.size());
    }
  }
  const Bytes bytes = test_data("nvs/old/types.1C000.bin.gz");
  const NvsImage image = read_nvs(bytes);
  CHECK(image.spaces == std::vector<std::string>{"types", "second"});
  CHECK(image.find("types", "str_quoted")->value().reveal_text() == "a,b,\"c\"");
  CHECK(image.find("types", "str_empty")->size() == 0);
  CHECK(image.find("types", "i16_min")->value().equals(Bytes{0x00, 0x80}));
  CHECK(image.find("types", "hex")->value().equals(Bytes{0xDE, 0xAD, 0xBE, 0xEF, 0x00}));
  CHECK(image.find("types", "bin_file")->value().equals(test_data("nvs/data/bytes256.bin")));
  CHECK(image.find("second", "u8_min")->value().equals(Bytes{1}));
}

TEST_CASE("a partition of 0x3000 bytes just holds a blob of 7936 bytes") {
  for (const NvsStyle style : {NvsStyle::old_style, NvsStyle::new_style}) {
    const auto fits = generate_nvs(Values().add("e", "v", NvsType::blob, Bytes(7936, 'x')), 0x3000, style);
    REQUIRE(fits.ok());
    CHECK(independent::read(fits->reveal()).values.size() == 1);
    const auto over = generate_nvs(Values().add("e", "v", NvsType::blob, Bytes(7937, 'x')), 0x3000, style);
    REQUIRE_FALSE(over.ok());
    CHECK(over.error().code == "nvs_full");
  }
}

TEST_CASE("what NVS cannot hold is refused") {
  const auto code_of = [](const Values& values, std::size_t size = 0x3000) {
    const auto image = generate_nvs(values, size, NvsStyle::old_style);
    return image ? std::string("none") : image.error().code;
  };
  CHECK(code_of(Values().add("e", "v", NvsType::string, std::string(3967, 'x'))) == "none");
  CHECK(code_of(Values().add("e", "v", NvsType::string, std::string(3968, 'x'))) == "nvs_string_too_long");
  CHECK(code_of(Values().add("e", "a-key-of-16-byte", NvsType::u8, Bytes{1})) == "nvs_name");
  CHECK(code_of(Values().add("a-name-of-16-byt", "k", NvsType::u8, Bytes{1})) == "nvs_name");
  CHECK(code_of(Values().add("e", "k", NvsType::u16, Bytes{1})) == "nvs_value_size");
  CHECK(code_of(Values().add("e", "k", NvsType::u8, Bytes{1}).add("e", "k", NvsType::u8, Bytes{2})) == "nvs_key_twice");
  CHECK(code_of(Values(), 0x2000) == "nvs_size");
  CHECK(code_of(Values(), 0x3800) == "nvs_size");
}

TEST_CASE("the parts of a blob are no values of their own") {
  for (const NvsType type : {NvsType::blob_data, NvsType::blob_index}) {
    const NvsValue value{"own", "key", type, as_bytes("12345678")};
    CHECK(generate_nvs(std::span(&value, 1), 0x3000, NvsStyle::new_style).error().code == "nvs_type");
  }
}

TEST_CASE("a blob whose index has another size than its chunks is damaged") {
  const NvsValue value{"own", "key", NvsType::blob, as_bytes("a blob of some bytes")};
  auto image = generate_nvs(std::span(&value, 1), 0x3000, NvsStyle::new_style);
  REQUIRE(image.ok());
  REQUIRE(is_clean(read_nvs(image->reveal()).faults));
  std::size_t index = 0;
  while (decode_nvs_entry(NvsPageView(image->reveal()).entry(index)).type != NvsType::blob_index) ++index;
  NvsEntry entry = decode_nvs_entry(NvsPageView(image->reveal()).entry(index));
  ++entry.value[0];
  const NvsEntryBytes changed = encode(entry);
  std::copy(changed.begin(), changed.end(),
            image->writable().begin() + static_cast<std::ptrdiff_t>(nvs_entry_offset(index)));
  const NvsImage read = read_nvs(image->reveal());
  CHECK(read.items.empty());
  CHECK_FALSE(is_readable(read.faults));
}

TEST_CASE("a namespace may be named twice, a key of it may not") {
  const NvsValue space{"own", "", NvsType::u8, {}};
  const std::uint8_t one = 1;
  const NvsValue key{"own", "key", NvsType::u8, ByteView(&one, 1)};
  const NvsValue other{"other", "key", NvsType::u8, ByteView(&one, 1)};
  const std::vector<NvsValue> good{space, key, space, other};
  CHECK(generate_nvs(good, 0x3000, NvsStyle::new_style).ok());
  const std::vector<NvsValue> twice{space, key, key};
  CHECK(generate_nvs(twice, 0x3000, NvsStyle::new_style).error().code == "nvs_key_twice");
}

TEST_CASE("a namespace that is named again gets its keys under its one index") {
  Values values;
  values.integer("a", "one", NvsType::u8, 1).integer("b", "one", NvsType::u8, 2).integer("a", "two", NvsType::u8, 3);
  const auto image = generate_nvs(values, 0x3000, NvsStyle::new_style);
  REQUIRE(image.ok());
  CHECK(same(independent::read(image->reveal()), values));
}

TEST_CASE("below 0x3000 bytes the new style writes the used pages only") {
  const Values values = Values().integer("e", "v", NvsType::u8, 1);
  const auto image = generate_nvs(values, 0x2000, NvsStyle::new_style);
  REQUIRE(image.ok());
  CHECK(image->size() == 0x1000);
  CHECK(same(read_nvs(image->reveal()), values));
}

TEST_CASE("what is written is read, by our reader and by the independent one") {
  std::mt19937 random(2);
  int written = 0;
  for (int round = 0; round < 2000; ++round) {
    const Values values = random_values(random);
    const NvsStyle style = round % 2 == 0 ? NvsStyle::old_style : NvsStyle::new_style;
    const auto image = generate_nvs(values, 0x6000, style);
    if (!image) {
      CHECK(image.error().code == "nvs_full");
      continue;
    }
    ++written;
    const NvsImage back = read_nvs(image->reveal());
    CHECK(back.faults.empty());
    CHECK(same(back, values));
    CHECK(same(independent::read(image->reveal()), values));
  }
  CHECK(written > 1500);
}

// The firmware gives out what stands before a NUL; who reads by the size would see more.
TEST_CASE("a string with a NUL inside is damaged, with or without checksums that fit") {
  Values values;
  values.add("s", "name", NvsType::string, "WROOM-32");
  auto image = generate_nvs(values, 0x3000, NvsStyle::new_style);
  REQUIRE(image.ok());
  const std::size_t at = read_nvs(image->reveal()).find("s", "name")->offset;
  const std::span<std::uint8_t> entry = image->writable().subspan(at, 64);
  entry[32 + 5] = 0;  // WROOM, NUL, 32
  // ESP-IDF Programming Guide, "Structure of entry": the CRC of the data, then that of the entry but for itself.
  const auto put = [&entry](std::size_t offset, unsigned long crc) {
    for (unsigned i = 0; i < 4; ++i) entry[offset + i] = static_cast<std::uint8_t>(crc >> 8 * i);
  };
  put(28, crc32(0xFFFFFFFF, &entry[32], 9));
  put(4, crc32(crc32(0xFFFFFFFF, &entry[0], 4), &entry[8], 24));
  const NvsImage read = read_nvs(image->reveal());
  CHECK(read.find("s", "name") == nullptr);
  REQUIRE(read.faults.size() == 1);
  CHECK(read.faults[0].level == FaultLevel::error);
  CHECK(read.faults[0].offset == at);
  CHECK(read.faults[0].what == "string 'name' does not end with its only NUL");
}

TEST_CASE("any flipped byte is reported or changes nothing") {
  Values values = minimal();
  values.integer("factory_param", "version", NvsType::u8, 4).add("factory_param", "name", NvsType::string, "WROOM-32");
  for (const NvsStyle style : {NvsStyle::old_style, NvsStyle::new_style}) {
    auto image = generate_nvs(values, 0x3000, style);
    REQUIRE(image.ok());
    const std::string contents = contents_of(read_nvs(image->reveal()));
    for (std::size_t i = 0; i < image->size(); ++i) {
      for (const unsigned flip : {1U << i % 8, 0xFFU}) {
        image->writable()[i] ^= static_cast<std::uint8_t>(flip);
        const NvsImage damaged = read_nvs(image->reveal());
        if (damaged.faults.empty() && contents_of(damaged) != contents) FAIL("unseen at " << i);
        image->writable()[i] ^= static_cast<std::uint8_t>(flip);
      }
    }
  }
}

TEST_CASE("faults are reported with their offset, and what is sound is read") {
  auto image = generate_nvs(minimal(), 0x3000, NvsStyle::new_style);
  REQUIRE(image.ok());
  const auto with_flip = [&](std::size_t offset) {
    Bytes bytes = to_bytes(image->reveal());
    bytes[offset] ^= 0x40;
    return bytes;
  };
  Bytes bytes = with_flip(64 + 5 * 32);  // in the data of the first blob, whose entry is the second one
  NvsImage damaged = read_nvs(bytes);
  REQUIRE(damaged.faults.size() == 2);
  CHECK(damaged.faults[0].offset == 64 + 32);
  CHECK(damaged.find("mqtt_key", "mqtt_key") != nullptr);
  CHECK(damaged.find("mqtt_cert", "mqtt_cert") == nullptr);
  bytes = with_flip(28);  // the CRC of the page header
  damaged = read_nvs(bytes);
  REQUIRE_FALSE(damaged.faults.empty());
  CHECK(damaged.faults[0].offset == 28);
  CHECK(damaged.items.empty());
}

}  // namespace atcert::image
