// SPDX-License-Identifier: Apache-2.0
// The one way in which the text of a file that was read gets into a message. Any file may be given in the place of
// another, a private key in that of a unit list, so a message shows little of it and nothing that may be key material.
// What the result holds may still be unfit for a terminal; that is the business of whoever shows it.
#pragma once

#include <string>
#include <string_view>

namespace atcert {

// At most 40 characters of `text`. Runs of base64 are replaced by their length: those of 24 characters, and those of 16
// in which upper and lower case are mixed. Of a private key's PEM nothing is shown.
std::string excerpt(std::string_view text);

}  // namespace atcert
