// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "base/json.hpp"
#include "credentials/amazon_roots.hpp"
#include "credentials/fixtures.hpp"
#include "credentials/load.hpp"

namespace atcert::credentials {
namespace {

// As `aws iot create-keys-and-certificate` prints it.
nlohmann::json aws_output() {
  return {{"certificateArn", "arn:aws:iot:eu-central-1:123456789012:cert/0f1e"},
          {"certificateId", "0f1e"},
          {"certificatePem", text_of("rsa.pem")},
          {"keyPair", {{"PublicKey", text_of("rsa.pub")}, {"PrivateKey", text_of("rsa.key")}}}};
}

Result<Credentials> load(std::string_view json) {
  return load_aws_json(named("keys.json", json), fixture("ca.pem"), {true, {}});
}

}  // namespace

TEST_CASE("the output of create-keys-and-certificate is taken byte for byte") {
  for (const int indent : {-1, 4}) {
    const Credentials credentials = load(aws_output().dump(indent)).value();
    CHECK(text_of(credentials.certificate.pem) == text_of("rsa.pem"));
    CHECK(credentials.key.pem.reveal_text() == text_of("rsa.key"));
    CHECK(credentials.certificate.source == "keys.json: certificatePem");
    CHECK(credentials.key.source == "keys.json: keyPair.PrivateKey");
    CHECK(credentials.arn == "arn:aws:iot:eu-central-1:123456789012:cert/0f1e");
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
  CHECK(load(json.dump()).error().what == "keys.json: has no text certificatePem");
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
    CHECK((error.what + error.cause + error.remedy).size() < 200);
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

}  // namespace atcert::credentials
