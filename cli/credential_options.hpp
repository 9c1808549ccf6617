// SPDX-License-Identifier: Apache-2.0
// Where the credentials come from: the options that every verb has for it, and the edge where the files are read.
#pragma once

#include <string>

#include "base/named_file.hpp"
#include "base/result.hpp"
#include "credentials/check.hpp"
#include "credentials/credentials.hpp"
#include "program.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct CredentialOptions {
  std::string folder;
  std::string certificate;
  std::string key;
  std::string ca;  // a file, or the name of an Amazon root that is built in
  std::string aws_json;
  bool verbatim = false;
  bool strict = false;
};

void add_credential_options(Verb& verb, CredentialOptions& options);

// True when any of the options says where credentials are.
bool credentials_given(const CredentialOptions& options);

// Reads the files; asks for the passphrase of an encrypted key where somebody can be asked.
Result<credentials::Credentials> load_credentials(const CredentialOptions& options, Program& program);

// A file of certificates or keys; "-" is standard input.
Result<NamedFile> read_credential_file(const std::string& path);

// The CA certificate that --ca names: a file, or an Amazon root.
Result<NamedFile> read_ca(const std::string& ca);

// The checks as of now, with --strict.
credentials::CheckOptions check_options(const CredentialOptions& options, const Clock& clock);

}  // namespace atcert::cli
