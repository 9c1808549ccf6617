// SPDX-License-Identifier: Apache-2.0
// What can be wrong with a serial port, in words: the Error for a failed open, with the holders of a busy port.
#pragma once

#include <string>

#include "base/result.hpp"

namespace atcert::serial {

// The Error for `name` when opening it failed with `error_number` (EBUSY and EWOULDBLOCK: somebody else holds it).
Error open_error(const std::string& name, int error_number);

// For each kind of port.
Error write_timeout(const std::string& name, std::size_t bytes, std::string cause, std::string remedy);
Error baud_rate_error(const std::string& name, unsigned baud, std::string cause);
Error interrupted_error(const std::string& name);

}  // namespace atcert::serial
