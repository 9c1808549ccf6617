// SPDX-License-Identifier: Apache-2.0
#include "credentials/private_key.hpp"

#include <doctest/doctest.h>

#include "credentials/der.hpp"
#include "credentials/fixtures.hpp"

namespace atcert::credentials {

// RFC 8017 appendix A.1.2: version, n, e, d, p, q, dp, dq, qi. Each is what the others make it.
TEST_CASE("private keys: every number of an RSA key is held against the others") {
  const std::string text = text_of("rsa.key.der");
  const Bytes good = to_bytes(as_bytes(text));
  const auto read = read_private_key(good);
  REQUIRE(read.has_value());
  CHECK(read->consistent);
  DerReader numbers(der_whole(good, DerTag::sequence)->content);
  REQUIRE(numbers.next(DerTag::integer).has_value());
  for (const char* name : {"n", "e", "d", "p", "q", "dp", "dq", "qi"}) {
    CAPTURE(name);
    const auto number = numbers.next(DerTag::integer);
    REQUIRE(number.has_value());
    for (const std::size_t from_end : {std::size_t{1}, number->content.size() / 2}) {
      Bytes changed = good;
      const auto end = static_cast<std::size_t>(number->content.data() + number->content.size() - good.data());
      changed[end - from_end] ^= 0x02;
      const auto damaged = read_private_key(changed);
      CHECK((!damaged || !damaged->consistent));
    }
  }
  CHECK(numbers.done());
}

}  // namespace atcert::credentials
