// SPDX-License-Identifier: Apache-2.0
// From the contents of files to Credentials. What the firmware accepts as it is (PEM with LF or CRLF, with or without a
// last line end, with text around it; keys in PKCS#1, SEC1 or PKCS#8) is taken byte for byte; anything else is turned
// into such PEM, and Credentials::changes says so. A file may hold several of the three, in any order. Reading the
// files is the caller's work.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/named_file.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "credentials/credentials.hpp"
#include "image/release.hpp"

namespace atcert::credentials {

struct LoadOptions {
  bool verbatim = false;  // refuse what would have to be changed
  // Asks for the passphrase of an encrypted key; nothing when nobody can be asked. May be empty.
  std::function<std::optional<Secret>(const std::string& source)> passphrase = {};
  // Of the firmware, where it is known: what that reads is not changed, though later firmware would not read it.
  std::optional<image::Release> release = {};
  // Of deriving a key from a passphrase: five times what careful tools choose. What asks for more is refused.
  long most_iterations = 10'000'000;
};

// A CA that is read once for many loads.
struct SharedCa {
  CertificateItem item;
  std::vector<std::string> changes;
  std::vector<std::string> notes;
};

Result<SharedCa> load_ca(const NamedFile& ca, const LoadOptions& options);

Result<Credentials> load_files(const NamedFile& certificate, const NamedFile& key, const NamedFile& ca,
                               const LoadOptions& options);
Result<Credentials> load_files(const NamedFile& certificate, const NamedFile& key, const SharedCa& ca,
                               const LoadOptions& options);

// Finds the three in `files` by what is in them, also where one file holds several; what is no credential is ignored.
// `ca` is taken instead of one from the folder when it is given. `folder` is what messages call all of them: for one
// file its name.
Result<Credentials> load_folder(const std::string& folder, std::span<const NamedFile> files, const SharedCa* ca,
                                const LoadOptions& options);

// An answer of AWS that holds the certificate, in JSON: of create-keys-and-certificate, create-certificate-from-csr,
// describe-certificate, or of fleet provisioning. Where it does not hold the private key, `key` does; null: none is
// given. Other forms in which the AWS CLI prints them are read by what is in them.
Result<Credentials> load_aws_json(const NamedFile& json, const NamedFile* key, const NamedFile& ca,
                                  const LoadOptions& options);
Result<Credentials> load_aws_json(const NamedFile& json, const NamedFile* key, const SharedCa& ca,
                                  const LoadOptions& options);

}  // namespace atcert::credentials
