// SPDX-License-Identifier: Apache-2.0
// Private to this folder: whether what AWS told of a certificate is true of it, and whether AWS will let it in.
#pragma once

#include "credentials/check.hpp"
#include "credentials/credentials.hpp"
#include "credentials/finding.hpp"

namespace atcert::credentials {

Findings check_aws(const Credentials& credentials, const CheckOptions& options);

// The part of it that depends on the module.
Findings check_mode(const Credentials& credentials, const CheckOptions& options);

}  // namespace atcert::credentials
