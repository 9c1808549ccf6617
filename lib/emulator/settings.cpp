// SPDX-License-Identifier: Apache-2.0
#include "emulator/settings.hpp"

#include <algorithm>
#include <array>

#include "image/little_endian.hpp"
#include "image/nvs_store.hpp"

namespace atcert::emulator {
namespace {

constexpr std::string_view kSpace = "nvs.net80211";
constexpr std::string_view kMode = "opmode";
constexpr std::string_view kSsid = "sta.ssid";
constexpr std::string_view kPassword = "sta.pswd";
constexpr std::size_t kSsidSize = 32;
constexpr std::size_t kPasswordSize = 65;

// The value of `key`, empty if there is none.
Secret stored_value(ByteView partition, std::string_view key) {
  const image::NvsImage contents = image::read_nvs(partition);
  const image::NvsItem* item = contents.find(kSpace, key);
  return item == nullptr ? Secret() : item->value();
}

std::string_view up_to_zero(std::string_view text) {
  return text.substr(0, text.find('\0'));
}

}  // namespace

std::int32_t Settings::wifi_mode() const {
  const Secret value = stored_value(flash_.bytes(), kMode);
  return value.size() == 1 ? value.reveal()[0] : 0;
}

void Settings::store_wifi_mode(std::int32_t mode) {
  const auto byte = static_cast<std::uint8_t>(mode);
  store(kMode, image::NvsType::u8, {&byte, 1});
}

std::optional<StationSettings> Settings::station() const {
  const Secret ssid = stored_value(flash_.bytes(), kSsid);
  const Secret password = stored_value(flash_.bytes(), kPassword);
  if (ssid.size() != 4 + kSsidSize || password.size() != kPasswordSize) return std::nullopt;
  const std::size_t size = std::min<std::size_t>(image::get_u32(ssid.reveal(), 0), kSsidSize);
  return StationSettings{std::string(as_text(ssid.reveal().subspan(4, size))),
                         Secret(up_to_zero(password.reveal_text()))};
}

void Settings::store_station(const StationSettings& station) {
  std::array<std::uint8_t, 4 + kSsidSize> ssid{};
  image::put_u32(ssid, 0, static_cast<std::uint32_t>(station.ssid.size()));
  std::copy(station.ssid.begin(), station.ssid.end(), ssid.begin() + 4);
  store(kSsid, image::NvsType::blob, ssid);
  Secret password = Secret::of_size(kPasswordSize);
  const ByteView text = station.password.reveal();
  std::copy(text.begin(), text.end(), password.writable().begin());
  store(kPassword, image::NvsType::blob, password.reveal());
}

void Settings::erase() {
  for (std::size_t offset = 0; offset < flash_.bytes().size(); offset += image::kFlashPageSize) {
    static_cast<void>(flash_.erase(offset));
  }
}

// As the Wi-Fi library, which goes on without what it could not store.
void Settings::store(std::string_view key, image::NvsType type, ByteView value) {
  auto storage = image::NvsStore::open(flash_);
  if (storage) static_cast<void>(storage->set(kSpace, key, type, value));
}

}  // namespace atcert::emulator
