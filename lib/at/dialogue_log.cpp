// SPDX-License-Identifier: Apache-2.0
#include "at/dialogue_log.hpp"

namespace atcert::at {

void RecentDialogue::add(const DialogueEntry& entry) {
  entries_.push_back(entry);
  if (entries_.size() > capacity_) entries_.pop_front();
}

}  // namespace atcert::at
