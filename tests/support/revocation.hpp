// SPDX-License-Identifier: Apache-2.0
// A certificate revocation list, as a broker takes it.
#pragma once

#include <string>

#include "credentials/throwaway.hpp"

namespace atcert::test {

// PEM, by `authority`, of the one certificate.
std::string revocation_list(const credentials::Throwaway& authority, const std::string& certificate);

}  // namespace atcert::test
