// SPDX-License-Identifier: Apache-2.0
// Private to this folder: items of the credentials out of the contents of files, normalised.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "credentials/contents.hpp"
#include "credentials/load.hpp"

namespace atcert::credentials {

// A file and what is in it.
struct Entry {
  const NamedFile* file;
  FileContents contents;
};

// What has to be said of what was taken (Credentials::changes and notes).
struct Remarks {
  std::vector<std::string> changes;
  std::vector<std::string> notes;
};

// The three items may have the same to say of one file.
void append_once(std::vector<std::string>& to, const std::vector<std::string>& lines);

using Chosen = std::vector<const Content*>;  // certificates of one file, in the order that the module is to get

// All certificates of the file. `slot` names the item in the error where there are none: "the device certificate".
Result<Chosen> all_certificates(const FileContents& contents, const std::string& slot);

// Those of the file that can be the root of a server's chain; where there are none, all of them.
Result<Chosen> authorities(const FileContents& contents);

Result<CertificateItem> take_certificates(const Entry& entry, const Chosen& chosen, const LoadOptions& options,
                                          Remarks& remarks);

// The private key of the file; of several the one of these certificates. One that is encrypted is opened when there is
// no other.
Result<KeyItem> take_key(const Entry& entry, const std::vector<const Content*>& certificates,
                         const LoadOptions& options, Remarks& remarks);

// The same of one key that was chosen.
Result<KeyItem> take_key(const Entry& entry, const Content& chosen, const LoadOptions& options, Remarks& remarks);

// The private key inside `content`, which is encrypted, with the passphrase that the options ask for.
Result<Content> decrypt(const Content& content, const std::string& source, const LoadOptions& options);

// "a certificate (CN=device-42)", "a private key, RSA 2048 (PKCS#1)".
std::string title_of(const Content& content);

// The three, or one Error that tells what is wrong with each.
Result<Credentials> assemble(Result<CertificateItem> certificate, Result<KeyItem> key, Result<CertificateItem> ca);

}  // namespace atcert::credentials
