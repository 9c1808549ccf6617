// SPDX-License-Identifier: Apache-2.0
#include "provision/slot_facts.hpp"

#include <doctest/doctest.h>

#include "credentials/throwaway.hpp"
#include "support/require.hpp"

namespace atcert::provision {
namespace {

using module::Damaged;
using module::Empty;
using module::Slot;
using module::Stored;

credentials::Throwaway new_device(const std::string& name) {
  const auto today = std::chrono::floor<std::chrono::days>(SystemClock().wall());
  credentials::ThrowawayOptions options;
  options.common_name = name;
  options.not_before = today;
  options.not_after = today + std::chrono::days(30);
  const auto authority = test::require(credentials::make_authority(options));
  return test::require(credentials::make_device(authority, options));
}

const credentials::Throwaway& device() {
  static const credentials::Throwaway made = new_device("device-42");
  return made;
}

Stored stored(std::string_view text) {
  return Stored(Secret(text));
}

}  // namespace

TEST_CASE("a certificate is told by subject, dates and fingerprint, a key by its kind alone") {
  const report::SlotFacts certificate = describe(Slot::mqtt_cert, stored(device().certificate));
  CHECK(certificate.slot == "mqtt_cert");
  CHECK(certificate.state == "content");
  CHECK(certificate.size == device().certificate.size());
  CHECK(certificate.subject.find("device-42") != std::string::npos);
  CHECK(certificate.fingerprint.size() == 64);
  CHECK(certificate.not_after > certificate.not_before);
  const report::SlotFacts key = describe(Slot::mqtt_key, Stored(device().key.clone()));
  CHECK(key.state == "content");
  CHECK_FALSE(key.key.empty());
  CHECK(key.subject.empty());
  CHECK(key_fits_certificate({certificate, key}) == true);
}

TEST_CASE("whether key and certificate belong together is known only when both are there") {
  const report::SlotFacts certificate = describe(Slot::mqtt_cert, stored(device().certificate));
  const credentials::Throwaway other = new_device("another");
  CHECK(key_fits_certificate({certificate, describe(Slot::mqtt_key, Stored(other.key.clone()))}) == false);
  CHECK_FALSE(key_fits_certificate({certificate}).has_value());
  CHECK_FALSE(key_fits_certificate({certificate, describe(Slot::mqtt_key, Stored(Empty{}))}).has_value());
}

TEST_CASE("what is empty, damaged or foreign is told as that") {
  CHECK(describe(Slot::mqtt_ca, Stored(Empty{})).state == "empty");
  const report::SlotFacts damaged = describe(Slot::mqtt_ca, Stored(Damaged{"its PKI bin holds 2 items, not one"}));
  CHECK(damaged.state == "damaged");
  CHECK(damaged.problem == "its PKI bin holds 2 items, not one");
  CHECK(describe(Slot::mqtt_ca, Stored(Damaged{"it holds no PKI bin", true})).state == "foreign");
  const report::SlotFacts swapped = describe(Slot::mqtt_cert, Stored(device().key.clone()));
  CHECK(swapped.state == "foreign");
  CHECK(swapped.problem.starts_with("no certificate, but a private key"));
  const report::SlotFacts text = describe(Slot::mqtt_key, stored("hello"));
  CHECK(text.state == "foreign");
  CHECK(text.problem == "no private key, but something else");
}

}  // namespace atcert::provision
