// SPDX-License-Identifier: Apache-2.0
// Who gets in: everything else about the relay is seen through the client that uses it.
#include "cloud/relay.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "cloud/path.hpp"
#include "credentials/load.hpp"
#include "support/broker.hpp"
#include "support/require.hpp"

namespace atcert::cloud {
namespace {

using test::require;

Descriptor connected_to(std::uint16_t port) {
  Descriptor client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool connected = connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  return connected ? std::move(client) : Descriptor();
}

// Whether the other end closes without a word.
bool is_turned_away(int client) {
  char byte = 0;
  pollfd ready{client, POLLIN, 0};
  return poll(&ready, 1, 5000) == 1 && read(client, &byte, 1) <= 0;
}

// In another process: 0 when it is turned away.
int knock_from_outside(std::uint16_t port) {
  const pid_t child = fork();
  if (child == 0) {
    const Descriptor client = connected_to(port);
    _exit(client.open() && is_turned_away(client.get()) ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("the relay turns other processes away, and waits for its own") {
  const test::Broker broker;
  const auto& pki = broker.pki();
  const auto credentials = require(credentials::load_files({"device.pem", Secret(pki.device.certificate)},
                                                           {"key.pem", pki.device.key.clone()},
                                                           {"ca.pem", Secret(pki.authority.certificate)}, {}));
  const auto identity = require(TlsIdentity::make(&credentials));
  const Server server{.host = test::kEndpoint, .address = "127.0.0.1", .address_port = broker.port()};
  const SystemClock clock;
  const std::stop_token never;
  Path path(server, identity, clock, std::chrono::seconds(5), never);
  REQUIRE(path.find().stage == Stage::passed);
  auto opened = path.open();
  REQUIRE(opened.stream);
  const auto relay = require(Relay::start(std::move(opened.stream), never));
  CHECK(knock_from_outside(relay->port()) == 0);
  CHECK(knock_from_outside(relay->port()) == 0);
  const Descriptor own = connected_to(relay->port());
  // CONNECT of MQTT 3.1.1 as client "a" (section 3.1), and CONNACK (section 3.2).
  const std::string connect(
      "\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01"
      "a",
      15);
  REQUIRE(::write(own.get(), connect.data(), connect.size()) == static_cast<ssize_t>(connect.size()));
  std::string answer(4, '\xff');
  REQUIRE(recv(own.get(), answer.data(), answer.size(), MSG_WAITALL) == 4);
  CHECK(answer == std::string("\x20\x02\x00\x00", 4));
  CHECK_FALSE(connected_to(relay->port()).open());  // one is enough
}

}  // namespace atcert::cloud
