// SPDX-License-Identifier: Apache-2.0
// The module's clock as AT+CIPSNTPTIME? prints it: asctime form, "Wed Jan 19 20:13:10 2022", the day padded with a
// blank or a zero; or as AT+SYSTIMESTAMP? does: the seconds since 1970 ("Basic AT Commands").
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace atcert::script {

// The time that `text` names, read as UTC; nothing when it is no such time.
std::optional<WallTime> parse_module_time(std::string_view text);

// "2022-01-19 20:13:10 UTC".
std::string format_time(WallTime time);

}  // namespace atcert::script
