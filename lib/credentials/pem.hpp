// SPDX-License-Identifier: Apache-2.0
// PEM as people hand it in: with a byte order mark, text around the blocks, "\n" written out. read_pem() finds the
// blocks and says how the text differs from what the firmware's reader takes: mbedTLS (pem.c, base64.c of 2.16 to 3.6)
// looks for the BEGIN line in whatever stands before it, and wants base64 with LF or CRLF and then the END line. It
// reads a text that ends with its first zero byte.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace atcert::credentials {

struct PemBlock {
  std::string label;   // "CERTIFICATE"
  Secret der;          // what the base64 holds; empty when encrypted or damaged
  Secret encrypted;    // the whole block, when the key in it is encrypted (RFC 1421 headers)
  std::string damage;  // why it cannot be read; empty when it can
};

// Three times the certificates that the bundles of operating systems hold.
inline constexpr std::size_t kMostItems = 512;

struct PemText {
  std::vector<PemBlock> blocks;
  bool too_many = false;                // there are more blocks than kMostItems; then none is given
  std::vector<std::string> deviations;  // what the firmware would not take
  std::size_t outside = 0;              // bytes around the blocks, line ends aside, which the firmware passes over
};

// `text` as single bytes: UTF-16 with a byte order mark is converted, a UTF-8 one dropped; `deviations` gets a line.
Secret plain_text(ByteView content, std::vector<std::string>& deviations);

PemText read_pem(const Secret& text);

// What base64 in `body` stands for, white space aside; empty when it is not base64.
Secret decode_base64(std::string_view body);

// A PEM block with LF line ends. The bytes may be secret, so the text is a Secret.
Secret write_pem(const std::string& label, ByteView der);

}  // namespace atcert::credentials
