// SPDX-License-Identifier: Apache-2.0
#include "module/partition.hpp"

#include <charconv>

namespace atcert::module {
namespace {

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// A comma and a number, in decimal or with 0x in front.
std::optional<std::uint32_t> take_number(std::string_view& text) {
  if (!take(text, ",")) return std::nullopt;
  const int base = take(text, "0x") ? 16 : 10;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

std::optional<Partition> parse_partition(std::string_view line) {
  if (!take(line, "+SYSFLASH:\"")) return std::nullopt;
  const std::size_t quote = line.find('"');
  if (quote == line.npos) return std::nullopt;
  const std::string_view name = line.substr(0, quote);
  line.remove_prefix(quote + 1);
  const auto type = take_number(line);
  const auto subtype = take_number(line);
  const auto offset = take_number(line);
  const auto size = take_number(line);
  if (!type || !subtype || !offset || !size || !line.empty()) return std::nullopt;
  return Partition{std::string(name), *type, *subtype, *offset, *size};
}

}  // namespace atcert::module
