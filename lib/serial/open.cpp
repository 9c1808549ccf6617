// SPDX-License-Identifier: Apache-2.0
#include "serial/open.hpp"

#include <utility>

#include "serial/serial_port.hpp"

namespace atcert::serial {

Result<std::unique_ptr<Transport>> open(const std::string& name, const Settings& settings) {
  ATCERT_TRY(std::unique_ptr<Transport>, port, SerialPort::open(name, settings));
  return port;
}

}  // namespace atcert::serial
