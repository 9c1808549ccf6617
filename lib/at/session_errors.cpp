// SPDX-License-Identifier: Apache-2.0
#include "at/session_errors.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/plural.hpp"

namespace atcert::at {
namespace {

Error module_error(std::string code, std::string what, std::string cause, std::string remedy) {
  return {ErrorKind::module, std::move(code), std::move(what), std::move(cause), std::move(remedy)};
}

struct NoModule {
  Carries carries;
  std::string_view code;
  std::string_view cause;
  std::string_view remedy;
};

constexpr std::array<NoModule, 8> kNoModule{{
    {Carries::nothing, "no_answer", "no byte came back: no power, wrong pins, TX and RX swapped, or another baud rate",
     "check supply, ground, wiring and port, try other rates with --baud"},
    {Carries::noise, "baud_wrong", "what comes back is no text: another baud rate, or a disturbed line",
     "try other rates with --baud, check ground and cable"},
    {Carries::echo, "echo_only",
     "what is sent comes back, and no answer to it: TX is tied to RX, or the module takes no line for whole (it wants "
     "another line end, or waits for CTS)",
     "check the wiring: TX of the adapter goes to RX of the module, RX to TX, the module's CTS to ground"},
    {Carries::boot_log, "log_port",
     "the port carries the boot messages of a module: it is the log port, not the AT port",
     "connect to the pins of the AT port (on an ESP32-WROOM-32: TX 17, RX 16)"},
    {Carries::firmware_log, "log_port",
     "the port carries the log of a module's firmware: it is the log port, not the AT port",
     "connect to the pins of the AT port (on an ESP32-WROOM-32: TX 17, RX 16)"},
    {Carries::download_mode, "download_mode", "the module waits for a download: its boot pin was low when it started",
     "let go of the boot pin (GPIO0 or GPIO9), and reset the module"},
    {Carries::refusals, "line_filter",
     "it answers ERROR, and OK to nothing: AT+SYSMSGFILTER leaves lines out, or the line loses bytes",
     "reset the module, which ends the filter; check ground and cable"},
    {Carries::text, "not_at", "something answers, but it does not speak AT: another device, or another program's port",
     "check the port, reset the module"},
}};

const NoModule& no_module_row(Carries carries) {
  return *std::find_if(kNoModule.begin(), kNoModule.end() - 1,
                       [&](const NoModule& row) { return row.carries == carries; });
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

Error still_running_error(std::string_view running, std::string_view next) {
  const std::string unsent = next.empty() ? "" : fmt::format("; {} was not sent", next);
  return module_error("busy", fmt::format("the module still runs {}{}", running, unsent),
                      "an earlier command does not end", "reset the module before it is used");
}

Error silent_error(std::string_view command, std::string_view port) {
  return {ErrorKind::no_module, "no_answer",
          fmt::format("the module on {} has fallen silent at {}: it does not answer AT", port, command),
          "it is off, hangs, or the line to it is interrupted",
          "check supply and wiring, reset the module, and run the command again"};
}

Error no_result_error(const Command& command, const Exchange& exchange, std::size_t missing) {
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
  return module_error("no_result", fmt::format("no result of {} in {} ms{}", shown, limit, last),
                      "the module is there, but does not come to an end with the command",
                      "reset the module and run the command again");
}

Error no_module_error(Carries carries, std::string_view port) {
  Error error{ErrorKind::no_module, "no_answer", fmt::format("nothing that speaks AT answers on {}", port), {}, {}};
  const NoModule& row = no_module_row(carries);
  error.code = row.code;
  error.cause = row.cause;
  error.remedy = row.remedy;
  return error;
}

}  // namespace atcert::at
