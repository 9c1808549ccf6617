// SPDX-License-Identifier: Apache-2.0
// The part of a job that judges everything that can be known to be bad before the port is opened. What it finds good is
// the Checked of those after it.
#pragma once

#include <memory>

#include "credentials/check.hpp"
#include "credentials/credentials.hpp"
#include "provision/job.hpp"
#include "script/script.hpp"
#include "script/variables.hpp"

namespace atcert::provision {

Part check_credentials(std::shared_ptr<const credentials::Credentials> credentials, credentials::CheckOptions options);

// Of a job without credentials: the endpoint, the client id and the topic.
Part check_names(credentials::CheckOptions options);

// `given` are the values of the script's variables; a nonce is made for those that ask for one.
Part check_script(std::shared_ptr<const script::Script> script, script::Given given);

// Records what was found, warns, and fails with the first error among it.
Result<void> judge(const credentials::Findings& findings, Context& context);

}  // namespace atcert::provision
