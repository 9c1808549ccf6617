// SPDX-License-Identifier: Apache-2.0
// What is in a file, told by its bytes and never by its name: certificates, keys, and what only looks like them; PEM,
// DER, a PKCS#7 bundle or C source. The first half of loading, and what `inspect` shows of such files.
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
  request,   // a certificate signing request
  pkcs12,    // opened with its passphrase by pkcs12.hpp
  archive,   // a zip, whose files are credentials of their own (zip.hpp)
  damaged,   // begins like one of the above and cannot be read
  too_many,  // more items than any file of credentials holds, in the place of all of them
  other,     // a PEM block that is none of them
};

struct Content {
  ContentKind kind = ContentKind::other;
  std::string name;       // "a certificate", "an RSA 2048 private key (PKCS#1)", or what is wrong when damaged
  Secret bytes;           // DER; for an encrypted PEM block its text
  Secret rewritten;       // a key in the form that every release reads; empty where they read it as it is
  std::string rewriting;  // why they do not
  std::string label;      // of the PEM block; empty for DER
  std::string deviation;  // why the firmware would not take it as it stands there; empty when it would
  CertificateFacts certificate;
  KeyFacts key;      // of a key, private or public
  std::string form;  // of a private key: "PKCS#1", "SEC1" or "PKCS#8"
};

struct FileContents {
  std::string source;
  std::vector<Content> items;
  std::vector<std::string> deviations;  // why the firmware would not take the file as it is, whatever item is wanted
  std::size_t outside = 0;              // bytes around the items that the firmware passes over
};

FileContents read_contents(const NamedFile& file);

// A Content for the private key, or the certificate, in `der`; kind damaged when there is none.
Content private_key_content(ByteView der);
Content certificate_content(ByteView der);

}  // namespace atcert::credentials
