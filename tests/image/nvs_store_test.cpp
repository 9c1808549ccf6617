// SPDX-License-Identifier: Apache-2.0
#include "image/nvs_store.hpp"

#include <map>
#include <random>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <zlib.h>

#include "image/image_support.hpp"
#include "image/metered_flash.hpp"

namespace atcert::image {
namespace {

Bytes text(std::size_t size, char fill) {
  return Bytes(size, static_cast<std::uint8_t>(fill));
}

NvsStore open_store(Flash& flash) {
  auto store = NvsStore::open(flash);
  REQUIRE(store.ok());
  return std::move(*store);
}

std::string value_of(const Flash& flash, std::string_view key) {
  const NvsImage image = read_nvs(flash.bytes());
  const NvsItem* item = image.find("s", key);
  return item == nullptr ? "missing" : std::string(item->value().reveal_text());
}

Result<void> set_key(NvsStore& store, const std::string& value) {
  return store.set("s", "key", NvsType::blob, as_bytes(value));
}

}  // namespace

TEST_CASE("an erased partition is an empty store that takes values") {
  MeteredFlash flash(0x4000);
  NvsStore store = open_store(flash);
  CHECK(flash.spent == 0);
  REQUIRE(store.set("mqtt_key", "mqtt_key", NvsType::blob, text(1700, 'k')).ok());
  REQUIRE(store.set("factory", "name", NvsType::string, as_bytes("WROOM-32")).ok());
  REQUIRE(store.set("factory", "tx", NvsType::i8, Bytes{0xFE}).ok());
  const NvsImage image = store.contents();
  CHECK(image.faults.empty());
  CHECK(image.spaces == std::vector<std::string>{"mqtt_key", "factory"});
  CHECK(image.find("mqtt_key", "mqtt_key")->value().equals(text(1700, 'k')));
  CHECK(image.find("factory", "name")->value().reveal_text() == "WROOM-32");
  CHECK(independent::read(flash.bytes()).values.size() == 3);
}

// ESP-IDF Programming Guide, "Structure of a page": u32 state, u32 sequence number, ..., u32 CRC of bytes 4 to 27.
TEST_CASE("a store whose sequence numbers run out is refused before they begin at 0 again") {
  const auto opened_at = [](std::uint32_t sequence) {
    MeteredFlash made(0x4000);
    NvsStore store = open_store(made);
    REQUIRE(set_key(store, "value").ok());
    Bytes bytes = to_bytes(made.bytes());
    for (unsigned i = 0; i < 4; ++i) bytes[4 + i] = static_cast<std::uint8_t>(sequence >> 8 * i);
    const unsigned long crc = crc32(0xFFFFFFFF, &bytes[4], 24);
    for (unsigned i = 0; i < 4; ++i) bytes[28 + i] = static_cast<std::uint8_t>(crc >> 8 * i);
    MemoryFlash flash(bytes);
    const auto opened = NvsStore::open(flash);
    return opened ? "good" : opened.error().code;
  };
  CHECK(opened_at(0) == "good");
  CHECK(opened_at(0xEFFFFFFF) == "good");
  CHECK(opened_at(0xF0000000) == "nvs_sequence");
  CHECK(opened_at(0xFFFFFFFE) == "nvs_sequence");
  CHECK(opened_at(0xFFFFFFFF) == "nvs_sequence");
}

TEST_CASE("what has no whole pages is no NVS partition") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{100}, std::size_t{0x3001}}) {
    Bytes bytes(size, 0xFF);
    MemoryFlash flash(bytes);
    const auto store = NvsStore::open(flash);
    REQUIRE_FALSE(store.ok());
    CHECK(store.error().code == "nvs_size");
  }
}

TEST_CASE("a blob's versions count their chunks from 0 and 128 in turn, old ones are marked erased") {
  MeteredFlash flash(0x4000);
  NvsStore store = open_store(flash);
  for (int i = 0; i < 3; ++i) REQUIRE(set_key(store, std::string(100, static_cast<char>('a' + i))).ok());
  const NvsPageView page(flash.bytes());
  // Entry 0 is the namespace; each version takes a chunk of 1 + 4 entries and an index.
  const std::size_t chunks[] = {1, 7, 13};
  const unsigned numbers[] = {0, 128, 0};
  for (int i = 0; i < 3; ++i) {
    const std::size_t at = chunks[i];
    CHECK(page.entry(at)[1] == 0x42);
    CHECK(page.entry(at)[3] == numbers[i]);
    CHECK(page.entry(at + 5)[1] == 0x48);
    CHECK(page.entry(at + 5)[29] == numbers[i]);
    const NvsEntryState expected = i == 2 ? NvsEntryState::written : NvsEntryState::erased;
    for (std::size_t entry = at; entry < at + 6; ++entry) CHECK(page.entry_state(entry) == expected);
  }
}

TEST_CASE("an equal value is not written again") {
  MeteredFlash flash(0x3000);
  NvsStore store = open_store(flash);
  REQUIRE(set_key(store, "value").ok());
  const std::size_t spent = flash.spent;
  REQUIRE(set_key(store, "value").ok());
  CHECK(flash.spent == spent);
  REQUIRE(store.set("s", "key", NvsType::string, as_bytes("value")).ok());
  CHECK(flash.spent > spent);
  CHECK(store.contents().find("s", "key")->type == NvsType::string);
}

