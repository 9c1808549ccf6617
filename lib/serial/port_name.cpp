// SPDX-License-Identifier: Apache-2.0
#include "serial/port_name.hpp"

#include <charconv>
#include <string_view>

#include <fmt/core.h>

#include "base/text.hpp"

namespace atcert::serial {
namespace {

constexpr const char* kForms = "a device, socket://HOST:PORT or rfc2217://HOST:PORT";

Error bad_name(const std::string& text, std::string why) {
  return {ErrorKind::usage,
          "port_name",
          fmt::format("{} is no port: {}", printable(text), why),
          {},
          fmt::format("give {}", kForms)};
}

// esptool's documents have it in their examples; here a line that the server cannot set is no error anyhow.
constexpr std::string_view kIgnored = "?ign_set_control";

}  // namespace

Result<PortName> parse_port_name(const std::string& text) {
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == std::string::npos) return PortName(DeviceName{text});
  const std::string scheme = text.substr(0, scheme_end);
  if (scheme != "socket" && scheme != "rfc2217") {
    return bad_name(text, fmt::format("{}:// is not known", printable(scheme)));
  }
  NetworkName name{scheme == "socket" ? NetworkName::Protocol::socket : NetworkName::Protocol::rfc2217, {}, 0};
  std::string_view rest = std::string_view(text).substr(scheme_end + 3);
  if (rest.ends_with(kIgnored)) rest.remove_suffix(kIgnored.size());
  const std::size_t colon = rest.rfind(':');
  if (colon == rest.npos) return bad_name(text, "it has no port number");
  const std::string_view digits = rest.substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), name.port);
  if (error != std::errc() || end != digits.data() + digits.size() || name.port == 0) {
    return bad_name(text, "its port is no number from 1 to 65535");
  }
  std::string_view host = rest.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != host.npos) {
    return bad_name(text, "an IPv6 address stands in brackets");
  }
  if (host.empty()) return bad_name(text, "it has no host");
  name.host = host;
  return PortName(name);
}

}  // namespace atcert::serial
