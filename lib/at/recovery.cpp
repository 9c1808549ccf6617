// SPDX-License-Identifier: Apache-2.0
// Session::synchronise(): from an unknown state to the command prompt. A module may be in the middle of a command, in
// passthrough mode (left by +++ between two silences of a second, "AT+CIPMODE"), or in a data phase that was broken
// off, which has no time limit in the firmware and swallows everything until its count is full.
#include <string>

#include <fmt/core.h>

#include "at/line_kind.hpp"
#include "at/session.hpp"

namespace atcert::at {
namespace {

constexpr Milliseconds kAnswer{1000};
constexpr Milliseconds kGuardTime{1100};
constexpr Milliseconds kChatter{3000};
constexpr Milliseconds kWriteLimit{5000};
constexpr int kAttempts = 2;  // the first may only end a line that was left unfinished

// The largest data phase that atcert begins is below 8 KiB. Line ends are filler that cannot become a command.
constexpr std::size_t kFillerLimit = 8192;
constexpr std::size_t kFillerPiece = 256;
constexpr Milliseconds kFillerPause{30};
constexpr Milliseconds kAfterFiller{200};

// What came back while nothing answered as it should.
struct Heard {
  bool anything = false;
  bool result = false;
  bool log_text = false;

  void take(const Event& event) {
    anything = true;
    const auto* line = std::get_if<Line>(&event);
    if (line == nullptr) return;
    const std::string_view text = line->text.raw();
    const LineKind kind = kind_of(text);
    result = result || kind == LineKind::ok || kind == LineKind::error || kind == LineKind::published ||
             kind == LineKind::publish_failed;
    // ROM and bootloader text, as every ESP32 and ESP8266 prints it.
    log_text =
        log_text || text.starts_with("rst:0x") || text.starts_with("load:0x") || text.find(" boot: ") != text.npos;
  }
};

Error silent_error(const Heard& heard, const std::string& port) {
  Error error{ErrorKind::no_module, "no_answer", fmt::format("nothing that speaks AT answers on {}", port), {}, {}};
  if (heard.log_text) {
    error.code = "log_port";
    error.cause = "the port carries the boot messages of a module: it is the log port, not the AT port";
    error.remedy = "connect to the pins of the AT port (on an ESP32-WROOM-32: TX 17, RX 16)";
  } else if (heard.anything) {
    error.cause = "something comes back, but no result: another baud rate, another device, or TX tied to RX";
    error.remedy = "try other rates with --baud, check the wiring, reset the module";
  } else {
    error.cause = "no byte came back: no power, wrong pins, TX and RX swapped, or another baud rate";
    error.remedy = "check supply, ground, wiring and port, try other rates with --baud";
  }
  return error;
}

}  // namespace

Result<void> Session::synchronise() {
  Heard heard;
  const auto listening = listen([&](const Event& event) { heard.take(event); });
  for (const auto attempt : {&Session::answers, &Session::answers_after_escape, &Session::answers_after_filler}) {
    ATCERT_TRY(const bool, answered, (this->*attempt)());
    if (answered) return {};
  }
  return silent_error(heard, transport_->name());
}

Result<bool> Session::answers() {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto reply = execute({CommandLine("AT"), kAnswer});
    if (reply && reply->ok) return true;
    if (reply || reply.error().kind == ErrorKind::module || reply.error().code == "no_answer") continue;
    return reply.error();
  }
  return false;
}

Result<bool> Session::answers_after_escape() {
  ATCERT_CHECK(quiet(kGuardTime, kChatter));
  log(DialogueEntry::Direction::sent, "+++");
  ATCERT_CHECK(transport_->write(as_bytes("+++"), clock_->now() + kWriteLimit));
  ATCERT_CHECK(quiet(kGuardTime, kChatter));
  return answers();
}

Result<bool> Session::answers_after_filler() {
  std::string filler;
  while (filler.size() < kFillerPiece) filler += "\r\n";
  Heard heard;
  const auto listening = listen([&](const Event& event) { heard.take(event); });
  for (std::size_t sent = 0; sent < kFillerLimit && !heard.result; sent += filler.size()) {
    log(DialogueEntry::Direction::sent, fmt::format("<{} bytes of filler>", filler.size()));
    ATCERT_CHECK(transport_->write(as_bytes(filler), clock_->now() + kWriteLimit));
    ATCERT_CHECK(wait(clock_->now() + kFillerPause, [&] { return heard.result; }));
  }
  ATCERT_CHECK(quiet(kAfterFiller, kChatter));
  return answers();
}

}  // namespace atcert::at
