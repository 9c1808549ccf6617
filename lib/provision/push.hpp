// SPDX-License-Identifier: Apache-2.0
// Credentials into a module: compare, write what differs, read back, compare. All three or, when something is refused,
// an error that says what the module holds now.
#pragma once

#include "credentials/credentials.hpp"
#include "module/credential_store.hpp"
#include "provision/steps.hpp"
#include "report/run.hpp"

namespace atcert::provision {

struct PushOptions {
  bool force = false;
  bool dry_run = false;
};

// Appends to `slots` what became of each. Not to be interrupted half-way: a certificate without its key is worse than
// either set of credentials.
Result<void> push(module::CredentialStore& store, const credentials::Credentials& credentials,
                  const PushOptions& options, Steps& steps, std::vector<report::SlotFacts>& slots);

}  // namespace atcert::provision
