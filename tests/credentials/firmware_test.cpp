// SPDX-License-Identifier: Apache-2.0
#include "credentials/firmware.hpp"

#include <doctest/doctest.h>

#include "credentials/check.hpp"
#include "credentials/load.hpp"
#include "credentials/odd_forms.hpp"

namespace atcert::credentials {
namespace {

constexpr image::Release k2_4{{2, 4, 0, 0}};
constexpr image::Release k3_2{{3, 2, 0, 0}};
constexpr image::Release k3_3{{3, 3, 0, 0}};

Credentials with_ca(const std::string& pem) {
  return load_files(fixture("rsa.pem"), fixture("rsa.key"), named("odd.pem", pem), {}).value();
}

}  // namespace

TEST_CASE("firmware: what every release reads has no findings") {
  for (const char* name : {"rsa", "ec", "p384"}) {
    const std::string file = name;
    const auto loaded = load_files(fixture(file + ".pem"), fixture(file + ".key"), fixture("ca.pem"), {}).value();
    for (const image::Release& release : {k2_4, k3_2, k3_3, kNewestFirmware}) {
      CHECK(check_firmware(loaded, release).empty());
    }
  }
}

TEST_CASE("firmware: what it cannot read is an error with the library's own code") {
  const auto findings = check_firmware(with_ca(odd_certificate("signed-by-ed25519")), kNewestFirmware);
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().severity == Severity::error);
  CHECK(findings.front().code == "firmware_cannot_read");
  // MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG of mbedtls/x509.h, with what lies under it.
  CHECK(findings.front().message.find("odd.pem: the firmware of release 5.0.0.1 cannot read it: -0x26") == 0);
  CHECK(findings.front().remedy.find("root") != std::string::npos);
}

TEST_CASE("firmware: certificates beside a good one are passed over, and told") {
  Credentials credentials = with_ca(text_of("ca.pem"));
  credentials.ca.pem = to_bytes(as_bytes(text_of("ca.pem") + odd_certificate("key-ed25519")));
  const auto findings = check_firmware(credentials, kNewestFirmware);
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().severity == Severity::warning);
  CHECK(findings.front().code == "firmware_passes_over");
}

TEST_CASE("firmware: a key in a form that later releases do not read is left to those that read it") {
  const auto load = [](bool verbatim, const image::Release& release) {
    return load_files(fixture("ec.pem"), fixture("forms/attributes.key"), fixture("ca.pem"), {verbatim, {}, release});
  };
  const auto old = load(true, k3_2);
  REQUIRE(old);
  CHECK(old->key.pem.reveal_text() == text_of("forms/attributes.key"));
  CHECK(old->changes.empty());
  CHECK(check_firmware(*old, k3_2).empty());
  REQUIRE(check_firmware(*old, k3_3).size() == 1);
  CHECK(check_firmware(*old, k3_3).front().code == "firmware_cannot_read");
  CHECK(load(true, k3_3).error().code == "not_verbatim");
  CHECK(load(false, k3_3)->key.pem.reveal_text() == text_of("ec.pkcs8.key"));
}

TEST_CASE("firmware: the checks of credentials ask the release's library") {
  const Credentials odd = with_ca(odd_certificate("ext-tls-feature-critical"));
  CheckOptions options;
  options.now = odd.ca.first().not_before + std::chrono::days(1);
  std::vector<std::string> errors;
  for (const Finding& finding : check(odd, options)) {
    if (finding.severity == Severity::error) errors.push_back(finding.code);
  }
  CHECK(errors == std::vector<std::string>{"firmware_cannot_read"});
}

}  // namespace atcert::credentials
