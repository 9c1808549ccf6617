// SPDX-License-Identifier: Apache-2.0
// HOST:PORT as an option has it.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace atcert::cli {

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

// "127.0.0.1:8883"; `given` is what the user wrote, for the message.
Result<Address> parse_address(const std::string& text, const std::string& given);

}  // namespace atcert::cli
