// SPDX-License-Identifier: Apache-2.0
#include "module/line_speed.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <fmt/core.h>

namespace atcert::module {
namespace {

constexpr Milliseconds kQuick{1000};
constexpr Milliseconds kWriteLimit{5000};
// An answer at a rate that is only tried, besides what the transport needs: bytes that come while the module changes
// its rate are lost, which takes some ten milliseconds, so more than one try is needed and none may take long.
constexpr Milliseconds kTry{30};
constexpr int kTries = 16;
// A UART takes a byte at a rate that is off by less than half a bit in ten; both ends share that.
constexpr unsigned kTolerance = 40;

constexpr std::array kCommonRates{4800U,    9600U,    19'200U,  38'400U,    57'600U,    115'200U,
                                  230'400U, 460'800U, 921'600U, 1'500'000U, 2'000'000U, 3'000'000U};
constexpr std::array kSteps{921'600U, 460'800U, 230'400U, 115'200U};

bool is_near(unsigned rate, unsigned wanted) {
  const unsigned off = rate > wanted ? rate - wanted : wanted - rate;
  return off <= wanted / kTolerance;
}

unsigned common_rate(unsigned rate) {
  const auto near = [rate](unsigned common) { return is_near(rate, common); };
  const auto found = std::find_if(kCommonRates.begin(), kCommonRates.end(), near);
  return found == kCommonRates.end() ? rate : *found;
}

// From the wanted rate down to, but not, the one in force.
std::vector<unsigned> rates_between(unsigned wanted, unsigned now) {
  std::vector<unsigned> rates{wanted};
  for (const unsigned step : kSteps) {
    if (now < step && step < wanted) rates.push_back(step);
  }
  return rates;
}

at::CommandLine uart_command(const Uart& uart) {
  at::CommandLine line("AT+UART_CUR=");
  line.number(uart.rate).text(",").number(uart.data_bits).text(",").number(uart.stop_bits);
  line.text(",").number(uart.parity).text(",").number(uart.flow);
  return line;
}

Result<void> run_at(serial::Transport& line, const Uart& uart) {
  if (line.traits().flow_control) ATCERT_CHECK(line.set_flow_control(uart.flow != 0));
  ATCERT_CHECK(line.set_baud_rate(uart.rate));
  return {};
}

bool port_is_gone(const Error& error) {
  return error.code == "port_gone" || error.kind == ErrorKind::interrupted;
}

Error rate_lost(unsigned rate) {
  return {ErrorKind::no_module, "rate_lost", fmt::format("the module does not answer at {} baud again", rate),
          "it did not take the command that puts its rate back, or has restarted at another rate",
          "reset the module: AT+UART_CUR does not outlive that"};
}

}  // namespace

std::optional<Uart> parse_uart(std::string_view line) {
  constexpr std::string_view kHead = "+UART_CUR:";
  if (!line.starts_with(kHead)) return std::nullopt;
  const char* at = line.data() + kHead.size();
  const char* const end = line.data() + line.size();
  std::array<unsigned, 5> values{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0 && (at == end || *at++ != ',')) return std::nullopt;
    const auto [after, error] = std::from_chars(at, end, values[i]);
    if (error != std::errc()) return std::nullopt;
    at = after;
  }
  if (at != end || values[0] == 0) return std::nullopt;
  return Uart{common_rate(values[0]), values[1], values[2], values[3], values[4]};
}

Result<bool> LineSpeed::raise(at::Session& session, const Speed& speed) {
  const serial::Traits& line = session.transport().traits();
  flow_control_ = speed.flow_control && line.flow_control;
  if (!line.rate || (speed.rate == Speed::kKeep && !flow_control_)) return false;
  const at::Session::Uninterrupted whole(session);
  ATCERT_TRY(const auto, reply, session.execute({at::CommandLine("AT+UART_CUR?"), kQuick}));
  for (const OutsideText& each : reply.lines) now_ = parse_uart(each.raw()).value_or(now_);
  if (now_.rate == 0) return false;
  const unsigned wanted = speed.rate == Speed::kKeep ? now_.rate : speed.rate;
  if (wanted == now_.rate && !flow_control_) return false;
  for (const unsigned rate : rates_between(wanted, now_.rate)) {
    ATCERT_TRY(const bool, raised, raise_to(session, rate));
    if (raised) return true;
  }
  return false;
}

// What this end cannot do is found out before the module is asked for it.
Result<bool> LineSpeed::raise_to(at::Session& session, unsigned rate) {
  serial::Transport& line = session.transport();
  const Result<unsigned> in_force = line.set_baud_rate(rate);
  ATCERT_CHECK(line.set_baud_rate(now_.rate));
  if (!in_force || !is_near(*in_force, rate)) return false;
  Uart to = now_;
  to.rate = rate;
  if (flow_control_) to.flow = 3;
  const bool first = !before_;
  if (first) before_ = now_;
  ATCERT_TRY(const bool, changed, change(session, to));
  if (first && !changed) before_.reset();
  return changed;
}

// False: it stays as it is, because the module refuses, or because nothing comes over at that rate.
Result<bool> LineSpeed::change(at::Session& session, const Uart& to) {
  const auto reply = session.execute({uart_command(to), kQuick});
  if (!reply && port_is_gone(reply.error())) return reply.error();
  if (reply && !reply->ok) return false;
  ATCERT_CHECK(run_at(session.transport(), to));
  ATCERT_TRY(const bool, there, proven(session, 2));
  if (!there) ATCERT_CHECK(fall_back(session, to));
  if (there) now_ = to;
  return there;
}

// From `to`, at which nothing comes over, to where both ends were.
Result<void> LineSpeed::fall_back(at::Session& session, const Uart& from) {
  serial::Transport& line = session.transport();
  const Secret command = uart_command(now_).wire().clone();
  for (int round = 0; round < 2; ++round) {
    ATCERT_CHECK(run_at(line, {from.rate, from.data_bits, from.stop_bits, from.parity, 0}));
    // The line end before it ends what the module has made of the tries.
    Secret bytes(std::string_view("\r\n"));
    bytes.append(command.reveal());
    bytes.append("\r\n");
    ATCERT_CHECK(line.write(bytes.reveal(), session.clock().now() + kWriteLimit));
    ATCERT_CHECK(session.wait(session.clock().now() + kTry, [] { return false; }));
    ATCERT_CHECK(run_at(line, now_));
    ATCERT_TRY(const bool, back, proven(session, 1));
    if (back) return {};
  }
  return rate_lost(now_.rate);
}

Result<void> LineSpeed::step_down(at::Session& session) {
  if (!before_) return {};
  const at::Session::Uninterrupted whole(session);
  if (!session.synchronise()) {
    ATCERT_CHECK(run_at(session.transport(), *before_));
    ATCERT_CHECK(session.synchronise());
    now_ = *before_;  // it has restarted
    before_.reset();
    return {};
  }
  for (const unsigned rate : kSteps) {
    if (rate >= now_.rate || rate <= before_->rate) continue;
    ATCERT_TRY(const bool, changed, raise_to(session, rate));
    if (changed) return {};
  }
  return put_back(session);
}

Result<void> LineSpeed::put_back(at::Session& session) {
  if (!before_) return {};
  const at::Session::Uninterrupted whole(session);
  const Uart before = *before_;
  for (int round = 0; round < 2; ++round) {
    const auto reply = session.execute({uart_command(before), kQuick});
    if (!reply && port_is_gone(reply.error())) return reply.error();
    ATCERT_CHECK(run_at(session.transport(), before));
    ATCERT_TRY(const bool, back, proven(session, 1));
    if (back) {
      now_ = before;
      before_.reset();
      return {};
    }
    ATCERT_CHECK(run_at(session.transport(), now_));
  }
  return rate_lost(before.rate);
}

// Whether the module answers so many times in a row.
Result<bool> LineSpeed::proven(at::Session& session, int answers) {
  const Milliseconds limit = kTry + session.transport().traits().latency;
  int in_a_row = 0;
  for (int tries = 0; tries < kTries && in_a_row < answers; ++tries) {
    ATCERT_TRY(const at::Carries, carries, session.greet(limit));
    in_a_row = carries == at::Carries::at ? in_a_row + 1 : 0;
  }
  return in_a_row == answers;
}

}  // namespace atcert::module
