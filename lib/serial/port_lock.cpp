// SPDX-License-Identifier: Apache-2.0
#include "serial/port_lock.hpp"

#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>

#include <fmt/core.h>

namespace atcert::serial {

std::optional<PortLock> PortLock::take(dev_t device) {
  // The NUL at its beginning makes it a name that is no file.
  const std::string name = fmt::format("{}atcert-port-{}:{}", '\0', major(device), minor(device));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(name.begin(), name.end(), address.sun_path);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const bool bound = bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0;
  if (!bound && errno == EADDRINUSE) return std::nullopt;
  return PortLock(std::move(socket));
}

}  // namespace atcert::serial
