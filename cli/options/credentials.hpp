// SPDX-License-Identifier: Apache-2.0
// Where the credentials come from: the options that every verb has for it.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "credentials/check.hpp"
#include "credentials/credentials.hpp"
#include "image/release.hpp"
#include "intake/source.hpp"
#include "program.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct CredentialOptions {
  intake::Source source;
  bool verbatim = false;
  bool strict = false;
};

void add_credential_options(Verb& verb, CredentialOptions& options);

// Reads the files; asks for the passphrase of an encrypted key where somebody can be asked. `release` is that of the
// firmware, where it is known.
Result<credentials::Credentials> load_credentials(const CredentialOptions& options, Program& program,
                                                  const std::optional<image::Release>& release = {});

// The checks as of now, with --strict.
credentials::CheckOptions check_options(const CredentialOptions& options, const Clock& clock);

}  // namespace atcert::cli
