// SPDX-License-Identifier: Apache-2.0
#include "intake/certificate_scout.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include "credentials/quick_fingerprints.hpp"

namespace atcert::intake {
namespace {

using Fingerprints = std::vector<std::string>;

bool can_be_read_again(const Source& source) {
  std::error_code error;
  if (source.folder.empty()) return std::filesystem::is_regular_file(source.certificate, error);
  return std::filesystem::is_regular_file(source.folder, error) || std::filesystem::is_directory(source.folder, error);
}

// Nothing where a file has to be looked into closely.
std::optional<Fingerprints> quick_look(const Source& source) {
  Fingerprints all;
  const auto files = read_certificate_files(source);
  if (!files) return std::nullopt;
  for (const NamedFile& file : *files) {
    const auto found = credentials::quick_fingerprints(file);
    if (!found) return std::nullopt;
    all.insert(all.end(), found->begin(), found->end());
  }
  return all;
}

}  // namespace

std::string CertificateScout::fingerprint_of(const Source& source) {
  if (!can_be_read_again(source)) return {};
  const auto all = quick_look(source);
  if (all) {
    Fingerprints left = *all;
    std::erase_if(left, [this](const std::string& fingerprint) { return others_.contains(fingerprint); });
    if (left.size() == 1) return left.front();
  }
  const auto loaded = load_(source);
  if (!loaded) return {};
  const std::string own = loaded->certificate.first().fingerprint;
  for (const std::string& fingerprint : all.value_or(Fingerprints())) {
    if (fingerprint != own) others_.insert(fingerprint);
  }
  return own;
}

}  // namespace atcert::intake
