// SPDX-License-Identifier: Apache-2.0
#include "image/nvs_encryption.hpp"

#include <random>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "image/image_support.hpp"
#include "image/nvs_image.hpp"
#include "image/nvs_store.hpp"

namespace atcert::image {
namespace {

NvsKeys test_keys() {
  auto keys = NvsKeys::from_partition(test_data("nvs/encrypted/keys.bin"));
  REQUIRE(keys.ok());
  return std::move(*keys);
}

Secret minimal_image(NvsStyle style) {
  const Bytes certificate = test_data("ecc/certificate.pem");
  const Bytes key = test_data("ecc/private.pem");
  const Bytes ca = test_data("ecc/AmazonRootCA1.pem");
  const NvsValue values[] = {{"mqtt_cert", "mqtt_cert", NvsType::blob, certificate},
                             {"mqtt_key", "mqtt_key", NvsType::blob, key},
                             {"mqtt_ca", "mqtt_ca", NvsType::blob, ca}};
  auto image = generate_nvs(values, 0x3000, style);
  REQUIRE(image.ok());
  return std::move(*image);
}

}  // namespace

TEST_CASE("encrypted images equal those of Espressif's generators, old and new") {
  const NvsKeys keys = test_keys();
  for (const auto& [style, folder] : {std::pair(NvsStyle::old_style, "old"), std::pair(NvsStyle::new_style, "new")}) {
    Secret image = minimal_image(style);
    REQUIRE(encrypt_nvs(image.writable(), keys).ok());
    CHECK(image.equals(test_data(fmt::format("nvs/encrypted/{}/minimal-ecc.3000.bin.gz", folder))));
  }
}

TEST_CASE("the encrypted images of Espressif's generators are read") {
  const NvsKeys keys = test_keys();
  for (const char* style : {"old", "new"}) {
    for (const char* name : {"minimal-ecc.3000", "edge-tail0.5000", "types.4000"}) {
      CAPTURE(name);
      const Bytes encrypted = test_data(fmt::format("nvs/encrypted/{}/{}.bin.gz", style, name));
      CHECK_FALSE(is_clean(read_nvs(encrypted).faults));
      Bytes image = encrypted;
      REQUIRE(decrypt_nvs(image, keys).ok());
      CHECK(read_nvs(image).faults.empty());
      CHECK_NOTHROW(independent::read(image));
      REQUIRE(encrypt_nvs(image, keys).ok());
      CHECK(image == encrypted);
    }
  }
}

TEST_CASE("an encrypted image that was updated in place is encrypted and decrypted without loss") {
  const NvsKeys keys = test_keys();
  Secret image = minimal_image(NvsStyle::new_style);
  MemoryFlash flash(image.writable());
  auto store = NvsStore::open(flash);
  REQUIRE(store.ok());
  for (const auto& blank : {Bytes(100, 0xFF), Bytes(40, 0xFF), Bytes(40, 0x00)}) {
    REQUIRE(store->set("mqtt_key", "mqtt_key", NvsType::blob, blank).ok());
  }
  const Secret plain = image.clone();
  REQUIRE(encrypt_nvs(image.writable(), keys).ok());
  CHECK_FALSE(image == plain);
  REQUIRE(decrypt_nvs(image.writable(), keys).ok());
  CHECK(image == plain);
}

TEST_CASE("a keys partition is what the generator makes of the same keys") {
  const Bytes partition = test_data("nvs/encrypted/keys.bin");
  const auto keys = NvsKeys::from_bytes(ByteView(partition).first(kNvsKeysSize));
  REQUIRE(keys.ok());
  CHECK(keys->partition().equals(partition));
}

TEST_CASE("bad keys are refused") {
  const auto code_of = [](ByteView bytes) {
    const auto keys = NvsKeys::from_partition(bytes);
    return keys ? std::string("none") : keys.error().code;
  };
  Bytes partition = test_data("nvs/encrypted/keys.bin");
  CHECK(code_of(ByteView(partition).first(68)) == "none");
  CHECK(code_of(ByteView(partition).first(67)) == "nvs_keys_size");
  CHECK(code_of(Bytes(4096, 0xFF)) == "nvs_keys_erased");
  partition[5] ^= 1;
  CHECK(code_of(partition) == "nvs_keys_crc");
  const auto twice = NvsKeys::from_bytes(Bytes(64, 7));
  REQUIRE_FALSE(twice.ok());
  CHECK(twice.error().code == "nvs_keys_equal");
}

TEST_CASE("keys are 64 bytes, no fewer and no more") {
  Bytes keys(65);
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = static_cast<std::uint8_t>(i);
  CHECK(NvsKeys::from_bytes(ByteView(keys).first(64)).ok());
  for (const std::size_t size : {std::size_t{0}, std::size_t{32}, std::size_t{63}, std::size_t{65}}) {
    CHECK(NvsKeys::from_bytes(ByteView(keys).first(size)).error().code == "nvs_keys_size");
  }
}

TEST_CASE("with the wrong keys no entry is sound") {
  Bytes other(kNvsKeysSize);
  for (std::size_t i = 0; i < other.size(); ++i) other[i] = static_cast<std::uint8_t>(i);
  const auto keys = NvsKeys::from_bytes(other);
  REQUIRE(keys.ok());
  Bytes image = test_data("nvs/encrypted/new/types.4000.bin.gz");
  REQUIRE(decrypt_nvs(image, *keys).ok());
  const NvsImage read = read_nvs(image);
  CHECK(read.items.empty());
  CHECK_FALSE(is_readable(read.faults));
}

TEST_CASE("half a page is not encrypted") {
  Bytes image(0x1800, 0xFF);
  const auto result = encrypt_nvs(image, test_keys());
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == "nvs_size");
}

TEST_CASE("a stored partition is opened with its keys, and says what is wrong with others") {
  const NvsKeys keys = test_keys();
  Bytes other(kNvsKeysSize, 1);
  other[0] = 2;
  const auto wrong = NvsKeys::from_bytes(other);
  REQUIRE(wrong.ok());
  const auto code_of = [](ByteView stored, const NvsKeys* with) {
    const auto opened = open_nvs(stored, with);
    return opened ? std::string("none") : opened.error().code;
  };
  const Secret plain = minimal_image(NvsStyle::new_style);
  Secret stored = plain.clone();
  REQUIRE(encrypt_nvs(stored.writable(), keys).ok());
  CHECK(looks_encrypted(stored.reveal()));
  CHECK_FALSE(looks_encrypted(plain.reveal()));
  CHECK(open_nvs(stored.reveal(), &keys)->equals(plain.reveal()));
  CHECK(code_of(plain.reveal(), nullptr) == "none");
  CHECK(code_of(stored.reveal(), nullptr) == "nvs_encrypted");
  CHECK(code_of(stored.reveal(), &*wrong) == "nvs_keys_wrong");
  CHECK(code_of(plain.reveal(), &keys) == "nvs_not_encrypted");
  const Bytes erased(0x3000, 0xFF);
  CHECK(code_of(erased, nullptr) == "none");
  CHECK(code_of(erased, &keys) == "none");
}

}  // namespace atcert::image
