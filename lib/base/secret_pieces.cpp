// SPDX-License-Identifier: Apache-2.0
#include "base/secret_pieces.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace atcert {

SecretPieces::SecretPieces(Secret text, std::size_t length)
    : text_(std::move(text)),
      length_(length),
      places_(Secret::of_size((text_.size() - length + 1) * sizeof(std::uint32_t))) {
  // The memory of a secret is aligned for anything: it is a block of the secure heap, or pages.
  const std::span<std::uint32_t> order{reinterpret_cast<std::uint32_t*>(places_.writable().data()),
                                       text_.size() - length + 1};
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::sort(order.begin(), order.end(),
            [this](std::uint32_t left, std::uint32_t right) { return piece_at(left) < piece_at(right); });
}

void SecretPieces::mark(std::string_view text, std::vector<bool>& marks) const {
  std::size_t marked = 0;  // up to here
  for (std::size_t i = 0; i + length_ <= text.size(); ++i) {
    if (!holds(text.substr(i, length_))) continue;
    for (std::size_t k = std::max(i, marked); k < i + length_; ++k) marks[k] = true;
    marked = i + length_;
  }
}

bool SecretPieces::holds(std::string_view piece) const {
  const auto order = places();
  const auto found = std::lower_bound(order.begin(), order.end(), piece,
                                      [this](std::uint32_t place, auto wanted) { return piece_at(place) < wanted; });
  return found != order.end() && piece_at(*found) == piece;
}

std::span<const std::uint32_t> SecretPieces::places() const {
  return {reinterpret_cast<const std::uint32_t*>(places_.reveal().data()), text_.size() - length_ + 1};
}

}  // namespace atcert
