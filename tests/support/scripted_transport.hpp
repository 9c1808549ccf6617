// SPDX-License-Identifier: Apache-2.0
// A module that is a script: each expected write is answered with bytes at given times on a virtual clock. Waiting
// jumps the clock, so that a test of a 20 second limit takes no time.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "base/clock.hpp"
#include "serial/transport.hpp"

namespace atcert::test {

class VirtualClock final : public Clock {
 public:
  SteadyTime now() const override { return now_; }
  WallTime wall() const override { return WallTime(std::chrono::seconds(1'700'000'000)) + (now_ - SteadyTime()); }
  void advance_to(SteadyTime time) { now_ = std::max(now_, time); }

 private:
  SteadyTime now_{std::chrono::hours(1)};
};

class ScriptedTransport final : public serial::Transport {
 public:
  explicit ScriptedTransport(VirtualClock& clock) : clock_(clock) {}
  ~ScriptedTransport() override { CHECK_MESSAGE(steps_.empty(), "never written: ", next_expected()); }

  // The next bytes to be written must be `written`; `answer` comes back `delay` later.
  ScriptedTransport& on(std::string written, std::string answer = {}, Milliseconds delay = Milliseconds(1)) {
    steps_.push_back({std::move(written), {}});
    return answer.empty() ? *this : then(std::move(answer), delay);
  }
  // More of the answer to the same write, `delay` after the write.
  ScriptedTransport& then(std::string answer, Milliseconds delay) {
    steps_.back().answers.emplace_back(delay, std::move(answer));
    return *this;
  }
  // Bytes that come unasked, `delay` from now.
  void deliver(std::string bytes, Milliseconds delay = Milliseconds(0)) {
    incoming_.emplace_back(clock_.now() + delay, std::move(bytes));
    sort();
  }
  // Reads fail from here on.
  void unplug() { gone_ = true; }

  std::function<void()> on_write;  // called at each write
  std::vector<std::size_t> write_sizes;
  std::vector<unsigned> baud_rates;
  serial::Traits line;
  std::string others;  // who has the port open too

  Result<std::size_t> read(std::span<std::uint8_t> into, serial::Until until) override {
    const SteadyTime deadline = until.deadline;
    if (gone_) return gone();
    if (until.wake != nullptr && until.wake->raised()) return std::size_t{0};
    if (incoming_.empty() || incoming_.front().first > std::max(deadline, clock_.now())) {
      clock_.advance_to(deadline);
      return std::size_t{0};
    }
    clock_.advance_to(incoming_.front().first);
    std::string& bytes = incoming_.front().second;
    const std::size_t count = std::min(into.size(), bytes.size());
    std::copy_n(bytes.begin(), count, into.begin());
    bytes.erase(0, count);
    if (bytes.empty()) incoming_.pop_front();
    return count;
  }

  Result<void> write(ByteView bytes, SteadyTime) override {
    if (gone_) return gone();
    write_sizes.push_back(bytes.size());
    written_ += as_text(bytes);
    match();
    if (on_write) on_write();
    return {};
  }

  Result<void> discard_input() override {
    std::erase_if(incoming_, [this](const auto& each) { return each.first <= clock_.now(); });
    return {};
  }
  Result<unsigned> set_baud_rate(unsigned baud) override {
    baud_rates.push_back(baud);
    return baud;
  }
  Result<void> set_flow_control(bool) override { return {}; }
  Result<void> set_control_lines(bool, bool) override { return {}; }
  const serial::Traits& traits() const override { return line; }
  std::string other_users() const override { return others; }
  const std::string& name() const override { return name_; }

 private:
  struct Step {
    std::string written;
    std::vector<std::pair<Milliseconds, std::string>> answers;
  };

  void match() {
    while (!steps_.empty() && written_.starts_with(steps_.front().written)) {
      written_.erase(0, steps_.front().written.size());
      for (auto& [delay, answer] : steps_.front().answers) deliver(std::move(answer), delay);
      steps_.pop_front();
    }
    CHECK_MESSAGE(next_expected().starts_with(written_), "written: ", written_, "\nexpected: ", next_expected());
  }

  std::string next_expected() const { return steps_.empty() ? std::string() : steps_.front().written; }

  void sort() {
    std::stable_sort(incoming_.begin(), incoming_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }

  Error gone() const { return {ErrorKind::no_module, "port_gone", name_ + " is gone", "", "plug it in again"}; }

  VirtualClock& clock_;
  std::string name_ = "scripted";
  std::deque<Step> steps_;
  std::string written_;
  std::deque<std::pair<SteadyTime, std::string>> incoming_;
  bool gone_ = false;
};

}  // namespace atcert::test
