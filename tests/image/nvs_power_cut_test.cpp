// SPDX-License-Identifier: Apache-2.0
// In-place updates whose power is cut at any byte, of plain and of encrypted partitions.
#include <functional>
#include <optional>

#include <doctest/doctest.h>

#include "image/encrypted_flash.hpp"
#include "image/image_support.hpp"
#include "image/metered_flash.hpp"
#include "image/nvs_store.hpp"

namespace atcert::image {
namespace {

using Change = std::function<Result<void>(NvsStore&)>;

NvsKeys test_keys() {
  auto keys = NvsKeys::from_partition(test_data("nvs/encrypted/keys.bin"));
  REQUIRE(keys.ok());
  return std::move(*keys);
}

// A module's flash; with keys an encrypted one.
class Device {
 public:
  Device(Bytes stored, const NvsKeys* keys) : stored_(std::move(stored)), keys_(keys) { power_on(); }

  // All that is in memory is lost, and there is power again.
  void power_on(std::size_t budget = SIZE_MAX) {
    if (keys_ != nullptr) encrypted_.emplace(stored_, *keys_);
    stored_.spent = 0;
    stored_.budget = budget;
  }

  Flash& flash() { return keys_ != nullptr ? static_cast<Flash&>(*encrypted_) : stored_; }
  Bytes stored() const { return to_bytes(stored_.bytes()); }
  std::size_t spent() const { return stored_.spent; }

  // What a reader finds in what is stored.
  Bytes plain() const {
    Bytes bytes = stored();
    if (keys_ != nullptr) REQUIRE(decrypt_nvs(bytes, *keys_).ok());
    return bytes;
  }

 private:
  MeteredFlash stored_;
  const NvsKeys* keys_;
  std::optional<EncryptedFlash> encrypted_;
};

NvsStore open_store(Device& device) {
  auto store = NvsStore::open(device.flash());
  REQUIRE(store.ok());
  return std::move(*store);
}

std::string value_of(const Device& device, std::string_view key) {
  const Bytes plain = device.plain();
  const NvsImage image = read_nvs(plain);
  const NvsItem* item = image.find("s", key);
  return item == nullptr ? "missing" : std::string(item->value().reveal_text());
}

Result<void> set_key(NvsStore& store, const std::string& value) {
  return store.set("s", "key", NvsType::blob, as_bytes(value));
}

Change setting(const std::string& value) {
  return [value](NvsStore& store) { return set_key(store, value); };
}

Result<void> erase_key(NvsStore& store) {
  ATCERT_CHECK(store.erase("s", "key"));
  return {};
}

// An update of "key" and what it may leave.
struct Update {
  Bytes before;
  const NvsKeys* keys = nullptr;
  std::string old_value;
  std::string new_value;
  Change change;
};

std::size_t bytes_spent(const Update& update) {
  Device device(update.before, update.keys);
  NvsStore store = open_store(device);
  REQUIRE(device.spent() == 0);
  REQUIRE(update.change(store).ok());
  return device.spent();
}

// Cuts the power after `cut` bytes, starts again and checks that "key" is old or new, "other" untouched, the partition
// without a fault, and that the update then succeeds. Returns the value that was found.
std::string cut_at(const Update& update, std::size_t cut, const std::string& other) {
  Device device(update.before, update.keys);
  device.power_on(cut);
  {
    NvsStore store = open_store(device);
    REQUIRE_FALSE(update.change(store).ok());
  }
  device.power_on();
  const std::string torn = value_of(device, "key");
  REQUIRE((torn == update.old_value || torn == update.new_value));
  CHECK(is_readable(read_nvs(device.plain()).faults));
  NvsStore store = open_store(device);
  REQUIRE(value_of(device, "key") == torn);
  REQUIRE(value_of(device, "other") == other);
  REQUIRE(is_clean(read_nvs(device.plain()).faults));
  REQUIRE(update.change(store).ok());
  REQUIRE(value_of(device, "key") == update.new_value);
  return torn;
}

void check_power_cuts(const Update& update, std::size_t step) {
  const std::string other = value_of(Device(update.before, update.keys), "other");
  REQUIRE(other != "missing");
  int old_seen = 0;
  int new_seen = 0;
  const std::size_t spent = bytes_spent(update);
  for (std::size_t cut = 0; cut < spent; cut += step) {
    CAPTURE(cut);
    ++(cut_at(update, cut, other) == update.old_value ? old_seen : new_seen);
  }
  CHECK(old_seen > 0);
  CHECK(new_seen > 0);
}

// A partition with "other" and, one after the other, the values of "key".
Bytes partition_with(const NvsKeys* keys, std::size_t other_size, const std::vector<std::string>& values) {
  Device device(Bytes(0x3000, 0xFF), keys);
  NvsStore store = open_store(device);
  REQUIRE(store.set("s", "other", NvsType::blob, Bytes(other_size, 'o')).ok());
  for (const std::string& value : values) REQUIRE(set_key(store, value).ok());
  return device.stored();
}

}  // namespace

TEST_CASE("a power cut at any byte of an update leaves the old value or the new one") {
  const NvsKeys encryption = test_keys();
  for (const NvsKeys* keys : {static_cast<const NvsKeys*>(nullptr), &encryption}) {
    CAPTURE(keys);
    const std::string old_value(300, 'a');
    const std::string new_value(350, 'b');
    const Bytes before = partition_with(keys, 200, {old_value});
    check_power_cuts({before, keys, old_value, new_value, setting(new_value)}, 1);
    check_power_cuts({before, keys, old_value, "missing", erase_key}, 1);
  }
}

TEST_CASE("a power cut while a page is freed loses nothing") {
  const NvsKeys encryption = test_keys();
  for (const NvsKeys* keys : {static_cast<const NvsKeys*>(nullptr), &encryption}) {
    CAPTURE(keys);
    // Both pages are full: the next value needs one to be freed.
    const std::vector<std::string> values{std::string(1500, 'a'), std::string(1500, 'b'), std::string(1500, 'c'),
                                          std::string(1500, 'd')};
    const std::string new_value(1600, 'z');
    check_power_cuts({partition_with(keys, 1188, values), keys, values.back(), new_value, setting(new_value)}, 7);
  }
}

TEST_CASE("what the firmware writes to encrypted flash, encrypt_nvs makes of the plain partition") {
  const NvsKeys keys = test_keys();
  const std::vector<std::string> values{"one", "two", std::string(900, 'x')};
  Bytes plain = partition_with(nullptr, 100, values);
  REQUIRE(encrypt_nvs(plain, keys).ok());
  CHECK(plain == partition_with(&keys, 100, values));
}

}  // namespace atcert::image
