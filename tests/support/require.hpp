// SPDX-License-Identifier: Apache-2.0
// The value of a Result that a test needs; without it the test fails with the error's words.
#pragma once

#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "base/result.hpp"

namespace atcert::test {

template <typename T>
T require(Result<T> result) {
  const std::string failure = result.ok() ? "" : result.error().what;
  INFO(failure);
  REQUIRE(result.ok());
  return std::move(*result);
}

}  // namespace atcert::test
