// SPDX-License-Identifier: Apache-2.0
#include "cloud/loopback_broker.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fmt/core.h>

#include "base/files.hpp"

namespace atcert::cloud {
namespace {

constexpr int kAttempts = 5;
constexpr int kStartTimeoutMs = 5000;

Error broker_error(std::string what) {
  return {ErrorKind::usage, "broker_not_started", std::move(what), {}, "check that mosquitto 2.0 or newer runs here"};
}

Result<std::uint16_t> free_port() {
  const Descriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (bind(probe.get(), raw, size) != 0 || getsockname(probe.get(), raw, &size) != 0) {
    return broker_error(fmt::format("no free port on loopback: {}", std::strerror(errno)));
  }
  return ntohs(address.sin_port);
}

Result<void> write_files(const std::filesystem::path& folder, const LoopbackBrokerOptions& options) {
  ATCERT_CHECK(write_file(folder / "ca.pem", as_bytes(options.client_authority), Privacy::personal));
  ATCERT_CHECK(write_file(folder / "server.pem", as_bytes(options.certificate), Privacy::personal));
  return write_file(folder / "server.key", options.key.reveal(), Privacy::secret);
}

}  // namespace

Result<LoopbackBroker> LoopbackBroker::start(const LoopbackBrokerOptions& options) {
  const auto program = find_program("mosquitto");
  if (!program) {
    return Error{ErrorKind::usage,
                 "broker_missing",
                 "mosquitto is neither in PATH nor in /usr/sbin",
                 {},
                 "install it: apt-get install mosquitto"};
  }
  ATCERT_TRY(ScratchFolder, folder, ScratchFolder::create("broker"));
  ATCERT_CHECK(write_files(folder.path(), options));
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    ATCERT_TRY(const Ports, ports, choose_ports(options.plain_listener));
    const auto file = folder.path() / "mosquitto.conf";
    ATCERT_CHECK(write_file(file, as_bytes(configuration(folder.path(), ports, options.settings)), Privacy::personal));
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return broker_error(fmt::format("no pipe: {}", std::strerror(errno)));
    const Descriptor log(ends[0]);
    Descriptor log_writer(ends[1]);
    ChildOptions child{.program = *program, .arguments = {"-c", file.string()}, .error = log_writer.get()};
    ATCERT_TRY(ChildProcess, process, ChildProcess::start(child));
    log_writer.close_now();
    ATCERT_TRY(const bool, running, wait_until_running(log.get()));
    if (running) return LoopbackBroker(std::move(folder), std::move(process), ports);
  }
  return broker_error("other programs took every port that was chosen for mosquitto");
}

Result<LoopbackBroker::Ports> LoopbackBroker::choose_ports(bool plain) {
  Ports ports;
  ATCERT_TRY(const std::uint16_t, tls, free_port());
  ports.tls = tls;
  while (plain && (ports.plain == 0 || ports.plain == ports.tls)) {
    ATCERT_TRY(const std::uint16_t, second, free_port());
    ports.plain = second;
  }
  return ports;
}

// Started as root, mosquitto would become a user that may not read the folder; `user` has no effect otherwise. The log
// has few kinds of lines, as nobody reads it after the start.
std::string LoopbackBroker::configuration(const std::filesystem::path& folder, Ports ports,
                                          const std::vector<std::string>& settings) {
  std::string text = fmt::format(
      "user root\n"
      "persistence false\n"
      "allow_anonymous true\n"
      "log_dest stderr\n"
      "log_type error\n"
      "log_type information\n"
      "listener {} 127.0.0.1\n"
      "cafile {}/ca.pem\n"
      "certfile {}/server.pem\n"
      "keyfile {}/server.key\n"
      "require_certificate true\n",
      ports.tls, folder.string(), folder.string(), folder.string());
  if (ports.plain != 0) text += fmt::format("listener {} 127.0.0.1\n", ports.plain);
  for (const std::string& line : settings) text += line + "\n";
  return text;
}

Result<bool> LoopbackBroker::wait_until_running(int log) {
  std::string said;
  std::array<char, 1024> part;
  for (;;) {
    pollfd ready{log, POLLIN, 0};
    if (poll(&ready, 1, kStartTimeoutMs) <= 0) return broker_error("mosquitto does not get ready: " + said);
    const ssize_t count = read(log, part.data(), part.size());
    if (count <= 0) break;
    said.append(part.data(), static_cast<std::size_t>(count));
    if (said.find(" running\n") != std::string::npos) return true;
  }
  if (said.find("Address already in use") != std::string::npos) return false;
  return broker_error("mosquitto ended: " + said);
}

}  // namespace atcert::cloud
