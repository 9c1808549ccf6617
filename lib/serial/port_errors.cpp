// SPDX-License-Identifier: Apache-2.0
#include "serial/port_errors.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <fmt/core.h>

namespace atcert::serial {
namespace {

namespace fs = std::filesystem;

bool has_open(const fs::path& process, const fs::path& device) {
  std::error_code error;
  for (fs::directory_iterator it(process / "fd", error), end; !error && it != end; it.increment(error)) {
    std::error_code unreadable;
    if (fs::read_symlink(it->path(), unreadable) == device) return true;
  }
  return false;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

Error no_module(std::string code, std::string what, std::string cause, std::string remedy) {
  return {ErrorKind::no_module, std::move(code), std::move(what), std::move(cause), std::move(remedy)};
}

Error busy_error(const std::string& name) {
  const std::string holders = holders_of(name);
  return no_module("port_busy", fmt::format("{} is in use", name),
                   holders.empty() ? "another program has opened it for itself" : "open in " + holders,
                   "close the other program (a terminal, an IDE's monitor, ModemManager), then try again");
}

}  // namespace

std::string holders_of(const std::string& name) {
  std::error_code error;
  const fs::path device = fs::canonical(name, error);
  if (error) return {};
  const std::string self = std::to_string(getpid());
  std::string holders;
  for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
    const std::string id = it->path().filename();
    if (!is_number(id) || id == self || !has_open(it->path(), device)) continue;
    std::ifstream comm(it->path() / "comm");
    std::string program;
    std::getline(comm, program);
    holders += fmt::format("{}{} (process {})", holders.empty() ? "" : ", ", program, id);
  }
  return holders;
}

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

}  // namespace atcert::serial
