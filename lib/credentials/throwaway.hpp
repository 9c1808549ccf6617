// SPDX-License-Identifier: Apache-2.0
// Throwaway credentials for the demo and the tests: an authority of its own, and server and device certificates by it.
// Everything is made in memory. Not for products: nobody guards the authority's key.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "credentials/credentials.hpp"

namespace atcert::credentials {

enum class ThrowawayKey { rsa_2048, p256 };
enum class ThrowawayForm { traditional, pkcs8 };  // traditional: PKCS#1 for RSA, SEC1 for P-256, as AWS and openssl do

struct ThrowawayOptions {
  std::string common_name;
  std::string organization;  // may be empty
  Date not_before;
  Date not_after;
  ThrowawayKey key = ThrowawayKey::p256;
  ThrowawayForm form = ThrowawayForm::traditional;
};

struct Throwaway {
  std::string certificate;  // PEM
  Secret key;               // PEM
};

// A self-signed CA.
Result<Throwaway> make_authority(const ThrowawayOptions& options);

// A certificate for TLS servers, valid for `names`: DNS names and IP addresses.
Result<Throwaway> make_server(const Throwaway& authority, const ThrowawayOptions& options,
                              const std::vector<std::string>& names);

// A certificate for TLS clients.
Result<Throwaway> make_device(const Throwaway& authority, const ThrowawayOptions& options);

}  // namespace atcert::credentials
