// SPDX-License-Identifier: Apache-2.0
#include "credentials/der.hpp"

#include <doctest/doctest.h>

namespace atcert::credentials {
namespace {

// SEQUENCE { INTEGER 5, BOOLEAN true }
const Bytes kPair{0x30, 6, 0x02, 1, 5, 0x01, 1, 0xFF};

}  // namespace

TEST_CASE("DER: the values of a sequence are read in their order") {
  const auto sequence = der_whole(kPair, DerTag::sequence);
  REQUIRE(sequence);
  DerReader reader(sequence->content);
  CHECK(to_bytes(reader.next(DerTag::integer)->content) == Bytes{5});
  CHECK_FALSE(reader.next_if(DerTag::integer));
  CHECK_FALSE(reader.done());
  CHECK(reader.next_if(DerTag::boolean)->whole.size() == 3);
  CHECK(reader.done());
  CHECK_FALSE(reader.next());
  CHECK(reader.done());
}

TEST_CASE("DER: what is cut off, or is not what was asked for, ends the reading") {
  for (std::size_t size = 0; size < kPair.size(); ++size) {
    CHECK_FALSE(der_whole(ByteView(kPair).first(size), DerTag::sequence));
  }
  CHECK_FALSE(der_whole(kPair, DerTag::octet_string));
  DerReader reader(ByteView(kPair).subspan(2));
  CHECK_FALSE(reader.next(DerTag::boolean));
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.done());
}

TEST_CASE("DER: lengths are in their shortest form (X.690 section 10.1)") {
  Bytes content(200, 7);
  const Bytes value = der_value(DerTag::octet_string, content);
  CHECK(value[1] == 0x81);
  CHECK(value[2] == 200);
  CHECK(to_bytes(der_whole(value, DerTag::octet_string)->content) == content);
  for (const Bytes& wrong :
       {Bytes{4, 0x81, 1, 7}, Bytes{4, 0x82, 0, 1, 7}, Bytes{4, 0x80, 0, 0}, Bytes{4, 0x85, 0, 0, 0, 0, 1, 7}}) {
    CHECK_FALSE(der_whole(wrong, DerTag::octet_string));
  }
}

TEST_CASE("DER: the numbers of an object identifier end, and begin without a needless byte (X.690 section 8.19)") {
  const auto is_read = [](const Bytes& content) {
    return der_whole(der_value(DerTag::object_identifier, content), DerTag::object_identifier).has_value();
  };
  CHECK(is_read({0x55, 0x1D, 0x13}));
  CHECK(is_read({0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01}));
  CHECK_FALSE(is_read({0x55, 0x1D, 0x93}));
  CHECK_FALSE(is_read({0x55, 0x80, 0x13}));
  CHECK_FALSE(is_read({}));
}

TEST_CASE("DER: integers are not negative and have no needless zero") {
  const auto number = [](Bytes content) { return der_unsigned({0x02, content, content}); };
  CHECK(number({0, 0x80})->size() == 1);
  CHECK(number({0})->size() == 1);
  CHECK_FALSE(number({0, 0x7F}));
  CHECK_FALSE(number({0x80}));
  CHECK_FALSE(number({}));
}

}  // namespace atcert::credentials
