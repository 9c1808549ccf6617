// SPDX-License-Identifier: Apache-2.0
// atcert check, as its users run it.
#include <doctest/doctest.h>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/scratch_folder.hpp"
#include "credentials/throwaway.hpp"
#include "support/process.hpp"

namespace atcert {
namespace {

using namespace std::chrono_literals;
using credentials::Throwaway;
using credentials::ThrowawayOptions;
using test::Outcome;

// A folder of credentials under AWS's file names.
class Credentials {
 public:
  Credentials() {
    ThrowawayOptions options;
    options.not_before = std::chrono::floor<std::chrono::seconds>(SystemClock().wall()) - 1h;
    options.not_after = options.not_before + std::chrono::days(365);
    options.common_name = "Test CA";
    const Throwaway authority = make_authority(options).value();
    options.common_name = "AWS IoT Certificate";
    const Throwaway device = make_device(authority, options).value();
    key_ = std::string(device.key.reveal_text());
    certificate_ = device.certificate;
    write("0f1e-certificate.pem.crt", certificate_);
    write("0f1e-private.pem.key", key_);
    write("root.pem", authority.certificate);
    other_key_ = std::string(make_device(authority, options)->key.reveal_text());
  }

  void write(const std::string& name, const std::string& content) const {
    REQUIRE(write_file(path(name), as_bytes(content)).ok());
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  std::string folder() const { return folder_.path().string(); }
  const std::string& key() const { return key_; }
  const std::string& other_key() const { return other_key_; }

  // As `aws iot create-keys-and-certificate` prints them.
  std::string aws_json() const {
    const nlohmann::json json{{"certificateArn", "arn:aws:iot:eu-central-1:123456789012:cert/0f1e"},
                              {"certificateId", "0f1e"},
                              {"certificatePem", certificate_},
                              {"keyPair", {{"PublicKey", ""}, {"PrivateKey", key_}}}};
    return json.dump(4);
  }

 private:
  ScratchFolder folder_ = ScratchFolder::create("check").value();
  std::string certificate_;
  std::string key_;
  std::string other_key_;
};

Outcome check(std::vector<std::string> arguments, std::string input = {}) {
  arguments.insert(arguments.begin(), "check");
  return test::run({.arguments = std::move(arguments), .input = std::move(input)});
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Whether anything that was said holds the first line of the key.
bool quotes(const Outcome& outcome, const std::string& key) {
  return holds(outcome.all(), key.substr(key.find('\n') + 1, 20));
}

}  // namespace

TEST_CASE("one file with everything is taken as a folder is, also from standard input") {
  const Credentials files;
  std::string all;
  for (const char* name : {"root.pem", "0f1e-private.pem.key", "0f1e-certificate.pem.crt"})
    all += std::string(as_text(read_file(files.path(name), 1 << 20).value()));
  files.write("all.pem", all);
  const Outcome good = check({"--creds", files.path("all.pem")});
  CHECK(good.exit_code == 0);
  CHECK(holds(good.out, "ok: the credentials are good"));
  CHECK(check({"--creds", "-"}, all).exit_code == 0);
}

TEST_CASE("good credentials: exit 0, facts and verdict on stdout, nothing on stderr, no key anywhere") {
  const Credentials credentials;
  const Outcome outcome = check({"--creds", credentials.folder()});
  CHECK(outcome.exit_code == 0);
  CHECK(holds(outcome.out, "CN=AWS IoT Certificate"));
  CHECK(outcome.out.ends_with("ok: the credentials are good\n"));
  CHECK(outcome.err.empty());
  CHECK_FALSE(quotes(outcome, credentials.key()));
}

TEST_CASE("with --json there is one document with the exit code, the items and the findings") {
  const Credentials credentials;
  const Outcome outcome = check({"--creds", credentials.folder(), "--json", "--endpoint",
                                 "a1b2c3-ats.iot.eu-central-1.amazonaws.com", "--client-id", "unit-1"});
  CHECK(outcome.exit_code == 0);
  const auto document = nlohmann::json::parse(outcome.out);
  CHECK(document["schema"] == 1);
  CHECK(document["command"] == "check");
  CHECK(document["exit"] == nlohmann::json{{"code", 0}, {"name", "ok"}});
  REQUIRE(document["items"].size() == 3);
  CHECK(document["items"][0]["subject"] == "CN=AWS IoT Certificate");
  REQUIRE(document["findings"].size() == 1);
  CHECK(document["findings"][0]["code"] == "ca_not_amazon");
  CHECK(document["findings"][0]["severity"] == "warning");
  CHECK_FALSE(quotes(outcome, credentials.key()));
}

TEST_CASE("a finding of severity error is exit 3, also with --json") {
  const Credentials credentials;
  credentials.write("0f1e-private.pem.key", credentials.other_key());
  const Outcome plain = check({"--creds", credentials.folder()});
  CHECK(plain.exit_code == 3);
  CHECK(holds(plain.err, "does not belong to the certificate"));
  CHECK(holds(plain.err, "remedy: "));
  CHECK_FALSE(holds(plain.out, "ok:"));
  const Outcome as_json = check({"--creds", credentials.folder(), "--json"});
  CHECK(as_json.exit_code == 3);
  const auto document = nlohmann::json::parse(as_json.out);
  CHECK(document["exit"] == nlohmann::json{{"code", 3}, {"name", "input"}});
  CHECK(document["error"]["code"] == "key_mismatch");
  CHECK_FALSE(quotes(as_json, credentials.other_key()));
}

TEST_CASE("--strict makes warnings fail") {
  const Credentials credentials;
  CHECK(check({"--creds", credentials.folder(), "--days", "400"}).exit_code == 0);
  const Outcome outcome = check({"--creds", credentials.folder(), "--days", "400", "--strict"});
  CHECK(outcome.exit_code == 3);
  CHECK(holds(outcome.err, "expires on"));
}

TEST_CASE("AWS's JSON comes from standard input, with a built-in root") {
  const Credentials credentials;
  const Outcome outcome =
      check({"--aws-json", "-", "--ca", "AmazonRootCA1", "--endpoint", "a1b2c3-ats.iot.us-east-1.amazonaws.com"},
            credentials.aws_json());
  CHECK(outcome.exit_code == 0);
  CHECK(holds(outcome.out, "AmazonRootCA1 (built in)"));
  CHECK(holds(outcome.out, "the certificate was made in eu-central-1"));
  CHECK_FALSE(quotes(outcome, credentials.key()));
  const std::string cut = credentials.aws_json().substr(0, credentials.aws_json().size() - 20);
  const Outcome refused = check({"--aws-json", "-", "--ca", "AmazonRootCA1"}, cut);
  CHECK(refused.exit_code == 3);
  CHECK(holds(refused.err, "standard input: is not JSON from byte"));
  CHECK_FALSE(quotes(refused, credentials.key()));
}

TEST_CASE("three files are taken, and a change is told or refused with --verbatim") {
  const Credentials credentials;
  credentials.write("0f1e-private.pem.key", "\xef\xbb\xbf" + credentials.key());
  std::vector<std::string> arguments{"--cert", credentials.path("0f1e-certificate.pem.crt"),
                                     "--key",  credentials.path("0f1e-private.pem.key"),
                                     "--ca",   credentials.path("root.pem")};
  const Outcome changed = check(arguments);
  CHECK(changed.exit_code == 0);
  CHECK(holds(changed.out, "it begins with a byte order mark"));
  arguments.emplace_back("--verbatim");
  CHECK(check(arguments).exit_code == 3);
}

TEST_CASE("wrong usage is exit 2 and says what to give") {
  const Credentials credentials;
  const std::vector<std::vector<std::string>> cases{{},
                                                    {"--creds", credentials.folder(), "--aws-json", "-"},
                                                    {"--cert", "a"},
                                                    {"--aws-json", "a"},
                                                    {"--creds", credentials.folder(), "--release", "2.4.0.0"},
                                                    {"--creds", credentials.folder(), "--days", "many"}};
  for (const auto& arguments : cases) {
    CAPTURE(arguments.size());
    const Outcome outcome = check(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK(holds(outcome.err, "remedy: "));
    CHECK(outcome.out.empty());
  }
}

TEST_CASE("a root that is not built in is answered with those that are") {
  const Outcome outcome = check({"--aws-json", "-", "--ca", "AmazonRootCA9"});
  CHECK(outcome.exit_code == 3);
  CHECK(holds(outcome.err, "AmazonRootCA1, AmazonRootCA2, AmazonRootCA3, AmazonRootCA4"));
}

TEST_CASE("two options that read standard input are refused") {
  const Outcome outcome = check({"--aws-json", "-", "--ca", "-"});
  CHECK(outcome.exit_code == 2);
  CHECK(holds(outcome.err, "reads standard input"));
}

TEST_CASE("a module that nobody knows is wrong usage") {
  const Credentials credentials;
  const Outcome outcome = check({"--creds", credentials.folder(), "--module", "no such module"});
  CHECK(outcome.exit_code == 2);
  CHECK(holds(outcome.err, "no such module"));
}

TEST_CASE("what does not fit the module that is named is an error with its name") {
  const Credentials credentials;
  const std::string root(as_text(read_file(credentials.path("root.pem"), 1 << 20).value()));
  std::string bundle;
  while (bundle.size() <= 8191) bundle += root;
  credentials.write("root.pem", bundle);
  const Outcome pki = check({"--creds", credentials.folder(), "--module", "ESP32-WROOM-32", "--release", "2.4.0.0"});
  CHECK(pki.exit_code == 3);
  CHECK(holds(pki.err, "do not fit the 8180 bytes that ESP32-WROOM-32 2.4.0.0 has"));
  const Outcome small = check({"--creds", credentials.folder(), "--module", "ESP8266-1MB"});
  CHECK(holds(small.err, "do not fit the 4084 bytes that ESP8266-1MB 2.3.0.0 has"));
  const Outcome nvs = check({"--creds", credentials.folder(), "--module", "ESP32-C3-MINI-1"});
  CHECK(holds(nvs.err, "do not fit the 8191 bytes that ESP32-C3-MINI-1"));
}

TEST_CASE("an encrypted key is never asked for without a terminal") {
  const std::string data = ATCERT_SOURCE_DIR "/tests/credentials/data/";
  const Outcome outcome =
      check({"--cert", data + "rsa.pem", "--key", data + "rsa.encrypted.key", "--ca", data + "ca.pem"}, "fixture\n");
  CHECK(outcome.exit_code == 3);
  CHECK(holds(outcome.err, "nobody can be asked"));
}

}  // namespace atcert
