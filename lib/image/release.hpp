// SPDX-License-Identifier: Apache-2.0
// The number of an ESP-AT firmware release ("2.4.0.0") and what follows from it.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace atcert::image {

struct Release {
  std::array<std::uint16_t, 4> numbers{};

  // clang-tidy 14 takes the 0 of the comparison for a pointer.
  friend auto operator<=>(const Release&, const Release&) = default;  // NOLINT(modernize-use-nullptr)
};

// Takes the number alone, with the "v" of the source's tags, and with what tags and AT+GMR put behind it:
// "2.4.0.0", "v2.2.0.0_esp32c3", "2.4.0.0-dev", "2.4.0.0(4c6eb5e - ESP32 - May 20 2022 03:11:58)".
Result<Release> parse_release(std::string_view text);
std::string to_string(const Release& release);

// What people leave out is put in: "4.1.1" stands for "4.1.1.0". Other texts stay as they are.
std::string completed_release(std::string_view text);

// Where a release keeps credentials: `pki` = raw-data partitions, up to 3.0; `nvs` = the mfg_nvs partition, from 3.1.
enum class Generation { pki, nvs };
Generation generation_of(const Release& release);
std::string_view name_of(Generation generation);

}  // namespace atcert::image
