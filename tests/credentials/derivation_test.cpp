// SPDX-License-Identifier: Apache-2.0
// Files that openssl made with these numbers of iterations (make.sh, forms/make.sh; its own default is 2048).
#include "credentials/derivation.hpp"

#include <doctest/doctest.h>

#include "credentials/fixtures.hpp"
#include "credentials/load.hpp"

namespace atcert::credentials {
namespace {

LoadOptions with_most(long most) {
  LoadOptions options;
  options.passphrase = [](const std::string&) { return std::optional<Secret>(Secret(std::string_view("fixture"))); };
  options.most_iterations = most;
  return options;
}

Result<Credentials> load_key(const char* key, long most) {
  return load_files(fixture("forms/leaf.pem"), fixture(key), fixture("ca.pem"), with_most(most));
}

}  // namespace

TEST_CASE("an encrypted key is opened up to a number of iterations, and refused by name beyond it") {
  const struct {
    const char* name;
    long iterations;
  } keys[] = {{"forms/scrypt.key", 1024L * 8 * 16}, {"forms/pbe.key", 1000}};
  for (const auto& key : keys) {
    CAPTURE(std::string(key.name));
    CHECK(load_key(key.name, key.iterations).ok());
    const Error refused = load_key(key.name, key.iterations - 1).error();
    CHECK(refused.code == "too_many_iterations");
    CHECK(refused.remedy.find("keep it") == 0);
  }
  CHECK(load_files(fixture("rsa.pem"), fixture("rsa.encrypted.key"), fixture("ca.pem"), with_most(2048)).ok());
  CHECK(load_key("rsa.encrypted.key", 2047).error().code == "too_many_iterations");
  // RFC 1421 knows no number.
  CHECK(load_files(fixture("rsa.pem"), fixture("rsa.encrypted-traditional.key"), fixture("ca.pem"), with_most(0)).ok());
}

TEST_CASE("so is a PKCS#12 file, for its checksum and for each of its parts") {
  const NamedFile modern = fixture("forms/modern.p12");
  const auto load = [](const NamedFile& file, long most) {
    return load_folder(file.name, {&file, 1}, nullptr, with_most(most));
  };
  CHECK(load(modern, 2048).ok());
  CHECK(load(modern, 2047).error().code == "too_many_iterations");
  CHECK(load(fixture("forms/triple-des.p12"), 2047).error().code == "too_many_iterations");
  CHECK(load(fixture("forms/plain.p12"), 0).ok());
  // Without a checksum: certificates and key encrypted, and the key alone.
  for (const char* name : {"forms/no-mac.p12", "forms/no-mac-key.p12"}) {
    CHECK(load(fixture(name), 2048).ok());
    CHECK(load(fixture(name), 2047).error().code == "too_many_iterations");
  }
}

}  // namespace atcert::credentials