TEST_CASE("keys and whole namespaces are erased") {
  MeteredFlash flash(0x3000);
  NvsStore store = open_store(flash);
  REQUIRE(set_key(store, "value").ok());
  REQUIRE(store.set("s", "other", NvsType::u8, Bytes{1}).ok());
  REQUIRE(store.set("t", "key", NvsType::u8, Bytes{2}).ok());
  CHECK(*store.erase("s", "key"));
  CHECK_FALSE(*store.erase("s", "key"));
  CHECK_FALSE(*store.erase("unknown", "key"));
  CHECK(store.contents().items.size() == 2);
  CHECK(*store.erase_all("s"));
  CHECK(store.contents().items.size() == 1);
  CHECK(store.contents().spaces == std::vector<std::string>{"s", "t"});
}

TEST_CASE("a short rest of a page is left when a blob would begin on it") {
  MeteredFlash flash(0x4000);
  NvsStore store = open_store(flash);
  // The namespace, and a blob of 1 + 113 entries and an index: 10 entries are left, less than a tenth of a page.
  REQUIRE(store.set("s", "first", NvsType::blob, text(113 * 32, 'a')).ok());
  REQUIRE(store.set("s", "key", NvsType::blob, text(400, 'b')).ok());
  CHECK(NvsPageView(flash.bytes()).state() == NvsPageState::full);
  const NvsImage image = store.contents();
  CHECK(image.find("s", "key")->parts.size() == 1);
  CHECK(image.find("s", "key")->offset == 0x1000 + 64);
}

TEST_CASE("updates for ever: pages are freed when they are needed, and one stays free") {
  MeteredFlash flash(0x3000);
  NvsStore store = open_store(flash);
  REQUIRE(store.set("s", "other", NvsType::blob, text(1188, 'o')).ok());
  for (int i = 0; i < 200; ++i) {
    REQUIRE(set_key(store, std::string(1600, static_cast<char>('a' + i % 26))).ok());
    const NvsImage image = store.contents();
    REQUIRE(image.faults.empty());
    REQUIRE(image.items.size() == 2);
    if (i % 20 == 0) store = open_store(flash);
  }
  CHECK(independent::read(flash.bytes()).values.size() == 2);
}

TEST_CASE("a full partition refuses a value, and keeps the old one") {
  MeteredFlash flash(0x3000);
  NvsStore store = open_store(flash);
  REQUIRE(set_key(store, std::string(3000, 'a')).ok());
  const auto refused = set_key(store, std::string(7000, 'b'));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "nvs_full");
  CHECK(value_of(flash, "key") == std::string(3000, 'a'));
  CHECK(is_clean(store.contents().faults));
  CHECK_FALSE(set_key(store, std::string(9000, 'b')).ok());
  CHECK(set_key(store, "short").ok());
}

TEST_CASE("images of Espressif's generators are updated in place") {
  for (const char* name : {"nvs/old/minimal-ecc.1C000.bin.gz", "nvs/new/minimal-ecc.1C000.bin.gz"}) {
    CAPTURE(name);
    MeteredFlash flash(test_data(name));
    NvsStore store = open_store(flash);
    CHECK(flash.spent == 0);
    for (int i = 0; i < 100; ++i) {
      REQUIRE(store.set("mqtt_key", "mqtt_key", NvsType::blob, text(1704, static_cast<char>('a' + i % 26))).ok());
    }
    const NvsImage image = store.contents();
    CHECK(image.faults.empty());
    CHECK(image.find("mqtt_key", "mqtt_key")->value().equals(text(1704, 'a' + 99 % 26)));
    CHECK(image.find("mqtt_ca", "mqtt_ca")->value().equals(test_data("ecc/AmazonRootCA1.pem")));
    CHECK(independent::read(flash.bytes()).values.size() == 3);
  }
}

TEST_CASE("random sets and erasures leave what a map holds") {
  std::mt19937 random(3);
  for (int run = 0; run < 10; ++run) {
    MeteredFlash flash(0x4000);
    NvsStore store = open_store(flash);
    std::map<std::string, Bytes> model;
    for (int i = 0; i < 150; ++i) {
      const std::string key = fmt::format("k{}", random() % 8);
      if (random() % 5 == 0) {
        CHECK(*store.erase("s", key) == (model.erase(key) > 0));
      } else {
        const Bytes value = text(random() % (random() % 8 == 0 ? 5000 : 400), static_cast<char>(random() % 256));
        const auto set = store.set("s", key, NvsType::blob, value);
        if (set) model[key] = value;
        if (!set) CHECK(set.error().code == "nvs_full");
      }
      if (random() % 10 == 0) store = open_store(flash);
      const NvsImage image = store.contents();
      REQUIRE(is_clean(image.faults));
      REQUIRE(image.items.size() == model.size());
      for (const auto& [name, value] : model) REQUIRE(image.find("s", name)->value().equals(value));
    }
  }
}

TEST_CASE("a partition without a free page is refused, as the firmware refuses it") {
  MeteredFlash flash(0x3000);
  for (std::uint32_t page = 0; page < 3; ++page) {
    REQUIRE(flash.write(page * 0x1000, encode_nvs_header(NvsPageState::full, page)).ok());
  }
  const auto store = NvsStore::open(flash);
  REQUIRE_FALSE(store.ok());
  CHECK(store.error().code == "nvs_no_free_page");
}

}  // namespace atcert::image
