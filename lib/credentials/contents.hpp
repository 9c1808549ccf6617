// SPDX-License-Identifier: Apache-2.0
// What is in a file, told by its bytes and never by its name: certificates, keys, and what only looks like them; PEM or
// DER. The first half of loading, and what `inspect` shows of such files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/named_file.hpp"
#include "credentials/credentials.hpp"

namespace atcert::credentials {

enum class ContentKind {
  certificate,
  private_key,
  encrypted_key,
  public_key,
  request,  // a certificate signing request
  archive,  // PKCS#7 or PKCS#12
  damaged,  // begins like one of the above and cannot be read
  other,    // a PEM block that is none of them
};

struct Content {
  ContentKind kind = ContentKind::other;
  std::string name;   // "a certificate", "an RSA 2048 private key (PKCS#1)", or what is wrong when damaged
  Secret bytes;       // DER; for an encrypted PEM block its text
  std::string label;  // of the PEM block; empty for DER
  CertificateFacts certificate;
  KeyFacts key;      // of a key, private or public
  std::string form;  // of a private key: "PKCS#1", "SEC1" or "PKCS#8"
};

struct FileContents {
  std::string source;
  std::vector<Content> items;
  std::vector<std::string> deviations;  // why the firmware would not take the file as it is
};

FileContents read_contents(const NamedFile& file);

// The PEM label under which mbedTLS looks for a private key of this form.
std::string label_of_form(std::string_view form);

// A Content for the private key in `der`; kind damaged when there is none.
Content private_key_content(ByteView der);

}  // namespace atcert::credentials
