// SPDX-License-Identifier: Apache-2.0
#include "serial/rfc2217_port.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>
#include <openssl/crypto.h>

#include "serial/port_errors.hpp"

namespace atcert::serial {
namespace {

using com_port::Answer;
using com_port::Subject;

// The server asks its own serial port, which may be behind USB.
constexpr Milliseconds kAnswerLimit{3'000};
// A server whose port has no control lines says nothing (ser2net 4 of a pseudo-terminal).
constexpr Milliseconds kLineLimit{300};
constexpr Milliseconds kWriteLimit{3'000};
constexpr std::uint64_t kBitsPerByte = 10;  // start, eight, stop

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

bool never() {
  return false;
}

}  // namespace

Result<std::unique_ptr<Rfc2217Port>> Rfc2217Port::open(const std::string& name, const NetworkName& server,
                                                       const Settings& settings, Until until) {
  ATCERT_TRY(TcpStream, stream, TcpStream::connect(name, server, until));
  std::unique_ptr<Rfc2217Port> port(new Rfc2217Port(std::move(stream)));
  ATCERT_CHECK(port->set_up(settings, until));
  return port;
}

Rfc2217Port::Rfc2217Port(TcpStream stream) : stream_(std::move(stream)), traits_(traits_over(stream_)) {}

Result<void> Rfc2217Port::set_up(const Settings& settings, Until until) {
  ATCERT_CHECK(agree(until));
  // We want nothing told unasked; a server need not heed it, and ser2net 4 answers it in another form.
  ATCERT_CHECK(send({{Subject::line_state_mask, 0}, {Subject::modem_state_mask, 0}}));
  ATCERT_TRY(const bool, agreed,
             ask({{Subject::data_size, 8},
                  {Subject::parity, com_port::kNoParity},
                  {Subject::stop_size, com_port::kOneStopBit}},
                 kAnswerLimit));
  if (!agreed) return unanswered("all of its settings");
  ATCERT_CHECK(set_flow_control(settings.flow_control));
  ATCERT_CHECK(set_control_lines(false, false));
  ATCERT_CHECK(set_baud_rate(settings.baud));
  return discard_input();  // what came before we set the rate is garbage
}

Result<void> Rfc2217Port::agree(Until until) {
  ATCERT_CHECK(stream_.write(options_.ask(), until.deadline));
  const auto answered = [this] { return options_.ours(telnet::kComPort) || options_.refused(telnet::kComPort); };
  ATCERT_TRY(const bool, in_time, wait(answered, until));
  if (options_.ours(telnet::kComPort)) return {};
  if (!in_time && until.wake != nullptr && until.wake->raised()) return interrupted_error(name());
  return Error{ErrorKind::no_module, "not_rfc2217",
               fmt::format("{} {} RFC 2217", name(), in_time ? "refuses" : "does not answer as a server of"),
               "another kind of server is there, or one that does not have its serial port controlled from afar",
               "switch RFC 2217 on at the server, or use socket:// if it carries bytes alone"};
}

Result<std::size_t> Rfc2217Port::read(std::span<std::uint8_t> into, Until until) {
  if (held_at_ < held_.size()) {
    const ByteView left = held_.reveal().subspan(held_at_);
    const std::size_t count = std::min(into.size(), left.size());
    std::copy_n(left.begin(), count, into.begin());
    held_at_ += count;
    return count;
  }
  for (;;) {
    ATCERT_TRY(const std::size_t, count, stream_.read(into, until));
    if (count == 0) return count;
    const std::size_t data = decoder_.decode(into.first(count));
    ATCERT_CHECK(obey());
    if (data > 0) return data;
  }
}

Result<bool> Rfc2217Port::wait(const std::function<bool()>& done, Until until) {
  if (held_at_ == held_.size()) held_ = Secret(), held_at_ = 0;
  while (!done()) {
    std::array<std::uint8_t, 1024> buffer;
    ATCERT_TRY(const std::size_t, count, stream_.read(buffer, until));
    if (count == 0) return done();
    held_.append(ByteView(buffer).first(decoder_.decode(std::span(buffer).first(count))));
    OPENSSL_cleanse(buffer.data(), count);
    ATCERT_CHECK(obey());
  }
  return true;
}

Result<void> Rfc2217Port::obey() {
  while (const auto command = decoder_.next()) {
    if (const auto* heard = std::get_if<telnet::Negotiation>(&*command)) ATCERT_CHECK(obey(*heard));
    if (const auto* sub = std::get_if<telnet::Subnegotiation>(&*command)) {
      if (const auto answer = com_port::parse_answer(*sub)) obey(*answer);
    }
  }
  return {};
}

Result<void> Rfc2217Port::obey(const telnet::Negotiation& heard) {
  const auto answer = options_.answer(heard);
  return answer ? stream_.write(telnet::encode(*answer), now() + kWriteLimit) : Result<void>();
}

void Rfc2217Port::obey(const Answer& answer) {
  if (answer.subject == Subject::suspend || answer.subject == Subject::resume) {
    suspended_ = answer.subject == Subject::suspend;
  } else {
    in_force_[answer.subject] = answer.value;
  }
}

Result<void> Rfc2217Port::send(const std::vector<Answer>& requests) {
  Bytes bytes;
  for (const auto& [subject, value] : requests) {
    in_force_.erase(subject);
    const Bytes each = com_port::request(subject, value);
    bytes.insert(bytes.end(), each.begin(), each.end());
  }
  return stream_.write(bytes, now() + kWriteLimit);
}

Result<bool> Rfc2217Port::ask(const std::vector<Answer>& requests, Milliseconds limit) {
  ATCERT_CHECK(send(requests));
  const auto answered = [&] {
    return std::all_of(requests.begin(), requests.end(),
                       [&](const Answer& each) { return in_force_.contains(each.subject); });
  };
  return wait(answered, now() + limit);
}

Result<std::uint32_t> Rfc2217Port::set(Subject subject, std::uint32_t value) {
  ATCERT_TRY(const bool, answered, ask({{subject, value}}, kAnswerLimit));
  return answered ? Result<std::uint32_t>(in_force_[subject]) : unanswered(name_of(subject));
}

// The escape goes out behind the piece that ends with the byte to be escaped, so that nothing is copied.
Result<void> Rfc2217Port::write(ByteView bytes, SteadyTime deadline) {
  ATCERT_TRY(const bool, allowed, wait([this] { return !suspended_; }, deadline));
  if (!allowed) {
    return write_timeout(name(), bytes.size(), "the server has asked to send nothing: its serial port is held",
                         "see why the server's serial port takes nothing");
  }
  const auto time = std::chrono::microseconds(1'000'000 * kBitsPerByte * bytes.size() / std::max(baud_, 1U));
  while (!bytes.empty()) {
    const auto escape = std::find(bytes.begin(), bytes.end(), telnet::kEscape);
    const bool found = escape != bytes.end();
    const ByteView piece = bytes.first(static_cast<std::size_t>(escape - bytes.begin()) + (found ? 1 : 0));
    ATCERT_CHECK(stream_.write(piece, deadline));
    if (found) ATCERT_CHECK(stream_.write(ByteView(&telnet::kEscape, 1), deadline));
    bytes = bytes.subspan(piece.size());
  }
  line_free_ = std::max(line_free_, now()) + time;
  ATCERT_CHECK(wait(never, std::min(line_free_, deadline)));
  return {};
}

Result<void> Rfc2217Port::discard_input() {
  ATCERT_CHECK(set(Subject::purge, com_port::kPurgeReceived));
  held_ = Secret();
  held_at_ = 0;
  return {};
}

Result<unsigned> Rfc2217Port::set_baud_rate(unsigned baud) {
  // What was written is under way for as long as the connection takes.
  ATCERT_CHECK(wait(never, line_free_ + traits_.latency));
  ATCERT_TRY(const std::uint32_t, in_force, set(Subject::baud_rate, baud));
  if (in_force == 0) return baud_rate_error(name(), baud, "its server refuses it");
  baud_ = in_force;
  return baud_;
}

Result<void> Rfc2217Port::set_flow_control(bool hardware) {
  const std::uint32_t wanted = hardware ? com_port::kHardwareFlowControl : com_port::kNoFlowControl;
  ATCERT_TRY(const std::uint32_t, in_force, set(Subject::flow_control, wanted));
  traits_.flow_control = !hardware || in_force == wanted;
  if (traits_.flow_control) return {};
  return Error{ErrorKind::no_module, "line_fixed", fmt::format("{} cannot do flow control", name()),
               "its server refuses RTS and CTS", "do without flow control"};
}

// RTS alone asserted resets a module on boards with an auto-reset circuit: it goes last on the way in and first on the
// way out.
Result<void> Rfc2217Port::set_control_lines(bool dtr, bool rts) {
  const Answer line_dtr{Subject::dtr, dtr ? com_port::kDtrOn : com_port::kDtrOff};
  const Answer line_rts{Subject::rts, rts ? com_port::kRtsOn : com_port::kRtsOff};
  ATCERT_TRY(
      const bool, answered,
      ask(rts ? std::vector{line_dtr, line_rts} : std::vector{line_rts, line_dtr}, kLineLimit + traits_.latency));
  traits_.control_lines =
      answered && in_force_[Subject::dtr] == line_dtr.value && in_force_[Subject::rts] == line_rts.value;
  return {};
}

Error Rfc2217Port::unanswered(std::string_view command) const {
  return {ErrorKind::no_module, "rfc2217_silent", fmt::format("{} does not answer {}", name(), command),
          "the server or its serial port is stuck, or knows a part of RFC 2217 alone",
          "see what the server says, or use socket:// with a port that the server sets itself"};
}

}  // namespace atcert::serial
