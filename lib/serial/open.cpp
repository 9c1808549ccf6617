// SPDX-License-Identifier: Apache-2.0
#include "serial/open.hpp"

#include <utility>

#include "serial/serial_port.hpp"

namespace atcert::serial {

Result<std::unique_ptr<Transport>> open(const std::string& name, const Settings& settings) {
  ATCERT_TRY(SerialPort, port, SerialPort::open(name, settings));
  return std::unique_ptr<Transport>(std::make_unique<SerialPort>(std::move(port)));
}

}  // namespace atcert::serial
