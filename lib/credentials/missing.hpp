// SPDX-License-Identifier: Apache-2.0
// Private to this folder: why a file does not hold what it was given for. A private key is often there once and never
// again, so no remedy sends anybody away from a file that may hold one.
#pragma once

#include <string>

#include "base/result.hpp"
#include "credentials/contents.hpp"

namespace atcert::credentials {

const Content* find_kind(const FileContents& contents, ContentKind kind);

// What cannot be read and may have been a certificate, or a private key; null when there is none.
const Content* damaged_certificate(const FileContents& contents);
const Content* damaged_key(const FileContents& contents);

Error damaged_error(const std::string& source, const Content& damage);

// Why `contents` have no certificate for `slot`, or no private key.
Error no_certificate(const FileContents& contents, const std::string& slot);
Error no_key(const FileContents& contents);

}  // namespace atcert::credentials
