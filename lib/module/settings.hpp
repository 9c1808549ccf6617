// SPDX-License-Identifier: Apache-2.0
// What of a module's own settings is changed to talk to it, and put back: echo off (ATE0) and error codes on
// (AT+SYSLOG=1). None of it outlives a reset of the module.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "at/session.hpp"
#include "base/result.hpp"

namespace atcert::module {

class Settings {
 public:
  // Brings the dialogue to where the module takes commands, and the echo to rest. When it fails half-way, what was
  // changed is known all the same.
  Result<void> reach(at::Session& session);

  // From here on ERROR comes with its codes, where the firmware has them.
  Result<void> ask_for_error_codes(at::Session& session);

  // Whether ERROR comes with its codes.
  bool error_codes() const { return error_codes_.has_value(); }

  // Everything as it was. Returns, in words, what could not be put back; after the first command that gets no answer
  // no other is sent.
  std::vector<std::string> put_back(at::Session& session);

 private:
  // As it was before; nothing: not asked yet, or the firmware does not have it (AT+SYSLOG: before 2.1).
  bool echo_ = false;
  std::optional<bool> error_codes_;
};

}  // namespace atcert::module
