// SPDX-License-Identifier: Apache-2.0
#include "credentials/pkcs12.hpp"

#include <tuple>

#include <doctest/doctest.h>

#include "credentials/fixtures.hpp"
#include "credentials/load.hpp"

namespace atcert::credentials {
namespace {

LoadOptions asked(std::string passphrase, int* times = nullptr) {
  LoadOptions options;
  options.passphrase = [passphrase, times](const std::string&) {
    if (times != nullptr) ++*times;
    return std::optional<Secret>(Secret(std::string_view(passphrase)));
  };
  return options;
}

Result<Credentials> load(const std::string& name, const LoadOptions& options) {
  const NamedFile file = fixture(name);
  return load_folder(name, {&file, 1}, nullptr, options);
}

}  // namespace

TEST_CASE("PKCS#12 files give key, certificate, chain and CA (forms/make.sh)") {
  for (const auto& [name, passphrase, times] :
       {std::tuple("forms/modern.p12", "fixture", 1), std::tuple("forms/triple-des.p12", "fixture", 1),
        std::tuple("forms/no-mac.p12", "fixture", 1), std::tuple("forms/no-mac-key.p12", "fixture", 1),
        std::tuple("forms/umlaut.p12", "schl\xc3\xbcssel", 1), std::tuple("forms/empty.p12", "unasked", 0),
        std::tuple("forms/plain.p12", "unasked", 0)}) {
    int asked_times = 0;
    const Credentials credentials = load(name, asked(passphrase, &asked_times)).value();
    CHECK(asked_times == times);
    CHECK(text_of(credentials.certificate.pem) == text_of("forms/leaf.pem") + text_of("forms/middle.pem"));
    CHECK(credentials.key.facts.fingerprint == credentials.certificate.first().key.fingerprint);
    CHECK(text_of(credentials.ca.pem) == text_of("forms/root.pem"));
    CHECK(credentials.changes.front() == std::string(name) + ": rewritten: it is PKCS#12");
  }
}

TEST_CASE("a PKCS#12 file serves as certificate and key") {
  const NamedFile file = fixture("forms/modern.p12");
  CHECK(load_files(file, file, fixture("ca.pem"), asked("fixture"))->certificate.first().subject == "CN=Chain leaf");
  CHECK(load_files(fixture("forms/leaf.pem"), file, fixture("ca.pem"), asked("fixture")).ok());
}

TEST_CASE("a PKCS#12 file is not opened where there is a key and a certificate outside") {
  std::vector<NamedFile> files;
  for (const char* name : {"forms/modern.p12", "rsa.pem", "rsa.key", "ca.pem"}) files.push_back(fixture(name));
  CHECK(load_folder("creds", files, nullptr, {})->certificate.source == "rsa.pem");
}

TEST_CASE("what keeps a PKCS#12 file shut is told, and nobody is sent away from it") {
  CHECK(load("forms/modern.p12", {}).error().code == "key_encrypted");
  CHECK(load("forms/modern.p12", asked("wrong")).error().code == "passphrase_wrong");
  LoadOptions verbatim = asked("fixture");
  verbatim.verbatim = true;
  CHECK(load("forms/modern.p12", verbatim).error().code == "not_verbatim");
  const Error legacy = load("forms/legacy.p12", asked("fixture")).error();
  CHECK(legacy.code == "cipher_unknown");
  CHECK(legacy.what.find("pbeWithSHA1And40BitRC2-CBC") != std::string::npos);
  CHECK(legacy.remedy.find("keep it") == 0);
  CHECK(legacy.remedy.find("openssl pkcs12 -legacy") != std::string::npos);
}

TEST_CASE("the cipher of an encrypted key that stays shut is named") {
  const auto refused = [](const char* name) {
    return load_files(fixture("rsa.pem"), fixture(name), fixture("ca.pem"), asked("wrong")).error();
  };
  CHECK(refused("rsa.encrypted.key").code == "passphrase_wrong");
  CHECK(refused("rsa.encrypted.key").what.find("PBES2 with aes-256-cbc") != std::string::npos);
  CHECK(refused("rsa.encrypted-traditional.key").what.find("AES-128-CBC") != std::string::npos);
}

}  // namespace atcert::credentials
