// SPDX-License-Identifier: Apache-2.0
// The part of a job that puts credentials into a module: compare, write what differs, read back, compare. All three or,
// when something is refused, an error that says what the module holds now.
#pragma once

#include <functional>
#include <vector>

#include "credentials/credentials.hpp"
#include "module/credential_store.hpp"
#include "provision/job.hpp"
#include "provision/steps.hpp"
#include "report/run.hpp"

namespace atcert::provision {

// Which items are written: those that differ, or all.
enum class Rewrite { different, all };

// A stop request waits until the credentials are in: all of them take seconds, and a part of them is of no use.
Part push_credentials(Rewrite rewrite);

// Changes nothing and says what push_credentials() would write.
Part compare_credentials(Rewrite rewrite);

// A store, and how the dialogue with its module is brought to where it takes commands after a failure.
struct Target {
  module::CredentialStore& store;
  std::function<Result<void>()> recover;
};

// What the parts do with a store: append to `slots` what became of each.
Result<void> push(const Target& target, const credentials::Credentials& credentials, Rewrite rewrite, Steps& steps,
                  std::vector<report::SlotFacts>& slots);
Result<void> compare(const Target& target, const credentials::Credentials& credentials, Rewrite rewrite, Steps& steps,
                     std::vector<report::SlotFacts>& slots);

}  // namespace atcert::provision
