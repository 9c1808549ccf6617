// SPDX-License-Identifier: Apache-2.0
// The one way to a module's port, by the name that the user gives it: a device ("/dev/ttyUSB0").
#pragma once

#include <memory>
#include <string>

#include "serial/transport.hpp"

namespace atcert::serial {

// Errors are of kind no_module and say whether the port is missing, in use (and by whom), forbidden or no port.
Result<std::unique_ptr<Transport>> open(const std::string& name, const Settings& settings);

}  // namespace atcert::serial
