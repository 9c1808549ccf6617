// SPDX-License-Identifier: Apache-2.0
#include "credentials/der.hpp"

namespace atcert::credentials {
namespace {

constexpr std::uint8_t kLongForm = 0x80;
constexpr std::size_t kMostLengthBytes = 4;

struct Length {
  std::size_t header = 0;  // tag and length
  std::size_t content = 0;
};

std::optional<Length> length_of(ByteView bytes) {
  if (bytes.size() < 2) return std::nullopt;
  if (bytes[1] < kLongForm) return Length{2, bytes[1]};
  const std::size_t count = bytes[1] - kLongForm;
  if (count == 0 || count > kMostLengthBytes || bytes.size() < 2 + count) return std::nullopt;
  std::size_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[2 + i];
  const bool shortest = value >= kLongForm && bytes[2] != 0;
  return shortest ? std::optional(Length{2 + count, value}) : std::nullopt;
}

// X.690 section 8.19: numbers of seven bits a byte, the last of each without the high bit, none with a needless first.
bool is_identifier(ByteView content) {
  bool begins = true;
  for (const std::uint8_t byte : content) {
    if (begins && byte == 0x80) return false;
    begins = byte < 0x80;
  }
  return begins && !content.empty();
}

bool fits(const DerValue& value, DerTag tag) {
  if (value.tag != static_cast<std::uint8_t>(tag)) return false;
  return tag != DerTag::object_identifier || is_identifier(value.content);
}

}  // namespace

std::optional<DerValue> DerReader::next() {
  const std::optional<Length> length = sound_ ? length_of(rest_) : std::nullopt;
  if (!length || length->content > rest_.size() - length->header) {
    sound_ = sound_ && rest_.empty();
    return std::nullopt;
  }
  const DerValue value{rest_[0], rest_.subspan(length->header, length->content),
                       rest_.first(length->header + length->content)};
  rest_ = rest_.subspan(value.whole.size());
  return value;
}

std::optional<DerValue> DerReader::next(DerTag tag) {
  auto value = next();
  if (value && fits(*value, tag)) return value;
  sound_ = false;
  return std::nullopt;
}

std::optional<DerValue> DerReader::next_if(DerTag tag) {
  if (rest_.empty() || rest_[0] != static_cast<std::uint8_t>(tag)) return std::nullopt;
  return next();
}

std::optional<DerValue> der_whole(ByteView bytes, DerTag tag) {
  DerReader reader(bytes);
  auto value = reader.next(tag);
  return reader.done() ? value : std::nullopt;
}

std::optional<ByteView> der_bits(const DerValue& bit_string) {
  if (bit_string.content.empty() || bit_string.content[0] != 0) return std::nullopt;
  return bit_string.content.subspan(1);
}

std::optional<ByteView> der_unsigned(const DerValue& integer) {
  const ByteView bytes = integer.content;
  if (bytes.empty() || bytes[0] >= 0x80) return std::nullopt;
  if (bytes[0] != 0 || bytes.size() == 1) return bytes;
  return bytes[1] >= 0x80 ? std::optional(bytes.subspan(1)) : std::nullopt;
}

Bytes der_header(DerTag tag, std::size_t content_size) {
  Bytes header{static_cast<std::uint8_t>(tag)};
  Bytes length;
  for (std::size_t rest = content_size; rest != 0; rest >>= 8) {
    length.insert(length.begin(), static_cast<std::uint8_t>(rest & 0xFF));
  }
  if (content_size >= kLongForm) header.push_back(static_cast<std::uint8_t>(kLongForm + length.size()));
  if (content_size == 0) header.push_back(0);
  header.insert(header.end(), length.begin(), length.end());
  return header;
}

Bytes der_value(DerTag tag, ByteView content) {
  return joined(der_header(tag, content.size()), content);
}

Bytes joined(ByteView first, ByteView second) {
  Bytes both = to_bytes(first);
  both.insert(both.end(), second.begin(), second.end());
  return both;
}

}  // namespace atcert::credentials
