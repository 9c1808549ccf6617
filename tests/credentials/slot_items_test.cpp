// SPDX-License-Identifier: Apache-2.0
#include "credentials/slot_items.hpp"

#include <doctest/doctest.h>

#include "credentials/fixtures.hpp"

namespace atcert::credentials {
namespace {

CertificateItem certificate(const std::string& name) {
  std::vector<std::string> changes;
  auto item = load_certificate(fixture(name), "client_cert", {}, changes);
  REQUIRE(item.ok());
  return std::move(*item);
}

KeyItem key(const std::string& name) {
  std::vector<std::string> changes;
  auto item = load_key(fixture(name), {}, changes);
  REQUIRE(item.ok());
  return std::move(*item);
}

// A pair that belongs together, and its CA.
SlotItems good_items() {
  SlotItems items;
  items.owner = "client";
  items.certificates.push_back(certificate("rsa.pem"));
  items.keys.push_back(key("rsa.key"));
  items.cas.push_back(certificate("ca.pem"));
  return items;
}

Date valid_day() {
  return certificate("rsa.pem").first().not_before + std::chrono::days(1);
}

std::vector<std::string> codes_of(const Findings& findings) {
  std::vector<std::string> codes;
  for (const Finding& finding : findings) codes.push_back(finding.code);
  return codes;
}

}  // namespace

TEST_CASE("items of slots are taken as they are, and refused in the other's place") {
  CHECK(text_of(certificate("rsa.pem").pem) == text_of("rsa.pem"));
  CHECK(key("rsa.key").pem.reveal_text() == text_of("rsa.key"));
  std::vector<std::string> changes;
  const auto as_certificate = load_certificate(fixture("rsa.key"), "client_cert", {}, changes);
  REQUIRE_FALSE(as_certificate.ok());
  CHECK(as_certificate.error().code == "key_as_certificate");
  CHECK(as_certificate.error().what.find("not a certificate for client_cert") != std::string::npos);
  CHECK(load_key(fixture("rsa.pem"), {}, changes).error().code == "certificate_as_key");
  CHECK(changes.empty());
  CHECK(load_certificate(fixture("rsa.der"), "client_cert", {}, changes).ok());
  CHECK(changes.size() == 1);
}

TEST_CASE("certificate and key of the same place belong together") {
  SlotItems items = good_items();
  CHECK(check_slot_items(items, valid_day(), false).empty());
  items.certificates.push_back(certificate("rsa.pem"));
  CHECK(codes_of(check_slot_items(items, valid_day(), false)) == std::vector<std::string>{"slot_pairs"});
  items.keys.push_back(key("ec.key"));
  const Findings findings = check_slot_items(items, valid_day(), false);
  CHECK(codes_of(findings) == std::vector<std::string>{"key_mismatch"});
  CHECK(findings.front().severity == Severity::error);
}

// RFC 5280, 4.1.2.5: both dates belong to the time in which a certificate is valid.
TEST_CASE("an item is valid from its first second to its last") {
  const SlotItems items = good_items();
  const CertificateFacts& facts = items.certificates[0].first();
  CHECK(check_slot_items(items, facts.not_before, false).empty());
  CHECK(check_slot_items(items, facts.not_after, false).empty());
  CHECK_FALSE(check_slot_items(items, facts.not_before - std::chrono::seconds(1), false).empty());
  CHECK_FALSE(check_slot_items(items, facts.not_after + std::chrono::seconds(1), false).empty());
}

TEST_CASE("dates and CAs of slots are worth a warning, with --strict an error") {
  SlotItems items = good_items();
  const Date late = items.certificates[0].first().not_after + std::chrono::days(1);
  CHECK(codes_of(check_slot_items(items, late, false)).front() == "expired");
  CHECK(check_slot_items(items, late, false).front().severity == Severity::warning);
  CHECK(check_slot_items(items, late, true).front().severity == Severity::error);
  CHECK(codes_of(check_slot_items(items, Date{}, false)).front() == "not_yet_valid");
  items.cas.clear();
  CHECK(codes_of(check_slot_items(items, late, false)) == std::vector<std::string>{"expired"});
  items.cas.push_back(certificate("rsa.pem"));
  CHECK(codes_of(check_slot_items(items, valid_day(), false)) == std::vector<std::string>{"ca_is_not_ca"});
}

}  // namespace atcert::credentials
