// SPDX-License-Identifier: Apache-2.0
#include "credentials/check.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "credentials/amazon_roots.hpp"
#include "credentials/fixtures.hpp"
#include "credentials/throwaway.hpp"

namespace atcert::credentials {
namespace {

using namespace std::chrono_literals;

constexpr Date kNow = std::chrono::sys_days(std::chrono::year(2030) / 1 / 1);
constexpr const char* kEndpoint = "a1b2c3d4e5f6g7-ats.iot.eu-central-1.amazonaws.com";

CheckOptions at_now() {
  CheckOptions options;
  options.now = kNow;
  return options;
}

Findings check_files(const NamedFile& certificate, const NamedFile& key, const NamedFile& ca,
                     const CheckOptions& options = at_now()) {
  return check(load_files(certificate, key, ca, {}).value(), options);
}

Findings check_device(const std::string& name, const CheckOptions& options = at_now()) {
  return check_files(fixture(name + ".pem"), fixture(name + ".key"), fixture("ca.pem"), options);
}

// The findings as "severity code", sorted: "error key_mismatch".
std::vector<std::string> codes_of(const Findings& findings) {
  std::vector<std::string> codes;
  for (const Finding& finding : findings) codes.push_back(std::string(name_of(finding.severity)) + " " + finding.code);
  std::sort(codes.begin(), codes.end());
  return codes;
}

using Codes = std::vector<std::string>;

struct Validity {
  Date not_before = kNow - 24h;
  Date not_after = kNow + std::chrono::days(3650);
};

Throwaway authority_valid(const Validity& validity) {
  ThrowawayOptions options;
  options.common_name = "authority";
  options.not_before = validity.not_before;
  options.not_after = validity.not_after;
  return make_authority(options).value();
}

Findings check_validity(const Validity& device, const Validity& ca) {
  const Throwaway authority = authority_valid(ca);
  ThrowawayOptions options;
  options.common_name = "device";
  options.not_before = device.not_before;
  options.not_after = device.not_after;
  const Throwaway made = make_device(authority, options).value();
  return check_files(named("d.pem", made.certificate), {"d.key", made.key.clone()},
                     named("ca.pem", authority.certificate));
}

Findings check_ca_at(const NamedFile& ca, const std::string& endpoint) {
  CheckOptions options = at_now();
  options.endpoint = endpoint;
  return check_files(fixture("rsa.pem"), fixture("rsa.key"), ca, options);
}

NamedFile root(const std::string& name) {
  return named(name, find_amazon_root(name)->pem);
}

}  // namespace

TEST_CASE("good credentials have no findings") {
  for (const char* name : {"rsa", "ec", "p384"}) CHECK(codes_of(check_device(name)).empty());
  CHECK(check_ca_at(root("AmazonRootCA1"), kEndpoint).empty());
}

TEST_CASE("a key of another certificate is an error that names both files") {
  const Findings findings = check_files(fixture("rsa.pem"), fixture("rsa3072.key"), fixture("ca.pem"));
  CHECK(codes_of(findings) == Codes{"error key_mismatch", "warning key_slow"});
  CHECK(findings.front().message ==
        "the private key rsa3072.key (RSA 3072) does not belong to the certificate rsa.pem (RSA 2048)");
}

TEST_CASE("certificate and CA in each other's place are seen") {
  CHECK(codes_of(check_files(fixture("ca.pem"), fixture("rsa.key"), fixture("rsa.pem"))) ==
        Codes{"error ca_is_not_ca", "error certificate_and_ca_swapped"});
}

TEST_CASE("a CA as the device certificate is an error, and with its own key a warning") {
  CHECK(codes_of(check_files(fixture("ca.pem"), fixture("rsa.key"), fixture("ca.pem"))) ==
        Codes{"error ca_as_certificate"});
  CHECK(codes_of(check_files(root("AmazonRootCA1"), fixture("rsa.key"), fixture("ca.pem"))) ==
        Codes{"error ca_as_certificate"});
  CHECK(codes_of(check_files(fixture("ca.pem"), fixture("ca.key"), fixture("other-ca.pem"))) ==
        Codes{"warning ca_as_certificate"});
}

TEST_CASE("dates are checked against the time that is given") {
  const Validity good;
  CHECK(codes_of(check_validity(good, good)).empty());
  CHECK(codes_of(check_validity({kNow + 1s, kNow + std::chrono::days(90)}, good)) ==
        Codes{"error certificate_not_yet_valid"});
  CHECK(codes_of(check_validity({kNow - 48h, kNow - 1s}, good)) == Codes{"error certificate_expired"});
  // The first and the last second count (RFC 5280, 4.1.2.5).
  CHECK(codes_of(check_validity({kNow, kNow + std::chrono::days(90)}, good)).empty());
  CHECK(codes_of(check_validity({kNow - 48h, kNow}, good)) == Codes{"warning certificate_expires_soon"});
  CHECK(codes_of(check_validity({kNow - 48h, kNow + std::chrono::days(30)}, good)).empty());
  CHECK(codes_of(check_validity({kNow - 48h, kNow + std::chrono::days(30) - 1s}, good)) ==
        Codes{"warning certificate_expires_soon"});
  CHECK(codes_of(check_validity(good, {kNow - 48h, kNow - 1s})) == Codes{"error ca_expired"});
  CHECK(codes_of(check_validity(good, {kNow + 1s, kNow + std::chrono::days(90)})) == Codes{"error ca_not_yet_valid"});
  const Findings expired = check_validity({kNow - 48h, kNow - 1s}, good);
  CHECK(expired.front().message == "d.pem (CN=device) expired on 2029-12-31T23:59:59Z");
}

TEST_CASE("an expired CA among others that are good is a warning") {
  const Throwaway old_authority = authority_valid({kNow - 48h, kNow - 1s});
  const NamedFile both = named("both.pem", text_of("ca.pem") + old_authority.certificate);
  CHECK(codes_of(check_files(fixture("rsa.pem"), fixture("rsa.key"), both)) == Codes{"warning ca_expired"});
}

TEST_CASE("keys that AWS or the module cannot use are errors") {
  CHECK(codes_of(check_device("rsa1024")) == Codes{"error key_too_small"});
  CHECK(codes_of(check_device("p521")) == Codes{"note key_slow"});
  CHECK(codes_of(check_device("ed25519")) == Codes{"error key_kind"});
  CHECK(codes_of(check_device("rsa3072")) == Codes{"warning key_slow"});
  CheckOptions esp8266 = at_now();
  esp8266.module = {"ESP-WROOM-02", kLargeSlot, 2048, true, kNewestFirmware};
  CHECK(codes_of(check_device("rsa3072", esp8266)) == Codes{"error key_too_large"});
  CHECK(check_device("rsa3072", esp8266).front().message.find(esp8266.module->name + " computes RSA") !=
        std::string::npos);
  CHECK(codes_of(check_device("rsa", esp8266)).empty());
}

TEST_CASE("a certificate signed with SHA-1 is a warning") {
  CHECK(codes_of(check_files(fixture("sha1.pem"), fixture("ec.key"), fixture("ca.pem"))) ==
        Codes{"warning weak_signature"});
}

TEST_CASE("what is no root is told") {
  const auto with_ca = [](const char* ca) {
    return codes_of(check_files(fixture("rsa.pem"), fixture("rsa.key"), fixture(ca)));
  };
  CHECK(with_ca("ec.pem") == Codes{"error ca_is_not_ca"});
  CHECK(with_ca("intermediate.pem") == Codes{"warning ca_not_self_signed"});
  CHECK(with_ca("self-signed-server.pem") == Codes{"warning ca_is_not_ca"});
}

TEST_CASE("an ATS endpoint needs an Amazon root; any other may have any CA") {
  CHECK(codes_of(check_ca_at(fixture("ca.pem"), kEndpoint)) == Codes{"warning ca_not_amazon"});
  CHECK(codes_of(check_ca_at(root("AmazonRootCA3"), kEndpoint)) == Codes{"warning ca_other_amazon_root"});
  const NamedFile both = named("roots.pem", std::string(find_amazon_root("AmazonRootCA3")->pem) +
                                                std::string(find_amazon_root("AmazonRootCA1")->pem));
  CHECK(check_ca_at(both, kEndpoint).empty());
  for (const char* endpoint : {"localhost", "127.0.0.1", "iot.example.com"}) {
    CHECK(check_ca_at(fixture("ca.pem"), endpoint).empty());
  }
  CHECK(codes_of(check_ca_at(fixture("ca.pem"), "a1b2c3.iot.eu-central-1.amazonaws.com")) ==
        Codes{"warning endpoint_without_ats"});
}

TEST_CASE("what does not fit its slot is an error with the sizes") {
  CheckOptions small = at_now();
  small.module = {"ESP32-C2 2MB", 700, 4096, true, kNewestFirmware};
  const Findings findings = check_device("rsa", small);
  CHECK(codes_of(findings) == Codes{"error item_too_large", "error item_too_large"});
  CHECK(findings.front().message.find("rsa.pem: 761 bytes do not fit the 700 bytes that ESP32-C2 2MB has") == 0);
  std::string bundle;
  while (bundle.size() <= kSmallSlot) bundle += text_of("ca.pem");
  CHECK(codes_of(check_files(fixture("rsa.pem"), fixture("rsa.key"), named("bundle.pem", bundle))) ==
        Codes{"note item_large"});
  while (bundle.size() <= kLargestBlob) bundle += text_of("ca.pem");
  CHECK(codes_of(check_files(fixture("rsa.pem"), fixture("rsa.key"), named("bundle.pem", bundle))) ==
        Codes{"error item_too_large"});
}

TEST_CASE("a certificate made in another region than the endpoint's is a warning") {
  Credentials credentials = load_files(fixture("rsa.pem"), fixture("rsa.key"), root("AmazonRootCA1"), {}).value();
  const std::string id = credentials.certificate.first().fingerprint;
  CheckOptions options = at_now();
  options.endpoint = kEndpoint;
  credentials.aws.arn = "arn:aws:iot:eu-central-1:123456789012:cert/" + id;
  CHECK(check(credentials, options).empty());
  credentials.aws.arn = "arn:aws:iot:us-east-1:123456789012:cert/" + id;
  CHECK(codes_of(check(credentials, options)) == Codes{"warning region_mismatch"});
}

TEST_CASE("what AWS tells of a certificate has to be true of it") {
  Credentials credentials = good_credentials();
  const CertificateFacts& facts = credentials.certificate.first();
  const auto codes = [&] { return codes_of(check(credentials, at_now())); };
  credentials.aws.id = facts.fingerprint;
  credentials.aws.not_before = facts.not_before;
  credentials.aws.not_after = facts.not_after;
  CHECK(codes().empty());
  credentials.aws.not_after = facts.not_after - 1s;
  CHECK(codes() == Codes{"warning aws_validity"});
  credentials.aws = {};
  credentials.aws.id = std::string(64, 'a');
  CHECK(codes() == Codes{"warning aws_id"});
  credentials.aws.arn = "nonsense";
  const Findings both = check(credentials, at_now());
  CHECK(both.front().message.find("certificateId and certificateArn are not of the certificate beside them, whose "
                                  "SHA-256 is " +
                                  facts.fingerprint) != std::string::npos);
  CheckOptions strict = at_now();
  strict.strict = true;
  CHECK(codes_of(check(credentials, strict)) == Codes{"error aws_id"});
  credentials.aws = {};
  credentials.aws.expiration = kNow + 1s;
  CHECK(codes() == Codes{"warning aws_claim"});
  credentials.aws.expiration = kNow - 1s;
  CHECK(codes() == Codes{"error aws_claim"});
}

TEST_CASE("a certificate that AWS will not let in is an error in words") {
  Credentials credentials = good_credentials();
  const auto finding = [&](const char* status) {
    credentials.aws.status = status;
    const Findings findings = check(credentials, at_now());
    REQUIRE(findings.size() == 1);
    return findings.front();
  };
  for (const char* status : {"INACTIVE", "REVOKED", "PENDING_TRANSFER", "PENDING_ACTIVATION", "REGISTER_INACTIVE"}) {
    CAPTURE(std::string(status));
    CHECK(finding(status).severity == Severity::error);
    CHECK(finding(status).message.find(status) != std::string::npos);
    CHECK_FALSE(finding(status).remedy.empty());
  }
  CHECK(finding("RETIRED").severity == Severity::warning);
  credentials.aws.status = "ACTIVE";
  CHECK(check(credentials, at_now()).empty());
}

TEST_CASE("a certificate of mode SNI_ONLY is of use where the module sends the server's name") {
  Credentials credentials = good_credentials();
  credentials.aws.mode = "SNI_ONLY";
  CheckOptions options = at_now();
  CHECK(codes_of(check(credentials, options)) == Codes{"note aws_sni_only"});
  options.module = ModuleLimits{.name = "ESP32 3.3.0.0", .release = {{3, 3, 0, 0}}};
  CHECK(check(credentials, options).empty());
  options.module->release = {{3, 2, 0, 0}};
  CHECK(codes_of(check(credentials, options)) == Codes{"warning aws_sni_only"});
}

TEST_CASE("a module that is known late is judged by itself") {
  Credentials credentials = good_credentials();
  credentials.aws.mode = "SNI_ONLY";
  credentials.key.facts.bits = 3072;
  credentials.key.facts.name = "RSA 3072";
  CheckOptions options = at_now();
  options.module = limits_of("ESP8266", {{2, 3, 0, 0}});
  CHECK(options.module->name == "ESP8266 2.3.0.0");
  CHECK(codes_of(check_module(credentials, options)) ==
        Codes{"error key_too_large", "warning aws_sni_only", "warning no_mqtt_tls"});
  options.strict = true;
  CHECK(codes_of(check_module(credentials, options)) ==
        Codes{"error aws_sni_only", "error key_too_large", "error no_mqtt_tls"});
  options.module = limits_of("", {{2, 2, 1, 0}});
  CHECK(options.module->name == "firmware 2.2.1.0");
  CHECK(codes_of(check_module(credentials, options)) == Codes{"error aws_sni_only"});
  options.module = limits_of("ESP32C3", {{3, 3, 0, 0}});
  CHECK(check_module(credentials, options).empty());
}

TEST_CASE("ESP8266 does MQTT over TLS up to 2.2.1.0, and RSA of 2048 bits") {
  CHECK(limits_of("ESP8266", {{2, 2, 1, 0}}).mqtt_tls);
  CHECK_FALSE(limits_of("ESP8266", {{2, 2, 2, 0}}).mqtt_tls);
  CHECK(limits_of("ESP8266", {{2, 2, 1, 0}}).rsa_bits == 2048);
  CHECK(limits_of("ESP32", {{2, 4, 0, 0}}).mqtt_tls);
  CHECK(limits_of("ESP32", {{2, 4, 0, 0}}).rsa_bits == 4096);
}

TEST_CASE("a module without MQTT over TLS is a warning") {
  CheckOptions options = at_now();
  options.module = ModuleLimits{.name = "ESP-WROOM-02 2.3.0.0"};
  CHECK(check_device("rsa", options).empty());
  options.module->mqtt_tls = false;
  CHECK(codes_of(check_device("rsa", options)) == Codes{"warning no_mqtt_tls"});
}

TEST_CASE("the chain that the module shows has to fit its output buffer") {
  Credentials credentials = good_credentials();
  // Three certificates of 1,360 bytes: 7 + 3 * (3 + 1360) = 4,096 bytes.
  credentials.certificate.chain.assign(3, credentials.certificate.first());
  for (CertificateFacts& facts : credentials.certificate.chain) facts.size = 1360;
  CHECK(codes_of(check(credentials, at_now())) == Codes{"note chain"});
  credentials.certificate.chain.back().size += 1;
  CHECK(codes_of(check(credentials, at_now())) == Codes{"error chain_too_large"});
  // openssl x509 -in rsa.pem -outform DER | wc -c
  CHECK(good_credentials().certificate.first().size == text_of("rsa.der").size());
}

TEST_CASE("names that go with the credentials are checked where they are given") {
  CheckOptions options = at_now();
  options.endpoint = "https://broker.example.com";
  options.client_id = "";
  options.publish_topic = "a/#";
  options.subscribe_topic = "a/#";
  CHECK(codes_of(check_device("rsa", options)) ==
        Codes{"error client_id_empty", "error endpoint_url", "error topic_wildcard"});
}

TEST_CASE("strict makes errors of warnings and leaves notes") {
  CheckOptions options = at_now();
  options.strict = true;
  CHECK(codes_of(check_device("rsa3072", options)) == Codes{"error key_slow"});
}

TEST_CASE("the error of findings is of kind input and carries all of them") {
  CHECK_FALSE(first_error({}).has_value());
  const Findings warnings{{Severity::warning, "w", "warned", "mind"}};
  CHECK_FALSE(first_error(warnings).has_value());
  const Findings findings{{Severity::warning, "w", "warned", "mind"},
                          {Severity::error, "a", "first", "do this"},
                          {Severity::error, "b", "second", "do this"},
                          {Severity::error, "c", "third", "do that"}};
  const Error error = first_error(findings).value();
  CHECK(error.kind == ErrorKind::input);
  CHECK(error.code == "a");
  CHECK(error.what == "first; second; third");
  CHECK(error.remedy == "do this; do that");
}

}  // namespace atcert::credentials
