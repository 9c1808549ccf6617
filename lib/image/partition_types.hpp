// SPDX-License-Identifier: Apache-2.0
// Names of partition types and subtypes (ESP-IDF Programming Guide, "Partition Tables", v5.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atcert::image {

std::optional<std::uint8_t> partition_type(std::string_view name);
std::optional<std::uint8_t> partition_subtype(std::uint8_t type, std::string_view name);
// Names, or numbers where there is no name.
std::string partition_type_name(std::uint8_t type, std::uint8_t subtype);

// "0x1000", "4096", "4K", "1M", as ESP-IDF's CSV has numbers.
std::optional<std::uint32_t> partition_number(std::string_view text);

}  // namespace atcert::image
