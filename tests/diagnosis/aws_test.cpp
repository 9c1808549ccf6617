// SPDX-License-Identifier: Apache-2.0
// The answer as the AWS IoT API reference (DescribeCertificate) has it.
#include "diagnosis/aws.hpp"

#include <doctest/doctest.h>

#include "support/require.hpp"

namespace atcert::diagnosis {
namespace {

constexpr const char* kDescription = R"({ "certificateDescription": {
  "certificateArn": "arn:aws:iot:eu-west-1:123456789012:cert/4f0ba725787aa94d67d2fca420eca022242532e8b3c58e7465c7778b443fd65e",
  "certificateId": "4f0ba725787aa94d67d2fca420eca022242532e8b3c58e7465c7778b443fd65e",
  "status": "INACTIVE",
  "certificatePem": "-----BEGIN CERTIFICATE-----\nMIIEajCCA1KgAwIBAgIQMjAy\n-----END CERTIFICATE-----",
  "ownedBy": "123456789012",
  "creationDate": 1541022751.983,
  "lastModifiedDate": 1541022751.983,
  "customerVersion": 1,
  "transferData": {},
  "generationId": "bbfc6cbf-36b4-4bf4-adcc-8e6a5b0a5d28",
  "validity": { "notBefore": 1541022751.0, "notAfter": 2524607999.0 },
  "certificateMode": "DEFAULT"
} })";

}  // namespace

TEST_CASE("the answer of describe-certificate gives id, status and mode") {
  const auto description = test::require(read_certificate_description(kDescription, "describe.json"));
  CHECK(description.id == "4f0ba725787aa94d67d2fca420eca022242532e8b3c58e7465c7778b443fd65e");
  CHECK(description.status == "INACTIVE");
  CHECK(description.mode == "DEFAULT");
}

TEST_CASE("what is no such answer is refused as bad input, with the command that gives one") {
  for (const char* text : {"", "{}", "[]", R"({"certificateDescription": {"status": "ACTIVE"}})",
                           R"({"certificateDescription": {"certificateId": "x", "status": "not a status"}})",
                           R"({"certificateDescription": []})"}) {
    CAPTURE(text);
    const auto description = read_certificate_description(text, "describe.json");
    REQUIRE_FALSE(description.ok());
    CHECK(description.error().kind == ErrorKind::input);
    CHECK(description.error().remedy.find("aws iot describe-certificate") != std::string::npos);
  }
}

}  // namespace atcert::diagnosis
