// SPDX-License-Identifier: Apache-2.0
#include "serial/port_name.hpp"

#include <doctest/doctest.h>

#include "support/require.hpp"

namespace atcert::serial {
namespace {

NetworkName network(const std::string& text) {
  return std::get<NetworkName>(test::require(parse_port_name(text)));
}

}  // namespace

TEST_CASE("a name without a scheme is a device") {
  for (const char* name : {"/dev/ttyUSB0", "port", "./a:b"}) {
    CHECK(std::get<DeviceName>(test::require(parse_port_name(name))).path == name);
  }
}

TEST_CASE("names of ports on the network are host and port") {
  CHECK(network("socket://localhost:5555").protocol == NetworkName::Protocol::socket);
  CHECK(network("rfc2217://fixture-7.example:4000").protocol == NetworkName::Protocol::rfc2217);
  CHECK(network("rfc2217://fixture-7.example:4000").host == "fixture-7.example");
  CHECK(network("rfc2217://fixture-7.example:4000").port == 4000);
  CHECK(network("socket://[fe80::1%eth0]:65535").host == "fe80::1%eth0");
  CHECK(network("rfc2217://localhost:4000?ign_set_control").port == 4000);  // as esptool's documents write it
}

TEST_CASE("a name that is none is wrong usage, and is told why") {
  for (const char* name :
       {"socket://", "socket://host", "socket://host:", "socket://host:0", "socket://host:65536", "socket://host:80x",
        "socket://:80", "socket://[]:80", "socket://fe80::1:80", "hwgrep://0403", "rfc2217://h:1?logging=debug"}) {
    const auto parsed = parse_port_name(name);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().kind == ErrorKind::usage);
    CHECK(parsed.error().code == "port_name");
    CHECK(parsed.error().what.starts_with(name));
  }
}

}  // namespace atcert::serial
