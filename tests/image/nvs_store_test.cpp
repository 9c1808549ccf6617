// SPDX-License-Identifier: Apache-2.0
#include "image/nvs_store.hpp"

#include <functional>
#include <map>
#include <random>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "image/image_support.hpp"

namespace atcert::image {
namespace {

// Flash that counts the bytes written and erased, and loses power when a budget is spent.
class MeteredFlash final : public Flash {
 public:
  explicit MeteredFlash(Bytes memory) : memory_(std::move(memory)) {}
  explicit MeteredFlash(std::size_t size) : memory_(size, 0xFF) {}

  ByteView bytes() const override { return memory_; }
  Result<void> write(std::size_t offset, ByteView bytes) override {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (!spend()) return power_cut();
      if ((memory_[offset + i] & bytes[i]) != bytes[i]) FAIL("a bit would have to be set at " << offset + i);
      memory_[offset + i] &= bytes[i];
    }
    return {};
  }
  Result<void> erase(std::size_t offset) override {
    for (std::size_t i = 0; i < kFlashPageSize; ++i) {
      if (!spend()) return power_cut();
      memory_[offset + i] = 0xFF;
    }
    return {};
  }

  std::size_t spent = 0;
  std::size_t budget = SIZE_MAX;

 private:
  bool spend() { return spent < budget && ++spent > 0; }
  static Error power_cut() { return {ErrorKind::internal, "power_cut", "the power was cut", {}, {}}; }

  Bytes memory_;
};

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

// Cuts the power at every `step`-th byte of `change` on a copy of `before`, starts again and checks that "key" is old
// or new, "other" untouched, and the partition without a fault.
void check_power_cuts(const Bytes& before, std::size_t step, const std::string& old_value, const std::string& new_value,
                      const std::function<Result<void>(NvsStore&)>& change) {
  MeteredFlash whole(before);
  {
    NvsStore store = open_store(whole);
    whole.spent = 0;
    REQUIRE(change(store).ok());
  }
  const std::string other = value_of(whole, "other");
  int old_seen = 0;
  int new_seen = 0;
  for (std::size_t cut = 0; cut < whole.spent; cut += step) {
    CAPTURE(cut);
    MeteredFlash flash(before);
    {
      NvsStore store = open_store(flash);
      flash.spent = 0;
      flash.budget = cut;
      REQUIRE_FALSE(change(store).ok());
    }
    const std::string torn = value_of(flash, "key");
    REQUIRE((torn == old_value || torn == new_value));
    CHECK(is_readable(read_nvs(flash.bytes()).faults));
    flash.budget = SIZE_MAX;
    NvsStore store = open_store(flash);
    const std::string repaired = value_of(flash, "key");
    REQUIRE(repaired == torn);
    REQUIRE(value_of(flash, "other") == other);
    REQUIRE(is_clean(read_nvs(flash.bytes()).faults));
    ++(repaired == old_value ? old_seen : new_seen);
    REQUIRE(change(store).ok());
    REQUIRE(value_of(flash, "key") == new_value);
  }
  CHECK(old_seen > 0);
  CHECK(new_seen > 0);
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

TEST_CASE("a power cut at any byte of an update leaves the old value or the new one") {
  MeteredFlash flash(0x3000);
  const std::string old_value(300, 'a');
  const std::string new_value(350, 'b');
  {
    NvsStore store = open_store(flash);
    REQUIRE(store.set("s", "other", NvsType::blob, text(200, 'o')).ok());
    REQUIRE(set_key(store, old_value).ok());
  }
  const Bytes before = to_bytes(flash.bytes());
  check_power_cuts(before, 1, old_value, new_value, [&](NvsStore& store) { return set_key(store, new_value); });
  check_power_cuts(before, 1, old_value, "missing", [](NvsStore& store) -> Result<void> {
    ATCERT_CHECK(store.erase("s", "key"));
    return {};
  });
}

TEST_CASE("a power cut while a page is freed loses nothing") {
  MeteredFlash flash(0x3000);
  std::string old_value;
  {
    NvsStore store = open_store(flash);
    REQUIRE(store.set("s", "other", NvsType::blob, text(1188, 'o')).ok());
    // Fill both pages: the next set has to free one.
    for (int i = 0; i < 4; ++i) {
      old_value = std::string(1500, static_cast<char>('a' + i));
      REQUIRE(set_key(store, old_value).ok());
    }
  }
  const Bytes before = to_bytes(flash.bytes());
  const std::string new_value(1600, 'z');
  check_power_cuts(before, 7, old_value, new_value, [&](NvsStore& store) { return set_key(store, new_value); });
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
