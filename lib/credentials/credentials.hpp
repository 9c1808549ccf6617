// SPDX-License-Identifier: Apache-2.0
// Credentials as a module gets them: the PEM bytes of the three items, where each came from, and what is in it. They
// are made by load.hpp and judged by check.hpp.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace atcert::credentials {

// A moment to the second. Certificates hold dates up to the year 9999, which the nanoseconds of WallTime do not.
using Date = std::chrono::sys_seconds;

enum class KeyAlgorithm { rsa, ec, other };

struct KeyFacts {
  KeyAlgorithm algorithm = KeyAlgorithm::other;
  int bits = 0;
  std::string name;  // "RSA 2048", "P-256", "ED25519"
  std::string
      fingerprint;  // SHA-256 of the public key (SubjectPublicKeyInfo), lower-case hex: equal in key and certificate
};

struct CertificateFacts {
  std::string subject;  // RFC 2253: "CN=AWS IoT Certificate"
  std::string issuer;
  std::string serial;  // upper-case hex
  Date not_before;
  Date not_after;
  KeyFacts key;
  std::string signature;    // "sha256WithRSAEncryption"
  std::string fingerprint;  // SHA-256 of the DER, lower-case hex; AWS calls it the certificate id
  std::size_t size = 0;     // of the DER
  bool is_ca = false;
  bool self_signed = false;  // issuer is subject, and the signature is by its own key
};

struct CertificateItem {
  std::string source;                   // the file, or what else the messages call it
  Bytes pem;                            // what goes into the module
  std::vector<CertificateFacts> chain;  // one a PEM block, in their order; never empty in loaded credentials

  const CertificateFacts& first() const { return chain.front(); }
};

struct KeyItem {
  std::string source;
  Secret pem;
  std::string form;  // "PKCS#1", "SEC1" or "PKCS#8"
  KeyFacts facts;
};

// What AWS told of the certificate in one of its answers, in its own words; what it did not tell is empty.
struct AwsFacts {
  std::string command;  // "describe-certificate"
  std::string arn;      // "arn:aws:iot:<region>:<account>:cert/<id>"
  std::string id;       // the certificate's SHA-256, lower-case hex
  std::string status;   // "ACTIVE"
  std::string mode;     // "DEFAULT" or "SNI_ONLY"
  std::optional<Date> not_before;
  std::optional<Date> not_after;
  std::optional<Date> expiration;  // of a provisioning claim
};

struct Credentials {
  CertificateItem certificate;
  KeyItem key;
  CertificateItem ca;
  AwsFacts aws;
  std::vector<std::string> changes;  // what was changed to make PEM that the firmware accepts
  std::vector<std::string> notes;    // what was chosen among several
};

}  // namespace atcert::credentials
