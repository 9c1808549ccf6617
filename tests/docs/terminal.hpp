// SPDX-License-Identifier: Apache-2.0
// An interactive shell on a terminal of its own, to type at as a reader of a document does.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/child_process.hpp"

namespace atcert::test {

class Terminal {
 public:
  Terminal(const std::filesystem::path& folder, const std::map<std::string, std::string>& environment);
  ~Terminal();

  void type(const std::string& text) const;
  void press_interrupt() const { type("\x03"); }

  // Reads the screen until `text` is on it; false when the time is up first.
  bool wait_for(const std::string& text);
  const std::string& screen() const { return screen_; }

 private:
  Descriptor keyboard_;  // and screen: the terminal's other side
  std::string screen_;
  std::optional<ChildProcess> shell_;
};

}  // namespace atcert::test
