// SPDX-License-Identifier: Apache-2.0
#include "docs/open_doors.hpp"

#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <mosquitto.h>

#include "base/clock.hpp"

namespace atcert::test {
namespace {

namespace fs = std::filesystem;

std::string link_target(const fs::path& path) {
  std::error_code error;
  return fs::read_symlink(path, error).string();
}

// "socket:[INODE]" of all that a process has open.
std::set<std::string> sockets_of(pid_t process) {
  std::set<std::string> sockets;
  for (const auto& entry : fs::directory_iterator(fmt::format("/proc/{}/fd", process))) {
    sockets.insert(link_target(entry.path()));
  }
  return sockets;
}

}  // namespace

std::optional<pid_t> process_in(const fs::path& folder, const std::string& name) {
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::string called;
    std::getline(std::ifstream(entry.path() / "comm") >> std::ws, called);
    if (called == name && link_target(entry.path() / "cwd") == folder) return std::stoi(entry.path().filename());
  }
  return std::nullopt;
}

std::vector<std::string> listeners_of(pid_t process) {
  constexpr const char* kListening = "0A";
  const auto own = sockets_of(process);
  std::vector<std::string> found;
  for (const char* table : {"tcp", "tcp6"}) {
    std::ifstream lines(fmt::format("/proc/{}/net/{}", process, table));
    for (std::string line; std::getline(lines, line);) {
      std::istringstream fields(line);
      std::string slot, local, remote, state, queues, timer, retransmits, user, timeout, inode;
      fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
      if (state == kListening && own.count("socket:[" + inode + "]") != 0) found.push_back(local);
    }
  }
  return found;
}

std::string loopback_listener(std::uint16_t port) {
  return fmt::format("0100007F:{:04X}", port);
}

bool anonymous_gets_in(std::uint16_t port, const fs::path& authority) {
  mosquitto_lib_init();
  bool in = false;
  mosquitto* client = mosquitto_new(nullptr, true, &in);
  REQUIRE(client != nullptr);
  mosquitto_connect_callback_set(client,
                                 [](mosquitto*, void* mark, int code) { *static_cast<bool*>(mark) = code == 0; });
  if (!authority.empty()) {
    REQUIRE(mosquitto_tls_set(client, authority.c_str(), nullptr, nullptr, nullptr, nullptr) == 0);
    mosquitto_tls_insecure_set(client, true);  // the broker is reached by its address, not by its name
  }
  const SteadyTime deadline = SystemClock().now() + std::chrono::seconds(10);
  if (mosquitto_connect(client, "127.0.0.1", port, 60) == MOSQ_ERR_SUCCESS) {
    while (!in && SystemClock().now() < deadline && mosquitto_loop(client, 100, 1) == MOSQ_ERR_SUCCESS) {
    }
  }
  CHECK(SystemClock().now() < deadline);  // neither let in nor turned away
  mosquitto_destroy(client);
  mosquitto_lib_cleanup();
  return in;
}

}  // namespace atcert::test
