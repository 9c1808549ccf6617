// SPDX-License-Identifier: Apache-2.0
// Commands that keep one number.
#pragma once

#include <cstdint>
#include <string_view>

#include <fmt/core.h>

#include "emulator/command_port.hpp"

namespace atcert::emulator {

// The one parameter, if it is in its range.
inline Outcome set_number(const Parameters& parameters, std::int32_t low, std::int32_t high, std::int32_t& number) {
  if (parameters.count() != 1) return Outcome::error;
  const auto value = parameters.number(0);
  if (!value.ok() || value.value < low || value.value > high) return Outcome::error;
  number = value.value;
  return Outcome::ok;
}

// `number` is asked with "?", and set to one of 0 to `high` with "="; it outlives the row.
inline Command switch_row(CommandPort& port, std::string_view name, std::int32_t& number, std::int32_t high = 1) {
  return {name,
          [&port, name, &number] {
            port.print(fmt::format("{}:{}\r\n", name, number));
            return Outcome::ok;
          },
          [&number, high](const Parameters& p) { return set_number(p, 0, high, number); },
          {}};
}

}  // namespace atcert::emulator
