// SPDX-License-Identifier: Apache-2.0
// Objects of C libraries with owners: std::unique_ptr<SSL, FreeWith<SSL_free>>.
#pragma once

namespace atcert {

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

}  // namespace atcert
