// SPDX-License-Identifier: Apache-2.0
#include "credentials/quick_fingerprints.hpp"

#include <algorithm>
#include <string_view>

#include "base/digest.hpp"
#include "credentials/pem.hpp"

namespace atcert::credentials {

std::optional<std::vector<std::string>> quick_fingerprints(const NamedFile& file) {
  const std::string_view text = file.content.reveal_text();
  std::vector<std::string> fingerprints;
  if (text.find("CERTIFICATE-----") == std::string_view::npos) {
    // A PEM file without certificates, or one in a form that has to be found out.
    if (text.starts_with("-----BEGIN ")) return fingerprints;
    return std::nullopt;
  }
  for (const PemBlock& block : read_pem(file.content).blocks) {
    if (!block.label.ends_with("CERTIFICATE")) continue;
    if (block.label != "CERTIFICATE" || !block.damage.empty() || block.der.empty()) return std::nullopt;
    std::string fingerprint = sha256(block.der.reveal());
    if (std::find(fingerprints.begin(), fingerprints.end(), fingerprint) == fingerprints.end()) {
      fingerprints.push_back(std::move(fingerprint));
    }
  }
  return fingerprints;
}

}  // namespace atcert::credentials
