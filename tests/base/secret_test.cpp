// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <type_traits>

#include <doctest/doctest.h>

namespace atcert {

TEST_CASE("a secret cannot be copied or formatted") {
  CHECK_FALSE(std::is_copy_constructible_v<Secret>);
  CHECK_FALSE(fmt::is_formattable<Secret>::value);
}

TEST_CASE("a moved-from secret is empty and the new one holds the bytes") {
  Secret first(std::string_view("pass"));
  const Secret second = std::move(first);
  CHECK(second.reveal_text() == "pass");
  CHECK(first.empty());
}

TEST_CASE("a secret grows over page borders and keeps its content") {
  Secret secret;
  std::string expected;
  for (int i = 0; i < 3000; ++i) {
    secret.append(std::string_view("abcde"));
    expected += "abcde";
  }
  CHECK(secret.reveal_text() == expected);
}

TEST_CASE("a secret may be appended to itself") {
  Secret secret(std::string_view("ab"));
  for (int i = 0; i < 13; ++i) secret.append(secret.reveal());
  CHECK(secret.size() == 2 << 13);
  CHECK(secret.reveal_text().substr(secret.size() - 2) == "ab");
}

TEST_CASE("secrets are equal when size and bytes are") {
  CHECK(Secret(std::string_view("abc")) == Secret(std::string_view("abc")));
  CHECK_FALSE(Secret(std::string_view("abc")) == Secret(std::string_view("abd")));
  CHECK_FALSE(Secret(std::string_view("abc")) == Secret(std::string_view("ab")));
  CHECK(Secret() == Secret());
}

TEST_CASE("shrinking wipes what is dropped") {
  Secret secret(std::string_view("0123456789"));
  const std::uint8_t* tail = secret.reveal().data() + 4;
  secret.shrink(4);
  CHECK(secret.reveal_text() == "0123");
  CHECK(*tail == 0);
}

}  // namespace atcert
