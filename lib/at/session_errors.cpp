// SPDX-License-Identifier: Apache-2.0
#include "at/session_errors.hpp"

#include <fmt/core.h>

#include "base/plural.hpp"

namespace atcert::at {
namespace {

Error module_error(std::string code, std::string what, std::string cause, std::string remedy) {
  return {ErrorKind::module, std::move(code), std::move(what), std::move(cause), std::move(remedy)};
}

}  // namespace

Error interrupted_error(std::string_view command) {
  return {ErrorKind::interrupted, "interrupted",
          command.empty() ? "interrupted" : fmt::format("interrupted at {}", command), "", "run the command again"};
}

Error no_time_error(std::string_view command) {
  return module_error("no_time", fmt::format("there was no time left for {}", command),
                      "the module did not end an earlier command in time", "reset the module before it is used");
}

Error restarted_error(std::string_view command) {
  return module_error(
      "restarted", fmt::format("the module restarted while it ran {}", command),
      "its supply broke down when the radio started, its firmware crashed, or DTR or RTS resets it",
      "use a supply of 500 mA or more and a short cable; if it happens every time, update the firmware");
}

Error dropped_error(std::string_view command) {
  return module_error("busy", fmt::format("the module answered busy p... and did not run {}", command),
                      "an earlier command was still running", "run the command again");
}

Error no_result_error(const Command& command, const Exchange& exchange, std::size_t missing, std::string_view port) {
  const std::string& shown = command.line.shown();
  const auto limit = command.timeout.count();
  if (missing > 0) {
    return module_error("short_reply",
                        fmt::format("the reply to {} stopped {} before its end", shown, counted(missing, "byte")),
                        "bytes were lost on the line", "lower the baud rate, shorten the cable");
  }
  if (exchange.busy()) {
    return module_error("busy", fmt::format("the module answers busy p... to {} and nothing else", shown),
                        "an earlier command does not end", "reset the module");
  }
  if (!exchange.heard()) {
    return {ErrorKind::no_module, "no_answer",
            fmt::format("{} ms after {} nothing has come back on {}", limit, shown, port),
            "the module is off, hangs, or is not at this port", "check supply, wiring, port and baud rate"};
  }
  if (exchange.data_taken() && command.ending == Command::Ending::result) {
    return module_error("data_stuck",
                        fmt::format("{} ms after the {} of {} the module gives no result", limit,
                                    counted(command.data->size(), "byte"), shown),
                        "bytes were lost on the line, and the module waits for the rest",
                        "lower the baud rate, shorten the cable, then run the command again");
  }
  if (exchange.accepted() && !exchange.data_taken()) {
    return module_error("no_prompt", fmt::format("the module accepted {}, but did not ask for its data", shown), "",
                        "reset the module and run the command again");
  }
  const Reply& reply = exchange.unfinished();
  const std::string last = reply.lines.empty() ? "" : "; the last line was: " + reply.lines.back().shown();
  return module_error("no_result", fmt::format("no result of {} in {} ms{}", shown, limit, last), "",
                      "reset the module and run the command again");
}

}  // namespace atcert::at
