// SPDX-License-Identifier: Apache-2.0
#include "emulator/settings.hpp"

#include <algorithm>
#include <array>

#include "image/little_endian.hpp"
#include "image/nvs_store.hpp"

namespace atcert::emulator {
namespace {

constexpr std::string_view kWifiSpace = "nvs.net80211";
constexpr std::string_view kMode = "opmode";
constexpr std::string_view kSsid = "sta.ssid";
constexpr std::string_view kPassword = "sta.pswd";
constexpr std::size_t kSsidSize = 32;
constexpr std::size_t kPasswordSize = 65;

// The settings of the UART that are one byte each, and what the driver calls their values.
struct UartField {
  std::string_view key;
  std::int32_t Uart::*value;
  std::int32_t (*to_driver)(std::int32_t);
  std::int32_t (*from_driver)(std::int32_t);
};

constexpr std::string_view kUartSpace = "UART";
constexpr std::string_view kRate = "rate";

std::int32_t same(std::int32_t value) {
  return value;
}
std::int32_t data_bits_to_driver(std::int32_t value) {
  return value - 5;
}
std::int32_t data_bits_from_driver(std::int32_t value) {
  return value + 5;
}
// UART_PARITY_EVEN is 2 and UART_PARITY_ODD 3; in AT+UART_CUR odd is 1 and even 2.
std::int32_t parity_to_driver(std::int32_t value) {
  return value == 1 ? 3 : value;
}
std::int32_t parity_from_driver(std::int32_t value) {
  return value == 3 ? 1 : value;
}

constexpr UartField kUartFields[] = {{"databits", &Uart::data_bits, data_bits_to_driver, data_bits_from_driver},
                                     {"stopbits", &Uart::stop_bits, same, same},
                                     {"parity", &Uart::parity, parity_to_driver, parity_from_driver},
                                     {"flow_ctrl", &Uart::flow_control, same, same}};

// The value of `key`, empty if there is none.
Secret stored_value(ByteView partition, std::string_view space, std::string_view key) {
  const image::NvsImage contents = image::read_nvs(partition);
  const image::NvsItem* item = contents.find(space, key);
  return item == nullptr ? Secret() : item->value();
}

std::string_view up_to_zero(std::string_view text) {
  return text.substr(0, text.find('\0'));
}

}  // namespace

std::int32_t Settings::wifi_mode() const {
  const Secret value = stored_value(flash_.bytes(), kWifiSpace, kMode);
  return value.size() == 1 ? value.reveal()[0] : 0;
}

void Settings::store_wifi_mode(std::int32_t mode) {
  const auto byte = static_cast<std::uint8_t>(mode);
  store(kWifiSpace, kMode, image::NvsType::u8, {&byte, 1});
}

std::optional<StationSettings> Settings::station() const {
  const Secret ssid = stored_value(flash_.bytes(), kWifiSpace, kSsid);
  const Secret password = stored_value(flash_.bytes(), kWifiSpace, kPassword);
  if (ssid.size() != 4 + kSsidSize || password.size() != kPasswordSize) return std::nullopt;
  const std::size_t size = std::min<std::size_t>(image::get_u32(ssid.reveal(), 0), kSsidSize);
  return StationSettings{std::string(as_text(ssid.reveal().subspan(4, size))),
                         Secret(up_to_zero(password.reveal_text()))};
}

void Settings::store_station(const StationSettings& station) {
  std::array<std::uint8_t, 4 + kSsidSize> ssid{};
  image::put_u32(ssid, 0, static_cast<std::uint32_t>(station.ssid.size()));
  std::copy(station.ssid.begin(), station.ssid.end(), ssid.begin() + 4);
  store(kWifiSpace, kSsid, image::NvsType::blob, ssid);
  Secret password = Secret::of_size(kPasswordSize);
  const ByteView text = station.password.reveal();
  std::copy(text.begin(), text.end(), password.writable().begin());
  store(kWifiSpace, kPassword, image::NvsType::blob, password.reveal());
}

std::optional<Uart> Settings::uart() const {
  const Secret rate = stored_value(flash_.bytes(), kUartSpace, kRate);
  if (rate.size() != 4) return std::nullopt;
  Uart uart;
  uart.baud_rate = static_cast<std::int32_t>(image::get_u32(rate.reveal(), 0));
  for (const UartField& field : kUartFields) {
    const Secret value = stored_value(flash_.bytes(), kUartSpace, field.key);
    if (value.size() != 1) return std::nullopt;
    uart.*field.value = field.from_driver(value.reveal()[0]);
  }
  return uart;
}

void Settings::store_uart(const Uart& uart) {
  std::array<std::uint8_t, 4> rate{};
  image::put_u32(rate, 0, static_cast<std::uint32_t>(uart.baud_rate));
  store(kUartSpace, kRate, image::NvsType::i32, rate);
  for (const UartField& field : kUartFields) {
    const auto byte = static_cast<std::uint8_t>(field.to_driver(uart.*field.value));
    store(kUartSpace, field.key, image::NvsType::i8, {&byte, 1});
  }
}

void Settings::erase() {
  for (std::size_t offset = 0; offset < flash_.bytes().size(); offset += image::kFlashPageSize) {
    static_cast<void>(flash_.erase(offset));
  }
}

// As the Wi-Fi library, which goes on without what it could not store.
void Settings::store(std::string_view space, std::string_view key, image::NvsType type, ByteView value) {
  auto storage = image::NvsStore::open(flash_);
  if (storage) static_cast<void>(storage->set(space, key, type, value));
}

}  // namespace atcert::emulator
