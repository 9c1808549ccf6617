// SPDX-License-Identifier: Apache-2.0
// The Errors of a session: what can go wrong between a command and its reply, in words.
#pragma once

#include <string_view>

#include "at/exchange.hpp"
#include "at/heard.hpp"
#include "base/result.hpp"

namespace atcert::at {

Error interrupted_error(std::string_view command);
// The time for the clean-up after an interrupt was over before it could be sent.
Error no_time_error(std::string_view command);
Error restarted_error(std::string_view command);
// The module was running an earlier command and dropped this one.
Error dropped_error(std::string_view command);
// The module does not come to an end with `running`, so that `next` was not sent; empty: nothing was due.
Error still_running_error(std::string_view running, std::string_view next);
// Neither this command nor AT is answered.
Error silent_error(std::string_view command, std::string_view port);
// No result came in time. `missing`: how many bytes a counted payload still lacks.
Error no_result_error(const Command& command, const Exchange& exchange, std::size_t missing);
// What the port carries is no module that speaks AT.
Error no_module_error(Carries carries, std::string_view port);

}  // namespace atcert::at
