// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/slots.hpp"

#include <doctest/doctest.h>

#include "credentials/amazon_roots.hpp"
#include "credentials/fixtures.hpp"

namespace atcert::diagnosis {
namespace {

using credentials::text_of;

module::Stored item(const std::string& fixture) {
  return Secret(text_of(fixture));
}

SlotContents good() {
  return {item("ca.pem"), item("rsa.pem"), item("rsa.key")};
}

}  // namespace

TEST_CASE("good slots are good, belong together and are those that were given") {
  const auto given = credentials::good_credentials();
  const Stored stored = judge(good(), &given);
  CHECK(stored.ca == SlotState::good);
  CHECK(stored.certificate == SlotState::good);
  CHECK(stored.key == SlotState::good);
  CHECK(stored.belong_together == true);
  CHECK(stored.as_given == true);
  CHECK(stored.amazon_root == false);
  CHECK(stored.certificate_id == given.certificate.first().fingerprint);
  CHECK_FALSE(judge(good(), nullptr).as_given);
}

TEST_CASE("a key of another certificate, and another certificate than the given one") {
  SlotContents slots = good();
  slots.key = item("ec.key");
  CHECK(judge(slots, nullptr).belong_together == false);
  slots.certificate = item("ec.pem");
  const auto given = credentials::good_credentials();
  const Stored stored = judge(slots, &given);
  CHECK(stored.belong_together == true);
  CHECK(stored.as_given == false);
}

TEST_CASE("what is empty, damaged, no PEM or in the wrong place") {
  const Stored none =
      judge({module::Empty{}, module::Damaged{"two items"}, Secret(std::string_view("hello"))}, nullptr);
  CHECK(none.ca == SlotState::empty);
  CHECK(none.certificate == SlotState::damaged);
  CHECK(none.key == SlotState::unreadable);
  CHECK_FALSE(none.belong_together);
  const Stored swapped = judge({item("rsa.key"), item("ca.pem"), item("rsa.pub")}, nullptr);
  CHECK(swapped.ca == SlotState::swapped);
  CHECK(swapped.certificate == SlotState::swapped);
  CHECK(swapped.key == SlotState::swapped);
}

TEST_CASE("one of Amazon's roots is known as such") {
  SlotContents slots = good();
  slots.ca = Secret(credentials::amazon_roots().front().pem);
  CHECK(judge(slots, nullptr).amazon_root == true);
}

}  // namespace atcert::diagnosis
