// SPDX-License-Identifier: Apache-2.0
// The dialogue log: every line sent and received, with its time and direction, without secrets.
#pragma once

namespace atcert::at {

class DialogueLog {
 public:
  virtual ~DialogueLog() = default;
};

}  // namespace atcert::at
