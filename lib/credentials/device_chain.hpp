// SPDX-License-Identifier: Apache-2.0
// Private to this folder: which certificates of a file the module is to show. The device's own is the one of the key,
// wherever it stands; behind it go its issuers, as far as the file has them (RFC 5246 section 7.4.2).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "credentials/item.hpp"

namespace atcert::credentials {

// `key` is null where it could not be read; `left_out` holds the CAs that are taken out of the same file for the
// server's sake, and which the device therefore does not show.
Result<Chosen> device_chain(const FileContents& contents, const KeyFacts* key,
                            const std::vector<CertificateFacts>& left_out);

}  // namespace atcert::credentials
