// SPDX-License-Identifier: Apache-2.0
#include "emulator/command_port.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace atcert::emulator {
namespace {

constexpr std::string_view kTerminator = "\r\n";
constexpr std::string_view kForceRestart = "AT+RST\r\n";
constexpr std::size_t kLostData = 10;
constexpr Milliseconds kPromptDelay{100};

bool holds(ByteView bytes, std::string_view text) {
  return as_text(bytes).find(text) != std::string_view::npos;
}

}  // namespace

void CommandPort::receive(ByteView chunk) {
  while (!chunk.empty()) {
    switch (state_) {
      case State::idle:
        chunk = take_line(chunk);
        break;
      case State::data:
        chunk = take_data(chunk);
        break;
      case State::running:
        refuse(chunk);
        chunk = {};
        break;
    }
  }
  run_next();
}

// Takes bytes up to the end of the first line, or all. A NUL drops what stands before it.
ByteView CommandPort::take_line(ByteView chunk) {
  const std::size_t before = line_.size();
  line_.append(chunk);
  const std::string_view all = line_.reveal_text();
  const std::size_t terminator = all.find(kTerminator);
  const std::size_t zero = all.substr(0, terminator).find('\0');
  if (zero != std::string_view::npos) {
    echo(chunk.first(zero - before));
    line_.shrink(0);
    return chunk.subspan(zero + 1 - before);
  }
  if (terminator == std::string_view::npos) {
    echo(chunk);
    take_unfinished_line();
    return {};
  }
  const std::size_t end = terminator + kTerminator.size();
  echo(chunk.first(end - before));
  line_.shrink(end);
  take_whole_line(std::exchange(line_, {}).reveal());
  return chunk.subspan(end - before);
}

void CommandPort::take_whole_line(ByteView line) {
  CommandLine command = parse_command_line(line, [this](std::uint32_t code) { print_error(code); });
  if (command.error != 0) {
    print_error(command.error);
    print_result(Outcome::error);
    return;
  }
  next_.push_back(std::move(command));
  state_ = State::running;
}

// Too many bytes without an end vanish; only the first half of a terminator stays.
void CommandPort::take_unfinished_line() {
  if (line_.size() < kMaxLineSize) return;
  const bool half = line_.reveal_text().back() == kTerminator.front();
  line_ = half ? Secret(kTerminator.substr(0, 1)) : Secret();
}

ByteView CommandPort::take_data(ByteView chunk) {
  const std::size_t lost = std::min(data_to_lose_, chunk.size());
  data_to_lose_ -= lost;
  chunk = chunk.subspan(lost);
  const std::size_t count = std::min(chunk.size(), data_size_ - data_.size());
  data_.append(chunk.first(count));
  if (data_.size() < data_size_ || settings_.hang_in_data) return {};
  state_ = State::running;
  const ByteView surplus = chunk.subspan(count);
  if (surplus_ == Surplus::parsed) {
    queued_.append(surplus);
  } else if (!surplus.empty()) {
    refuse(surplus);
  }
  finish(std::exchange(data_handler_, {})(std::exchange(data_, {})));
  return {};
}

// One "busy p..." a chunk. The receiving task knows AT+RST and acts on it whatever runs.
void CommandPort::refuse(ByteView chunk) {
  if (holds(chunk, kForceRestart)) {
    print("\r\nWill force to restart!!!\r\n");
    force_restart_();
    return;
  }
  print_error(kErrorBusy);
  print("\r\nbusy p...\r\n");
  if (settings_.queue_busy_lines) queued_.append(chunk);
}

void CommandPort::run_next() {
  while (!next_.empty()) {
    const CommandLine command = std::move(next_.back());
    next_.pop_back();
    const bool busy = settings_.busy_every > 0 && ++command_count_ % settings_.busy_every == 0;
    if (busy) refuse({});
    finish(busy && settings_.drop_busy_command ? Outcome::done : run_(command));
  }
}

void CommandPort::finish(Outcome outcome) {
  if (outcome == Outcome::running) return;
  if (settings_.delay > Milliseconds(0)) {
    settings_.later(settings_.delay, [this, outcome] { end_command(outcome); });
  } else {
    end_command(outcome);
  }
}

void CommandPort::end_command(Outcome outcome) {
  print_result(outcome);
  state_ = State::idle;
  if (queued_.empty()) return;
  const Secret queued = std::exchange(queued_, {});
  receive(queued.reveal());
}

Outcome CommandPort::collect(std::size_t size, Prompt prompt, Surplus surplus, DataHandler handler) {
  print_prompt(prompt);
  data_to_lose_ = ++data_phase_count_ == settings_.lossy_data_phase ? kLostData : 0;
  data_size_ = size;
  surplus_ = surplus;
  data_handler_ = std::move(handler);
  state_ = State::data;
  return Outcome::running;
}

void CommandPort::print_error(std::uint32_t code) {
  if (syslog_) print(fmt::format("ERR CODE:{:#010x}\r\n", code));
}

void CommandPort::print_result(Outcome outcome) {
  if (settings_.around_result) settings_.around_result();
  if (outcome == Outcome::ok && !settings_.no_ok) print("\r\nOK\r\n");
  if (outcome == Outcome::error) print("\r\nERROR\r\n");
  if (settings_.around_result) settings_.around_result();
}

// The prompt of AT+SYSFLASH has no OK in any form: one before the data would be the result.
void CommandPort::print_prompt(Prompt prompt) {
  const std::string_view result = prompt == Prompt::plain || settings_.no_ok ? "" : "\r\nOK\r\n";
  if (!settings_.prompt) return print(fmt::format("{}{}", result, prompt == Prompt::plain ? ">" : "\r\n>"));
  switch (*settings_.prompt) {
    case PromptForm::bare:
      return print(">");
    case PromptForm::spaced:
      return print(fmt::format("{}\r\n> ", result));
    case PromptForm::own_line:
      return print(fmt::format("{}\r\n>\r\n", result));
    case PromptForm::before_ok:
      return print(fmt::format("\r\n>{}", result));
    case PromptForm::late:
      print(result);
      return settings_.later(kPromptDelay, [this] { print("\r\n>"); });
  }
}

void CommandPort::print(std::string_view text) {
  if (!settings_.double_cr) return print(as_bytes(text));
  for (std::size_t end = text.find(kTerminator); end != std::string_view::npos; end = text.find(kTerminator)) {
    print(as_bytes(text.substr(0, end)));
    print(as_bytes("\r\r\n"));
    text.remove_prefix(end + kTerminator.size());
  }
  print(as_bytes(text));
}

void CommandPort::echo(ByteView bytes) {
  if (echo_) print(bytes);
}

}  // namespace atcert::emulator
