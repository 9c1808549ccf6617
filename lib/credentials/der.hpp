// SPDX-License-Identifier: Apache-2.0
// Private to this folder: DER (X.690) as values, one after the other. Certificates and keys are read with it because
// OpenSSL 3 looks up all its decoders for every key, a hundred times what the reading takes.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.hpp"

namespace atcert::credentials {

enum class DerTag : std::uint8_t {
  boolean = 0x01,
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  null = 0x05,
  object_identifier = 0x06,
  utc_time = 0x17,
  generalized_time = 0x18,
  sequence = 0x30,
  implicit_1 = 0x81,  // primitive: of a bit string
  implicit_2 = 0x82,
  context_0 = 0xA0,
  context_1 = 0xA1,
  context_3 = 0xA3,
};

struct DerValue {
  std::uint8_t tag = 0;
  ByteView content;
  ByteView whole;  // with tag and length
};

// The values that `bytes` hold. What is malformed or not as asked for ends the reading: done() is then false.
class DerReader {
 public:
  explicit DerReader(ByteView bytes) : rest_(bytes) {}

  // The next value; none at the end or when it is malformed: lengths must be in their shortest form.
  std::optional<DerValue> next();
  // The next value, which has to have this tag.
  std::optional<DerValue> next(DerTag tag);
  // The next value if it has this tag; else none, and nothing is read.
  std::optional<DerValue> next_if(DerTag tag);

  // True when all was read and all of it was sound.
  bool done() const { return sound_ && rest_.empty(); }

 private:
  ByteView rest_;
  bool sound_ = true;
};

// The one value that fills `bytes`.
std::optional<DerValue> der_whole(ByteView bytes, DerTag tag);

// The content of a bit string without unused bits.
std::optional<ByteView> der_bits(const DerValue& bit_string);

// The bytes of an integer that is not negative and in its shortest form, without a leading zero.
std::optional<ByteView> der_unsigned(const DerValue& integer);

// The other way: a value, of contents that are joined; or what stands before the content of one.
Bytes der_header(DerTag tag, std::size_t content_size);
Bytes der_value(DerTag tag, ByteView content);
Bytes joined(ByteView first, ByteView second);

}  // namespace atcert::credentials
