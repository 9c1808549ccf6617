// SPDX-License-Identifier: Apache-2.0
#include "base/random.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <doctest/doctest.h>

namespace atcert {
namespace {

// Gives two bytes of 7 at a time, and is interrupted before each.
ssize_t slow_source(void* room, std::size_t size, unsigned) {
  static bool interrupted = false;
  interrupted = !interrupted;
  if (interrupted) {
    errno = EINTR;
    return -1;
  }
  const std::size_t count = std::min<std::size_t>(size, 2);
  std::fill_n(static_cast<std::uint8_t*>(room), count, std::uint8_t{7});
  return static_cast<ssize_t>(count);
}

ssize_t no_source(void*, std::size_t, unsigned) {
  errno = ENOSYS;
  return -1;
}

ssize_t dry_source(void*, std::size_t, unsigned) {
  return 0;
}

}  // namespace

TEST_CASE("random bytes that come in parts, with signals between them, fill all of the room") {
  std::array<std::uint8_t, 5> room{};
  REQUIRE(fill_random(room, slow_source).ok());
  CHECK(room == std::array<std::uint8_t, 5>{7, 7, 7, 7, 7});
}

TEST_CASE("a system without random numbers is an error") {
  std::array<std::uint8_t, 8> room{};
  const auto failed = fill_random(room, no_source);
  REQUIRE_FALSE(failed.ok());
  CHECK(failed.error().code == "no_random");
  CHECK(failed.error().what == "the system gives no random numbers: Function not implemented");
  CHECK_FALSE(fill_random(room, dry_source).ok());
}

TEST_CASE("two fillings differ") {
  std::array<std::uint8_t, 16> first{};
  std::array<std::uint8_t, 16> second{};
  REQUIRE(fill_random(first).ok());
  REQUIRE(fill_random(second).ok());
  CHECK(first != second);
}

}  // namespace atcert
