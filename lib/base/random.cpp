// SPDX-License-Identifier: Apache-2.0
#include "base/random.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/core.h>

namespace atcert {

Result<void> fill_random(std::span<std::uint8_t> room, RandomSource source) {
  while (!room.empty()) {
    const ssize_t count = source(room.data(), room.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const std::string reason = count < 0 ? std::strerror(errno) : "it gave none";
      return Error{ErrorKind::internal,
                   "no_random",
                   fmt::format("the system gives no random numbers: {}", reason),
                   {},
                   "check that the kernel has getrandom(2), and that no sandbox forbids it"};
    }
    room = room.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

Result<std::string> new_nonce(RandomSource source) {
  std::array<std::uint8_t, 8> random{};
  ATCERT_CHECK(fill_random(random, source));
  std::string text;
  for (const std::uint8_t byte : random) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace atcert
