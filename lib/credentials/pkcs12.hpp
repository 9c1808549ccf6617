// SPDX-License-Identifier: Apache-2.0
// Private to this folder: PKCS#12 files (RFC 7292), which Windows, Java and OpenSSL export certificate and key in.
#pragma once

#include "base/result.hpp"
#include "credentials/item.hpp"

namespace atcert::credentials {

// Puts what is in the PKCS#12 files among `contents` in their place. The passphrase is asked for unless there is none.
Result<void> open_pkcs12(FileContents& contents, const LoadOptions& options);

// A file and what is in it, opened.
Result<Entry> read_entry(const NamedFile& file, const LoadOptions& options);

}  // namespace atcert::credentials
