// SPDX-License-Identifier: Apache-2.0
#include "support/ser2net.hpp"

#include <fmt/core.h>

#include "base/files.hpp"
#include "support/require.hpp"
#include "support/tcp_server.hpp"

namespace atcert::test {
namespace {

ChildProcess start(const ScratchFolder& folder, const std::string& device, std::uint16_t rfc2217,
                   std::uint16_t socket) {
  const std::string text = fmt::format(
      "connection: &rfc2217\n"
      "  accepter: telnet(rfc2217),tcp,127.0.0.1,{0}\n"
      "  connector: serialdev,{2},115200n81,local\n"
      "connection: &socket\n"
      "  accepter: tcp,127.0.0.1,{1}\n"
      "  connector: serialdev,{2},115200n81,local\n",
      rfc2217, socket, device);
  const auto file = folder.path() / "ser2net.yaml";
  REQUIRE(write_file(file, as_bytes(text)));
  const auto program = find_program("ser2net");
  REQUIRE_MESSAGE(program, "apt-get install ser2net");
  ChildProcess process =
      require(ChildProcess::start({.program = *program, .arguments = {"-n", "-d", "-c", file.string()}}));
  REQUIRE(listens(rfc2217));
  REQUIRE(listens(socket));
  return process;
}

}  // namespace

Ser2net::Ser2net(const std::string& device)
    : folder_(require(ScratchFolder::create("ser2net"))),
      rfc2217_(free_port()),
      socket_(free_port()),
      process_(start(folder_, device, rfc2217_, socket_)) {}

std::string Ser2net::rfc2217() const {
  return fmt::format("rfc2217://127.0.0.1:{}", rfc2217_);
}

std::string Ser2net::socket() const {
  return fmt::format("socket://127.0.0.1:{}", socket_);
}

}  // namespace atcert::test
