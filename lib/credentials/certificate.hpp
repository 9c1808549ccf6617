// SPDX-License-Identifier: Apache-2.0
// X.509 certificates in DER as the plain facts of credentials.hpp.
#pragma once

#include <optional>

#include "credentials/credentials.hpp"

namespace atcert::credentials {

// The facts of the certificate (RFC 5280) that fills `der`; none when there is none.
std::optional<CertificateFacts> certificate_facts(ByteView der);

}  // namespace atcert::credentials
