// SPDX-License-Identifier: Apache-2.0
// What AWS says of a certificate and of a client, as evidence: the answer of `aws iot describe-certificate` (AWS IoT
// API reference, DescribeCertificate), and the presence events that an observer may subscribe to (AWS IoT developer
// guide, "Lifecycle events").
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace atcert::diagnosis {

struct CertificateDescription {
  std::string id;      // SHA-256 of the certificate, lower-case hex
  std::string status;  // "INACTIVE"
  std::string mode;    // "SNI_ONLY"; empty when the answer does not say
};

// `file` is the name that messages give. Errors are of kind input.
Result<CertificateDescription> read_certificate_description(std::string_view json, const std::string& file);

}  // namespace atcert::diagnosis
