// SPDX-License-Identifier: Apache-2.0
// Nothing of a private key is left in memory that was given back: every block that OpenSSL or C++ frees is searched
// first. A program of its own, because OpenSSL takes other functions for its memory only before it has any.
#include <malloc.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "cloud/probe.hpp"
#include "credentials/fixtures.hpp"
#include "support/broker.hpp"
#include "support/openssl_server.hpp"

namespace atcert {
namespace {

constexpr std::size_t kWindow = 16;   // so many bytes together are no accident
constexpr std::size_t kPublic = 288;  // of a PKCS#1 key of 2048 bits: version, modulus, exponent

// What is searched for, in memory of its own; off until a test begins, and while the search itself works.
struct Watch {
  const unsigned char* needles = nullptr;
  std::size_t count = 0;
  int found = 0;
};

Watch watch;

void search(const void* block) {
  if (block == nullptr || watch.count == 0) return;
  const std::size_t size = malloc_usable_size(const_cast<void*>(block));
  for (std::size_t i = 0; i < watch.count; ++i) {
    if (memmem(block, size, watch.needles + i * kWindow, kWindow) == nullptr) continue;
    ++watch.found;
    return;
  }
}

// Blocks begin empty, or they would show what an earlier owner, such as a string of the test, left in them.
void* empty_block(std::size_t size) {
  void* const block = std::malloc(size);
  if (block != nullptr) std::memset(block, 0, malloc_usable_size(block));
  return block;
}

void* take(std::size_t size, const char*, int) {
  return empty_block(size);
}

void give(void* block, const char*, int) {
  search(block);
  std::free(block);
}

void* take_again(void* block, std::size_t size, const char*, int) {
  void* const larger = empty_block(size);
  if (block != nullptr && larger != nullptr) {
    const std::size_t old = malloc_usable_size(block);
    std::memcpy(larger, block, old < size ? old : size);
  }
  search(block);
  std::free(block);
  return larger;
}

const bool kTaken = CRYPTO_set_mem_functions(take, take_again, give) == 1;

// Windows of `secret`, in both directions: big numbers are stored from their end.
std::vector<unsigned char> windows_of(std::string_view secret) {
  std::vector<unsigned char> all;
  const std::string backwards(secret.rbegin(), secret.rend());
  for (const std::string_view text : {secret, std::string_view(backwards)}) {
    for (std::size_t i = 0; i + kWindow <= text.size(); i += kWindow / 2) {
      all.insert(all.end(), text.begin() + static_cast<std::ptrdiff_t>(i),
                 text.begin() + static_cast<std::ptrdiff_t>(i + kWindow));
    }
  }
  return all;
}

// The freed blocks with a piece of the key in them while `work` runs.
template <typename Work>
int copies_left_by(const Work& work) {
  const std::string der = credentials::text_of("rsa.key.der");
  std::vector<unsigned char> needles = windows_of(std::string_view(der).substr(kPublic));
  std::string text = credentials::text_of("rsa.key");
  text.erase(0, text.find('\n') + 1 + 6 * 65);  // the first lines hold the modulus
  text.resize(text.find("\n-----END"));
  const auto lines = windows_of(text);
  needles.insert(needles.end(), lines.begin(), lines.end());
  watch = {needles.data(), needles.size() / kWindow, 0};
  work();
  const int found = watch.found;
  watch = {};
  return found;
}

}  // namespace
}  // namespace atcert

void operator delete(void* block) noexcept {
  atcert::search(block);
  std::free(block);
}

void operator delete(void* block, std::size_t) noexcept {
  atcert::search(block);
  std::free(block);
}

void* operator new(std::size_t size) {
  void* const block = atcert::empty_block(size != 0 ? size : 1);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

namespace atcert::credentials {

TEST_CASE("the search finds what is freed with a key in it") {
  REQUIRE(kTaken);
  const std::string der = text_of("rsa.key.der");
  CHECK(copies_left_by([&] { OPENSSL_free(OPENSSL_memdup(der.data(), der.size())); }) == 1);
  CHECK(copies_left_by([&] { OPENSSL_clear_free(OPENSSL_memdup(der.data(), der.size()), der.size()); }) == 0);
  CHECK(copies_left_by([&] { const std::string copy(der); }) == 1);
  CHECK(copies_left_by([&] { const std::string copy(text_of("rsa.key")); }) > 0);
}

TEST_CASE("no copy of a private key is left behind when it is read, checked, decrypted or written anew") {
  const LoadOptions options{
      false, [](const std::string&) { return std::optional<Secret>(Secret(std::string_view("fixture"))); }};
  for (const char* name : {"rsa.key", "rsa.key.der", "rsa.pkcs8.key", "rsa.pkcs8.der", "rsa.encrypted.key",
                           "rsa.encrypted.der", "rsa.encrypted-traditional.key"}) {
    CAPTURE(name);
    const NamedFile certificate = fixture("rsa.pem");
    const NamedFile key = fixture(name);
    const NamedFile ca = fixture("ca.pem");
    bool good = false;
    CHECK(copies_left_by([&] { good = load_files(certificate, key, ca, options).ok(); }) == 0);
    CHECK(good);
  }
}

TEST_CASE("no copy of a private key is left behind by the answer of AWS that it comes in") {
  const std::string certificate = replaced(text_of("rsa.pem"), "\n", "\\n");
  const std::string key = replaced(text_of("rsa.key"), "\n", "\\n");
  const NamedFile ca = fixture("ca.pem");
  const std::string yaml = "certificatePem: \"" + certificate + "\"\nkeyPair:\n  PrivateKey: \"" + key + "\"\n";
  for (const std::string& text :
       {R"({"certificatePem": ")" + certificate + R"(", "keyPair": {"PrivateKey": ")" + key + "\"}}",
        R"({"certificatePem": ")" + certificate + R"(", "privateKey": ")" + key + "\"}", yaml}) {
    CAPTURE(text.substr(0, 16));
    const NamedFile answer = named("answer", text);
    bool good = false;
    CHECK(copies_left_by([&] { good = load_aws_json(answer, nullptr, ca, {}).ok(); }) == 0);
    CHECK(good);
  }
}

TEST_CASE("no copy of a private key is left behind by a TLS connection that the host makes with it") {
  const test::Pki pki = test::Pki::make();
  const Throwaway authority{text_of("ca.pem"), {}};
  const test::OpensslServer server({pki.server, authority, pki.server},
                                   {"-Verify", "1", "-verify_return_error", "-CAfile", "{ca}"});
  const Credentials credentials = good_credentials();
  const cloud::Server address{.host = test::kEndpoint, .address = "127.0.0.1", .address_port = server.port()};
  const SystemClock clock;
  std::optional<cloud::Probe> seen;
  CHECK(copies_left_by([&] {
          auto probed = cloud::probe(address, &credentials, {.each_version = true}, clock, {});
          if (probed) seen = std::move(*probed);
        }) == 0);
  REQUIRE(seen);
  for (const cloud::TlsHandshake& tls : seen->variants) {
    CHECK(tls.client_certificate == cloud::TlsHandshake::ClientCertificate::accepted);
  }
}

}  // namespace atcert::credentials
