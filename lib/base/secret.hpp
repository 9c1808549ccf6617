// SPDX-License-Identifier: Apache-2.0
// Secret: the one way to hold a private key or a password. It wipes its memory, is kept out of core files and, where
// the system allows it, of swap, cannot be copied, printed or serialised by accident, and is compared in constant time.
// Whoever calls reveal() takes care that the bytes go to the module or to OpenSSL and nowhere else.
#pragma once

#include <cstddef>
#include <ostream>
#include <string_view>

#include <fmt/core.h>

#include "base/bytes.hpp"

namespace atcert {

class Secret {
 public:
  Secret() = default;
  explicit Secret(ByteView bytes);
  explicit Secret(std::string_view text) : Secret(as_bytes(text)) {}
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  // A secret of `size` zero bytes, to be filled through writable().
  static Secret of_size(std::size_t size);
  Secret clone() const { return Secret(reveal()); }

  // Whether all secrets so far could be kept out of swap: a process may lock so much memory and no more (ulimit -l).
  static bool all_locked();

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  ByteView reveal() const { return {data_, size_}; }
  std::string_view reveal_text() const { return as_text(reveal()); }
  std::span<std::uint8_t> writable() { return {data_, size_}; }

  void append(ByteView bytes);
  void append(std::string_view text) { append(as_bytes(text)); }
  // Drops what follows the first `size` bytes, wiping it.
  void shrink(std::size_t size);

  // Constant time for equal sizes; the size itself is no secret.
  friend bool operator==(const Secret& left, const Secret& right) { return left.equals(right.reveal()); }
  bool equals(ByteView bytes) const;

 private:
  void reserve(std::size_t capacity);
  void release() noexcept;

  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// A secret is never printed.
std::ostream& operator<<(std::ostream&, const Secret&) = delete;

}  // namespace atcert

template <>
struct fmt::formatter<atcert::Secret> {
  formatter() = delete;
};
