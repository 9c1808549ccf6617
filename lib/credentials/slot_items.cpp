// SPDX-License-Identifier: Apache-2.0
#include "credentials/slot_items.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/plural.hpp"
#include "credentials/describe.hpp"
#include "credentials/item.hpp"
#include "credentials/pkcs12.hpp"

namespace atcert::credentials {
namespace {

void check_counts(const SlotItems& items, Findings& findings) {
  if (items.certificates.size() == items.keys.size()) return;
  findings.push_back({Severity::error, "slot_pairs",
                      fmt::format("{} and {} are given for the slots {}_cert and {}_key",
                                  counted(items.certificates.size(), "certificate"), counted(items.keys.size(), "key"),
                                  items.owner, items.owner),
                      "give a key for each certificate, in the same order"});
}

void check_pair(const CertificateItem& certificate, const KeyItem& key, Findings& findings) {
  if (!key.facts.fingerprint.empty() && certificate.first().key.fingerprint == key.facts.fingerprint) return;
  findings.push_back({Severity::error, "key_mismatch",
                      fmt::format("the private key {} ({}) does not belong to the certificate {} ({})", key.source,
                                  key.facts.name, certificate.source, certificate.first().key.name),
                      "give certificates and keys in the same order, the device's own certificate first in its file"});
}

void check_dates(const CertificateItem& certificate, Date now, Findings& findings) {
  for (const CertificateFacts& facts : certificate.chain) {
    const bool early = now < facts.not_before;
    if (!early && now <= facts.not_after) continue;
    findings.push_back(
        {Severity::warning, early ? "not_yet_valid" : "expired",
         fmt::format("{}: the certificate {} {} {}", certificate.source, facts.subject,
                     early ? "is not valid before" : "expired on", to_text(early ? facts.not_before : facts.not_after)),
         "get a new one; if the date is wrong, check this machine's clock"});
  }
}

void check_ca(const CertificateItem& ca, Findings& findings) {
  for (const CertificateFacts& facts : ca.chain) {
    if (facts.is_ca || facts.self_signed) continue;
    findings.push_back({Severity::warning, "ca_is_not_ca",
                        fmt::format("{} ({}) is not a CA certificate", ca.source, facts.subject),
                        "give the root CA of the other side's chain"});
  }
}

}  // namespace

Result<CertificateItem> load_certificate(const NamedFile& file, const std::string& slot, const LoadOptions& options,
                                         std::vector<std::string>& changes) {
  ATCERT_TRY(const Entry, entry, read_entry(file, options));
  ATCERT_TRY(const Chosen, all, all_certificates(entry.contents, "a certificate for " + slot));
  Remarks remarks;
  auto item = take_certificates(entry, all, options, remarks);
  changes.insert(changes.end(), remarks.changes.begin(), remarks.changes.end());
  return item;
}

Result<KeyItem> load_key(const NamedFile& file, const LoadOptions& options, std::vector<std::string>& changes) {
  ATCERT_TRY(const Entry, entry, read_entry(file, options));
  Remarks remarks;
  auto item = take_key(entry, std::vector<const Content*>(), options, remarks);
  changes.insert(changes.end(), remarks.changes.begin(), remarks.changes.end());
  return item;
}

Findings check_slot_items(const SlotItems& items, Date now, bool strict) {
  Findings findings;
  check_counts(items, findings);
  for (std::size_t i = 0; i < std::min(items.certificates.size(), items.keys.size()); ++i) {
    check_pair(items.certificates[i], items.keys[i], findings);
  }
  for (const CertificateItem& certificate : items.certificates) check_dates(certificate, now, findings);
  for (const CertificateItem& ca : items.cas) {
    check_dates(ca, now, findings);
    check_ca(ca, findings);
  }
  if (strict) make_strict(findings);
  return findings;
}

}  // namespace atcert::credentials
