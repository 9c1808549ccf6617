// SPDX-License-Identifier: Apache-2.0
#include "credentials/device_chain.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "credentials/describe.hpp"

namespace atcert::credentials {
namespace {

bool is_of_key(const Content& content, const KeyFacts& key) {
  return !key.fingerprint.empty() && content.certificate.key.fingerprint == key.fingerprint;
}

bool is_same(const CertificateFacts& left, const CertificateFacts& right) {
  return left.fingerprint == right.fingerprint;
}

bool holds(const Chosen& chosen, const CertificateFacts& facts) {
  return std::any_of(chosen.begin(), chosen.end(),
                     [&](const Content* content) { return is_same(content->certificate, facts); });
}

Error ambiguous(const FileContents& contents, const Chosen& fitting) {
  std::string names;
  for (const Content* content : fitting) {
    const CertificateFacts& facts = content->certificate;
    names += fmt::format("{}{} of {}, serial {}", names.empty() ? "" : ", ", facts.subject, to_text(facts.not_before),
                         facts.serial);
  }
  return {ErrorKind::input,
          "ambiguous",
          fmt::format("{}: holds several certificates of the one key: {}", contents.source, names),
          {},
          "put the one to use into a file of its own"};
}

// The issuer of the last certificate, where the file has it and it is not there yet.
const Content* next_issuer(const Chosen& all, const Chosen& chain, const std::vector<CertificateFacts>& left_out) {
  const CertificateFacts& last = chain.back()->certificate;
  if (last.issuer == last.subject) return nullptr;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Content* content) {
    const CertificateFacts& facts = content->certificate;
    return facts.subject == last.issuer && facts.is_ca && !holds(chain, facts) &&
           std::none_of(left_out.begin(), left_out.end(), [&](const auto& ca) { return is_same(ca, facts); });
  });
  return found != all.end() ? *found : nullptr;
}

// No certificate is that of the key. The checks will say so, of what most looks like the device's own.
Chosen as_it_stands(Chosen all) {
  std::stable_partition(all.begin(), all.end(), [](const Content* content) { return !content->certificate.is_ca; });
  return all;
}

}  // namespace

Result<Chosen> device_chain(const FileContents& contents, const KeyFacts* key,
                            const std::vector<CertificateFacts>& left_out) {
  ATCERT_TRY(Chosen, all, all_certificates(contents, "the device certificate"));
  Chosen fitting;
  for (const Content* content : all) {
    if (key != nullptr && is_of_key(*content, *key) && !holds(fitting, content->certificate)) {
      fitting.push_back(content);
    }
  }
  if (fitting.size() > 1) return ambiguous(contents, fitting);
  if (fitting.empty()) return as_it_stands(std::move(all));
  Chosen chain = fitting;
  while (const Content* issuer = next_issuer(all, chain, left_out)) chain.push_back(issuer);
  return chain;
}

}  // namespace atcert::credentials
