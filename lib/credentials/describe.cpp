// SPDX-License-Identifier: Apache-2.0
#include "credentials/describe.hpp"

#include <fmt/core.h>

#include "credentials/amazon_roots.hpp"

namespace atcert::credentials {
namespace {

ItemDescription describe_certificates(std::string name, const CertificateItem& item) {
  ItemDescription description{std::move(name), item.source, item.pem.size(), {}};
  const CertificateFacts& facts = item.first();
  description.facts = {{"subject", facts.subject},
                       {"issuer", facts.issuer},
                       {"serial", facts.serial},
                       {"not_before", to_text(facts.not_before)},
                       {"not_after", to_text(facts.not_after)},
                       {"key", facts.key.name},
                       {"signature", facts.signature},
                       {"sha256", facts.fingerprint}};
  if (item.chain.size() > 1) description.facts.emplace_back("certificates", fmt::format("{}", item.chain.size()));
  return description;
}

}  // namespace

std::vector<ItemDescription> describe(const Credentials& credentials) {
  std::vector<ItemDescription> items;
  items.push_back(describe_certificates("certificate", credentials.certificate));
  const KeyItem& key = credentials.key;
  items.push_back({"key", key.source, key.pem.size(), {{"key", key.facts.name}, {"form", key.form}}});
  items.push_back(describe_certificates("ca", credentials.ca));
  const std::string_view root = amazon_root_name(credentials.ca.first());
  if (!root.empty()) items.back().facts.emplace_back("amazon_root", std::string(root));
  return items;
}

std::string to_text(Date date) {
  const auto day = std::chrono::floor<std::chrono::days>(date);
  const std::chrono::year_month_day ymd(day);
  const std::chrono::hh_mm_ss time(date - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

}  // namespace atcert::credentials
