// SPDX-License-Identifier: Apache-2.0
// What the releases' Mbed TLS refuses of a private key that the one linked here reads (library.hpp).
#pragma once

#include "base/secret.hpp"
#include "firmware_tls/library.hpp"

namespace atcert::firmware_tls {

// 0, or the library's error. `text` is a key that was read, with its final zero.
int check_form(const Secret& text, const Library& library);

}  // namespace atcert::firmware_tls
