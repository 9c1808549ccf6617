// SPDX-License-Identifier: Apache-2.0
#include "serial/port_list.hpp"

#include <algorithm>
#include <memory>

#include <libserialport.h>

namespace atcert::serial {
namespace {

std::string text(const char* value) {
  return value == nullptr ? std::string() : std::string(value);
}

PortInfo describe(const sp_port& port) {
  PortInfo info{text(sp_get_port_name(&port)), text(sp_get_port_description(&port)), {}, {}};
  int vendor = 0;
  int product = 0;
  if (sp_get_port_transport(&port) == SP_TRANSPORT_USB && sp_get_port_usb_vid_pid(&port, &vendor, &product) == SP_OK) {
    info.usb = UsbId{static_cast<unsigned>(vendor), static_cast<unsigned>(product)};
    info.usb_serial = text(sp_get_port_usb_serial(&port));
  }
  return info;
}

}  // namespace

Result<std::vector<PortInfo>> list_ports() {
  sp_port** list = nullptr;
  if (sp_list_ports(&list) != SP_OK) {
    return Error{ErrorKind::no_module, "port_list", "cannot list the serial ports of this machine", "",
                 "name the port with --port"};
  }
  const std::unique_ptr<sp_port*, decltype(&sp_free_port_list)> owner(list, sp_free_port_list);
  std::vector<PortInfo> ports;
  for (sp_port** port = list; *port != nullptr; ++port) ports.push_back(describe(**port));
  std::sort(ports.begin(), ports.end(), [](const PortInfo& a, const PortInfo& b) { return a.name < b.name; });
  return ports;
}

}  // namespace atcert::serial
