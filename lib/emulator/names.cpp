// SPDX-License-Identifier: Apache-2.0
#include "emulator/names.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace atcert::emulator {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, [](char l, char r) { return lower(l) == lower(r); });
}

}  // namespace

bool is_address(const std::string& host) {
  in6_addr bytes{};
  return inet_pton(AF_INET, host.c_str(), &bytes) == 1 || inet_pton(AF_INET6, host.c_str(), &bytes) == 1;
}

std::optional<Route> route_to(const Options& options, const std::string& host, std::uint16_t port) {
  for (const std::string& name : options.unresolved) {
    if (same_name(name, host)) return std::nullopt;
  }
  for (const ResolvedName& each : options.resolved) {
    if (same_name(each.name, host)) return Route{each.address, true};
  }
  if (options.broker) return Route{*options.broker, true};
  return Route{{host, port}, false};
}

std::string shown_address(const BrokerAddress& address) {
  const std::string& host = address.host;
  const bool numeric = !host.empty() && host.find_first_not_of("0123456789.") == std::string::npos;
  return numeric ? host : "127.0.0.1";
}

}  // namespace atcert::emulator
