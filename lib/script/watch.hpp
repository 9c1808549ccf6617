// SPDX-License-Identifier: Apache-2.0
// Watches what the module says from the moment a command is sent, and never before: which expectations of the step are
// met, what they capture, and whether a line came that ends the wait.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "at/observer.hpp"
#include "base/clock.hpp"
#include "script/script.hpp"

namespace atcert::script {

class Watch : public at::Observer {
 public:
  // `step` and `scope` must outlive the watch.
  Watch(const Step& step, Scope scope);

  void begin() override;
  void see(const at::Event& event) override;

  bool all_met() const;
  bool ended() const { return ending_line_.has_value(); }
  // What to tell when the wait is over and not all is met: the line that ended it, or what did not come.
  std::string shortfall() const;
  // What is wrong with a captured time, or nothing.
  std::optional<std::string> wrong_time(WallTime now) const;

  const Captures& captured() const { return captured_; }
  const std::vector<OutsideText>& lines() const { return lines_; }

 private:
  struct Awaited {
    const Expectation* expectation;
    std::string payload;   // of a message: what must come
    std::string received;  // the pieces of it that came
    bool met = false;
  };

  void see_line(const OutsideText& line);
  bool matches(const Expectation& expectation, const OutsideText& line, Captures& captured) const;
  void see_message(const at::Counted& message);
  static bool take_piece(Awaited& awaited, std::string_view piece);

  const Step& step_;
  Scope scope_;
  std::vector<Awaited> awaited_;
  Captures captured_;
  std::vector<OutsideText> lines_;
  std::optional<OutsideText> ending_line_;
};

}  // namespace atcert::script
