// SPDX-License-Identifier: Apache-2.0
// The one way to a module's port, by the name that the user gives it (port_name.hpp): a device, socket://HOST:PORT or
// rfc2217://HOST:PORT.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "serial/transport.hpp"

namespace atcert::serial {

// Errors are of kind no_module and say whether the port is missing, in use (and by whom), forbidden, no port or out of
// reach; usage when the name is none; interrupted when a stop request came while a connection was being made.
Result<std::unique_ptr<Transport>> open(const std::string& name, const Settings& settings, std::stop_token stop = {});

}  // namespace atcert::serial
