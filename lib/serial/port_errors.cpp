// SPDX-License-Identifier: Apache-2.0
#include "serial/port_errors.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/core.h>

#include "base/plural.hpp"
#include "serial/holders.hpp"

namespace atcert::serial {
namespace {

Error no_module(std::string code, std::string what, std::string cause, std::string remedy) {
  return {ErrorKind::no_module, std::move(code), std::move(what), std::move(cause), std::move(remedy)};
}

Error busy_error(const std::string& name) {
  const std::string holders = in_words(holders_of(name));
  return no_module("port_busy", fmt::format("{} is in use", name),
                   holders.empty() ? "another program has opened it for itself" : "open in " + holders,
                   "close the other program (a terminal, an IDE's monitor, ModemManager), then try again");
}

}  // namespace

Error open_error(const std::string& name, int error_number) {
  const std::string what = fmt::format("cannot open {}: {}", name, std::strerror(error_number));
  switch (error_number) {
    case EBUSY:
    case EWOULDBLOCK:
      return busy_error(name);
    case EACCES:
    case EPERM:
      return no_module(
          "port_forbidden", what, "this user may not use the port",
          "add the user to the group that owns the port (on Debian: adduser USER dialout) and log in again");
    case ENOENT:
    case ENXIO:
    case ENODEV:
      return no_module("port_missing", what, "no such port: the adapter is not plugged in, or has another name",
                       "see /dev/serial/by-id for the ports that are there");
    case ENOTTY:
      return no_module("not_a_port", fmt::format("{} is not a serial port", name), "",
                       "see /dev/serial/by-id for the ports that are there");
    default:
      return no_module("port_failed", what, "", "unplug the adapter, plug it in again, and try another cable or port");
  }
}

Error write_timeout(const std::string& name, std::size_t bytes, std::string cause, std::string remedy) {
  return no_module("write_timeout", fmt::format("{} did not take {} in time", name, counted(bytes, "byte")),
                   std::move(cause), std::move(remedy));
}

Error baud_rate_error(const std::string& name, unsigned baud, std::string cause) {
  return no_module("baud_rate", fmt::format("{} cannot run at {} baud", name, baud), std::move(cause),
                   "give another rate with --baud");
}

Error interrupted_error(const std::string& name) {
  return {ErrorKind::interrupted,
          "interrupted",
          fmt::format("interrupted while connecting to {}", name),
          {},
          "run it again"};
}

}  // namespace atcert::serial
