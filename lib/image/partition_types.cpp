// SPDX-License-Identifier: Apache-2.0
#include "image/partition_types.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/core.h>

namespace atcert::image {
namespace {

struct Subtype {
  std::uint8_t type;
  std::uint8_t value;
  std::string_view name;
};

constexpr std::uint8_t kApp = 0x00;
constexpr std::uint8_t kData = 0x01;
constexpr std::uint8_t kUndefined = 0x06;  // what ESP-IDF's tool takes for one that is left out
constexpr std::uint8_t kFirstOta = 0x10;
constexpr std::uint8_t kOtaSlots = 16;

constexpr Subtype kSubtypes[] = {
    {kApp, 0x00, "factory"},    {kApp, 0x20, "test"},      {kData, 0x00, "ota"},      {kData, 0x01, "phy"},
    {kData, 0x02, "nvs"},       {kData, 0x03, "coredump"}, {kData, 0x04, "nvs_keys"}, {kData, 0x05, "efuse"},
    {kData, 0x06, "undefined"}, {kData, 0x80, "esphttpd"}, {kData, 0x81, "fat"},      {kData, 0x82, "spiffs"},
    {kData, 0x83, "littlefs"},  {kData, 0x90, "tee_ota"},  {kApp, 0x30, "tee_0"},     {kApp, 0x31, "tee_1"},
};

// The names of the table are written in any case, as ESP-IDF's tool takes them.
bool is_word(std::string_view text, std::string_view word) {
  return std::equal(text.begin(), text.end(), word.begin(), word.end(), [](char left, char right) {
    return (left >= 'A' && left <= 'Z' ? static_cast<char>(left - 'A' + 'a') : left) == right;
  });
}

// ESP-IDF's tool takes numbers as Python does: a leading zero is no octal number, but a mistake.
bool has_leading_zero(std::string_view decimal) {
  return decimal.starts_with('0') && decimal.find_first_not_of('0') != std::string_view::npos;
}

std::optional<std::uint8_t> byte_number(std::string_view text) {
  const auto number = partition_number(text);
  if (!number || *number > 0xFF) return std::nullopt;
  return static_cast<std::uint8_t>(*number);
}

std::string subtype_name(std::uint8_t type, std::uint8_t subtype) {
  for (const Subtype& each : kSubtypes) {
    if (each.type == type && each.value == subtype) return std::string(each.name);
  }
  if (type == kApp && subtype >= kFirstOta && subtype < kFirstOta + kOtaSlots) {
    return fmt::format("ota_{}", subtype - kFirstOta);
  }
  return fmt::format("0x{:02x}", subtype);
}

}  // namespace

std::optional<std::uint8_t> partition_type(std::string_view name) {
  if (is_word(name, "app")) return kApp;
  if (is_word(name, "data")) return kData;
  return byte_number(name);
}

std::optional<std::uint8_t> partition_subtype(std::uint8_t type, std::string_view name) {
  if (name.empty() && type != kApp) return kUndefined;
  for (const Subtype& each : kSubtypes) {
    if (each.type == type && is_word(name, each.name)) return each.value;
  }
  if (type == kApp && is_word(name.substr(0, 4), "ota_")) {
    const auto slot = byte_number(name.substr(4));
    if (slot && *slot < kOtaSlots) return static_cast<std::uint8_t>(kFirstOta + *slot);
  }
  return byte_number(name);
}

std::string partition_type_name(std::uint8_t type, std::uint8_t subtype) {
  const std::string name = type == kApp ? "app" : type == kData ? "data" : fmt::format("0x{:02x}", type);
  return name + "/" + subtype_name(type, subtype);
}

std::optional<std::uint32_t> partition_number(std::string_view text) {
  std::uint64_t unit = 1;
  if (text.ends_with('K') || text.ends_with('k')) unit = 1024;
  if (text.ends_with('M') || text.ends_with('m')) unit = 1024 * 1024;
  if (unit != 1) text.remove_suffix(1);
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  if (hex) text.remove_prefix(2);
  if (!hex && has_leading_zero(text)) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (value > std::numeric_limits<std::uint32_t>::max() / unit) return std::nullopt;
  return static_cast<std::uint32_t>(value * unit);
}

}  // namespace atcert::image
