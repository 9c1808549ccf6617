// SPDX-License-Identifier: Apache-2.0
// The dialogue log: every line sent and received, with its time and direction, without secrets. The session writes
// entries that are already redacted; a log only keeps them.
#pragma once

#include <cstddef>
#include <deque>
#include <string>

#include "base/clock.hpp"

namespace atcert::at {

struct DialogueEntry {
  enum class Direction { sent, received };

  WallTime time;
  Direction direction = Direction::sent;
  std::string text;  // one line; a data phase as "<1188 bytes>"
};

class DialogueLog {
 public:
  virtual ~DialogueLog() = default;
  virtual void add(const DialogueEntry& entry) = 0;
};

// Keeps the last entries, for error reports.
class RecentDialogue final : public DialogueLog {
 public:
  explicit RecentDialogue(std::size_t capacity) : capacity_(capacity) {}

  void add(const DialogueEntry& entry) override;
  const std::deque<DialogueEntry>& entries() const { return entries_; }

 private:
  std::size_t capacity_;
  std::deque<DialogueEntry> entries_;
};

}  // namespace atcert::at
