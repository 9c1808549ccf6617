// SPDX-License-Identifier: Apache-2.0
// Private to this folder: one item of the credentials out of a file's contents, normalised.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "credentials/contents.hpp"
#include "credentials/load.hpp"

namespace atcert::credentials {

// `slot` names the item in messages: "the device certificate", "the CA".
Result<CertificateItem> take_certificates(const NamedFile& file, const FileContents& contents, const std::string& slot,
                                          const LoadOptions& options, std::vector<std::string>& changes);

Result<KeyItem> take_key(const NamedFile& file, const FileContents& contents, const LoadOptions& options,
                         std::vector<std::string>& changes);

// The private key inside `content`, which is encrypted, with the passphrase that the options ask for.
Result<Content> decrypt(const Content& content, const std::string& source, const LoadOptions& options);

// The three, or one Error that tells what is wrong with each.
Result<Credentials> assemble(Result<CertificateItem> certificate, Result<KeyItem> key, Result<CertificateItem> ca);

}  // namespace atcert::credentials
