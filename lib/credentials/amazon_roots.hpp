// SPDX-License-Identifier: Apache-2.0
// The root CAs that AWS publishes for its IoT endpoints (AWS IoT developer guide, "Server authentication";
// amazontrust.com/repository): CA 1 (RSA 2048) and CA 3 (P-256) are in use, CA 2 (RSA 4096) and CA 4 (P-384) are held
// in reserve.
#pragma once

#include <span>
#include <string_view>

#include "credentials/credentials.hpp"

namespace atcert::credentials {

struct AmazonRoot {
  std::string_view name;  // as AWS names the download: "AmazonRootCA1"
  std::string_view pem;
  std::string_view key_fingerprint;  // as KeyFacts has it
};

std::span<const AmazonRoot> amazon_roots();
const AmazonRoot* find_amazon_root(std::string_view name);

// The name of the Amazon root whose key `certificate` has, cross-signed or not; empty for any other certificate.
// Names in a certificate prove nothing, keys do.
std::string_view amazon_root_name(const CertificateFacts& certificate);

}  // namespace atcert::credentials
