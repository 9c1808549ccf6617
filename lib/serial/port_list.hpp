// SPDX-License-Identifier: Apache-2.0
// The serial ports of this machine, by libserialport.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace atcert::serial {

struct UsbId {
  unsigned vendor = 0;
  unsigned product = 0;
};

struct PortInfo {
  std::string name;          // "/dev/ttyUSB0"
  std::string description;   // "CP2102 USB to UART Bridge Controller - ..."; may be empty
  std::optional<UsbId> usb;  // of USB adapters
  std::string usb_serial;    // the adapter's serial number; may be empty
};

// Sorted by name. Ports that are built in (/dev/ttyS*) are listed like all others.
Result<std::vector<PortInfo>> list_ports();

}  // namespace atcert::serial
