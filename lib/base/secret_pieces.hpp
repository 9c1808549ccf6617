// SPDX-License-Identifier: Apache-2.0
// All pieces of one length of a secret, to be found again in any text. The index is as secret as the secret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace atcert {

class SecretPieces {
 public:
  // `length` is 1 to the size of `text`.
  SecretPieces(Secret text, std::size_t length);

  // Marks every character of `text` that is part of a piece; `marks` is as long as `text`.
  void mark(std::string_view text, std::vector<bool>& marks) const;

 private:
  bool holds(std::string_view piece) const;
  std::string_view piece_at(std::uint32_t place) const { return text_.reveal_text().substr(place, length_); }
  std::span<const std::uint32_t> places() const;

  Secret text_;
  std::size_t length_;
  Secret places_;  // where the pieces begin, in the order of the pieces
};

}  // namespace atcert
