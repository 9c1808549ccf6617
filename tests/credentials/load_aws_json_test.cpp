// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "credentials/amazon_roots.hpp"
#include "credentials/fixtures.hpp"
#include "credentials/load.hpp"

namespace atcert::credentials {
namespace {

// openssl x509 -in rsa.pem -outform DER | sha256sum
const std::string kId = "36c419430ea1d20df1c76cc70cf11d56f81e70141a8a9d857fd4fc9c29d8a753";
const std::string kArn = "arn:aws:iot:eu-central-1:123456789012:cert/" + kId;

// As `aws iot create-keys-and-certificate` prints it.
nlohmann::json aws_output() {
  return {{"certificateArn", kArn},
          {"certificateId", kId},
          {"certificatePem", text_of("rsa.pem")},
          {"keyPair", {{"PublicKey", text_of("rsa.pub")}, {"PrivateKey", text_of("rsa.key")}}}};
}

// `aws iot create-certificate-from-csr` and `describe-certificate` (AWS CLI command reference).
nlohmann::json csr_output() {
  return {{"certificateArn", kArn}, {"certificateId", kId}, {"certificatePem", text_of("rsa.pem")}};
}

nlohmann::json described(const nlohmann::json& not_before = "2026-11-23T07:01:38+00:00") {
  nlohmann::json description = csr_output();
  description["status"] = "REVOKED";
  description["ownedBy"] = "123456789012";
  description["creationDate"] = 1541022751.983;
  description["customerVersion"] = 1;
  description["transferData"] = nlohmann::json::object();
  description["validity"] = {{"notBefore", not_before}, {"notAfter", "2126-10-30T07:01:38+00:00"}};
  description["certificateMode"] = "SNI_ONLY";
  return {{"certificateDescription", description}};
}

// The topic $aws/certificates/create/json/accepted ("Device provisioning MQTT API", AWS IoT developer guide).
nlohmann::json fleet_answer() {
  return {{"certificateId", kId},
          {"certificatePem", text_of("rsa.pem")},
          {"privateKey", text_of("rsa.key")},
          {"certificateOwnershipToken", "eyJ2ZXJzaW9uIjoi"}};
}

Result<Credentials> load(std::string_view json, const NamedFile* key = nullptr, bool verbatim = true) {
  return load_aws_json(named("keys.json", json), key, fixture("ca.pem"), {verbatim, {}});
}

std::string indented(const std::string& text) {
  return replaced("\n" + text.substr(0, text.size() - 1), "\n", "\n  ") + "\n";
}

}  // namespace

TEST_CASE("the output of create-keys-and-certificate is taken byte for byte") {
  for (const int indent : {-1, 4}) {
    const Credentials credentials = load(aws_output().dump(indent)).value();
    CHECK(text_of(credentials.certificate.pem) == text_of("rsa.pem"));
    CHECK(credentials.key.pem.reveal_text() == text_of("rsa.key"));
    CHECK(credentials.certificate.source == "keys.json: certificatePem");
    CHECK(credentials.key.source == "keys.json: keyPair.PrivateKey");
    CHECK(credentials.aws.arn == kArn);
    CHECK(credentials.aws.id == kId);
    CHECK(credentials.changes.empty());
  }
}

TEST_CASE("JSON in UTF-16 or with a byte order mark is read, as Windows' shell writes it") {
  const std::string json = aws_output().dump(4);
  CHECK(load(utf16(json, true)).ok());
  CHECK(load("\xef\xbb\xbf" + json).ok());
}

TEST_CASE("other members, other order and escaped slashes do not matter") {
  nlohmann::json json = aws_output();
  json["ResponseMetadata"] = {
      {"HTTPStatusCode", 200}, {"Flags", {true, nullptr, -1.5e3}}, {"Empty", nlohmann::json::object()}};
  CHECK(load(replaced(json.dump(), "/", "\\/")).ok());
}

TEST_CASE("text that is not JSON is called so") {
  for (const char* text : {"nonsense\n", "", "truely", "{\"a\": nil}", "-----BEGIN CERTIFICATE-----"}) {
    CAPTURE(text);
    const auto loaded = load(text);
    REQUIRE_FALSE(loaded.ok());
    CHECK(loaded.error().what.find("is not JSON") != std::string::npos);
  }
}

TEST_CASE("what is missing in the JSON is named") {
  nlohmann::json json = aws_output();
  json.erase("certificatePem");
  CHECK(load(json.dump()).error().what.find("keys.json: has no text certificatePem: it names a certificate") == 0);
  CHECK(load(json.dump()).error().remedy.find("keep this file, a private key is in it") == 0);
  json = aws_output();
  json["keyPair"]["PrivateKey"] = nullptr;
  CHECK(load(json.dump()).error().what == "keys.json: has no text keyPair.PrivateKey");
  CHECK(load("[]").error().code == "aws_json_invalid");
}

TEST_CASE("a text that is not JSON is refused with the offset and never quoted") {
  const std::string json = aws_output().dump();
  for (std::size_t cut = 0; cut < json.size(); cut += 97) {
    const Error error = load(std::string_view(json).substr(0, cut)).error();
    CHECK(error.code == "aws_json_invalid");
    CHECK((error.what + error.cause + error.remedy).size() < 250);
  }
  CHECK(load("{\"a\" 1}").error().what == "keys.json: is not JSON from byte 5 on");
  CHECK(load("{\"a\": \"\\x\"}").error().what == "keys.json: is not JSON from byte 8 on");
  CHECK(load("{} {}").error().what == "keys.json: is not JSON from byte 3 on");
  CHECK(load("certificatePem: |").error().code == "aws_json_invalid");
  CHECK(load(std::string(100000, '[')).error().code == "aws_json_invalid");
}

TEST_CASE("a certificate in the key's place is an error that names the member") {
  nlohmann::json json = aws_output();
  json["keyPair"]["PrivateKey"] = text_of("rsa.pub");
  CHECK(load(json.dump()).error().what == "keys.json: keyPair.PrivateKey: holds a public key, not the private key");
}

TEST_CASE("answers without a private key are taken with --key, and say so without it") {
  const NamedFile key = fixture("rsa.key");
  for (const auto& [json, command] :
       {std::pair(csr_output(), "create-certificate-from-csr"), std::pair(described(), "describe-certificate")}) {
    const Credentials credentials = load(json.dump(), &key).value();
    CHECK(text_of(credentials.certificate.pem) == text_of("rsa.pem"));
    CHECK(credentials.key.source == "rsa.key");
    CHECK(credentials.aws.command == command);
    CHECK(credentials.aws.id == kId);
    const Error error = load(json.dump()).error();
    CHECK(error.code == "key_missing");
    CHECK(error.what.find(std::string("it is the answer of ") + command) != std::string::npos);
    CHECK(error.remedy.find("add --key FILE") == 0);
    CHECK(error.remedy.find("--cert keys.json --key FILE") != std::string::npos);
  }
}

TEST_CASE("the answer of fleet provisioning has both") {
  const Credentials credentials = load(fleet_answer().dump()).value();
  CHECK(credentials.key.source == "keys.json: privateKey");
  CHECK(credentials.key.pem.reveal_text() == text_of("rsa.key"));
  nlohmann::json of_csr = fleet_answer();
  of_csr.erase("privateKey");
  CHECK(load(of_csr.dump()).error().what.find("CreateCertificateFromCsr over MQTT") != std::string::npos);
}

TEST_CASE("a key that is given goes before the one in the answer") {
  const NamedFile key = fixture("rsa.pkcs8.key");
  const Credentials credentials = load(aws_output().dump(), &key).value();
  CHECK(credentials.key.source == "rsa.pkcs8.key");
  CHECK(credentials.notes ==
        std::vector<std::string>{"keys.json: keyPair.PrivateKey is left out, for rsa.pkcs8.key is given"});
}

TEST_CASE("what describe-certificate tells is kept, its times in either form") {
  const NamedFile key = fixture("rsa.key");
  for (const nlohmann::json& time :
       {nlohmann::json("2026-11-23T10:01:38.983000+03:00"), nlohmann::json(1795417298.5)}) {
    const AwsFacts facts = load(described(time).dump(), &key)->aws;
    CHECK(facts.status == "REVOKED");
    CHECK(facts.mode == "SNI_ONLY");
    CHECK(facts.not_before == Date(std::chrono::seconds(1795417298)));
  }
}

TEST_CASE("the CLI's other outputs are called by their names and read by what is in them") {
  const std::string pem = text_of("rsa.pem");
  const std::string yaml = "certificateArn: " + kArn + "\ncertificateId: " + kId + "\ncertificatePem: |" +
                           indented(pem) + "keyPair:\n  PrivateKey: |" +
                           indented(indented(text_of("rsa.key")).substr(1));
  const std::string text =
      kArn + "\t" + kId + "\t" + pem + "\nKEYPAIR\t" + text_of("rsa.key") + "\t" + text_of("rsa.pub");
  for (const auto& [output, name] : {std::pair(yaml, "YAML"), std::pair(text, "text")}) {
    const Credentials credentials = load(output, nullptr, false).value();
    CHECK(text_of(credentials.certificate.pem) == pem);
    CHECK(credentials.key.pem.reveal_text() == text_of("rsa.key"));
    CHECK(credentials.certificate.source == "keys.json: the certificate");
    CHECK(credentials.key.source == "keys.json: the private key");
    CHECK(credentials.changes.empty());
    CHECK(credentials.notes.size() == 1);
    CHECK(credentials.notes.back().find(std::string("keys.json: is the AWS CLI's ") + name + " output, not JSON") == 0);
    CHECK(credentials.notes.back().find("--output json") != std::string::npos);
  }
  CHECK(load(yaml, nullptr, false)->aws.id == kId);
  const std::string quoted = replaced(yaml, "certificateId: " + kId, "certificateId: '" + kId + "' ");
  CHECK(load(quoted, nullptr, false)->aws.id == kId);
  const NamedFile other = fixture("rsa.pkcs8.key");
  CHECK(load(yaml, &other, false)->key.source == "rsa.pkcs8.key");
  // One character of the key is none of base64.
  std::string damaged = text;
  damaged[damaged.find("PRIVATE KEY-----") + 40] = '!';
  CHECK(load(damaged).error().code == "damaged");
  const Error error = load("certificateArn: x\ncertificatePem: |" + indented(pem) + "status: ACTIVE\n").error();
  CHECK(error.code == "key_missing");
  CHECK(error.what.find("YAML") != std::string::npos);
}

TEST_CASE("nobody is sent away from an answer that holds a private key") {
  const std::string json = aws_output().dump();
  const Error cut = load(json.substr(0, json.size() - 1)).error();
  CHECK(cut.what.find("keys.json: is not JSON from byte") == 0);
  CHECK(cut.remedy.find("keep it, a private key is in it") == 0);
}

TEST_CASE("other answers of AWS are told by what they are") {
  const struct {
    nlohmann::json json;
    const char* words;
  } cases[] = {{{{"statusCode", 403}, {"errorCode", "AccessDenied"}, {"errorMessage", "Hook refused"}},
                "AWS refused the request: AccessDenied (Hook refused)"},
               {{{"endpointAddress", "a1-ats.iot.eu-west-1.amazonaws.com"}}, "the answer of describe-endpoint"},
               {{{"certificateArn", kArn}, {"certificateId", kId}}, "names a certificate and does not hold it"},
               {{{"thingName", "unit"}}, "about a thing"}};
  for (const auto& expected : cases) {
    CAPTURE(std::string(expected.words));
    CHECK(load(expected.json.dump()).error().what.find(expected.words) != std::string::npos);
  }
}

}  // namespace atcert::credentials
