// SPDX-License-Identifier: Apache-2.0
// A port on loopback behind which nobody says anything, or at which nobody listens.
#pragma once

#include <cstdint>

#include "base/descriptor.hpp"

namespace atcert::test {

class SilentPort {
 public:
  enum class Kind { listens, refuses };
  explicit SilentPort(Kind kind);

  std::uint16_t port() const { return port_; }
  // The next connection, once it is there.
  Descriptor take() const;

 private:
  Descriptor socket_;
  std::uint16_t port_ = 0;
};

}  // namespace atcert::test
