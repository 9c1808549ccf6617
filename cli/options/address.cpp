// SPDX-License-Identifier: Apache-2.0
#include "options/address.hpp"

#include <charconv>

#include <fmt/core.h>

namespace atcert::cli {

Result<Address> parse_address(const std::string& text, const std::string& given) {
  const std::size_t colon = text.rfind(':');
  Address address;
  const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (colon == 0 || error != std::errc() || end != port.data() + port.size() || address.port == 0) {
    return Error{ErrorKind::usage,
                 "broker_address",
                 fmt::format("{}: not of the form HOST:PORT", given),
                 {},
                 "give the address as 127.0.0.1:8883, for example"};
  }
  address.host = text.substr(0, colon);
  return address;
}

}  // namespace atcert::cli
