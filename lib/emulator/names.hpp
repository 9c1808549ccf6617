// SPDX-License-Identifier: Apache-2.0
// The emulated network's names: where a host that the module is told leads to (--broker, --resolve, --no-dns).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "emulator/options.hpp"

namespace atcert::emulator {

struct Route {
  BrokerAddress address;
  bool given = false;  // by an option: it may be a name of this machine's network, else numbers or localhost only
};

// Whether it is an address of IPv4 or IPv6 and no name, which leads to itself.
bool is_address(const std::string& host);

// Nothing: the name does not resolve.
std::optional<Route> route_to(const Options& options, const std::string& host, std::uint16_t port);

// What the module sees of it: a host of this machine that is named, not numbered, is 127.0.0.1 to it.
std::string shown_address(const BrokerAddress& address);

}  // namespace atcert::emulator
