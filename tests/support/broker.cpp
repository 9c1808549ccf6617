// SPDX-License-Identifier: Apache-2.0
#include "support/broker.hpp"

#include <memory>
#include <utility>

#include <fmt/core.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "support/require.hpp"

namespace atcert::test {
namespace {

cloud::LoopbackBroker start(const Pki& pki, bool plain_listener, const std::vector<std::string>& settings) {
  return require(cloud::LoopbackBroker::start({.client_authority = pki.authority.certificate,
                                               .certificate = pki.server.certificate,
                                               .key = pki.server.key.clone(),
                                               .plain_listener = plain_listener,
                                               .settings = settings}));
}

}  // namespace

credentials::ThrowawayOptions throwaway_options(const std::string& common_name) {
  const auto now = std::chrono::floor<std::chrono::seconds>(SystemClock().wall());
  return {.common_name = common_name,
          .organization = "atcert tests",
          .not_before = now - std::chrono::days(1),
          .not_after = now + std::chrono::days(7)};
}

Pki Pki::make() {
  Pki pki;
  pki.authority = require(credentials::make_authority(throwaway_options("Throwaway Root CA")));
  pki.server = require(credentials::make_server(pki.authority, throwaway_options(kEndpoint), {kEndpoint}));
  pki.device = require(credentials::make_device(pki.authority, throwaway_options("AWS IoT Certificate")));
  return pki;
}

std::string issued_by(const credentials::Throwaway& issuer, const credentials::Throwaway& authority) {
  const auto read = [](std::string_view pem) { return BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())); };
  using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
  using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  const Bio bios[] = {{read(authority.certificate), BIO_free_all},
                      {read(issuer.certificate), BIO_free_all},
                      {read(issuer.key.reveal_text()), BIO_free_all}};
  const Certificate certificate(PEM_read_bio_X509(bios[0].get(), nullptr, nullptr, nullptr), X509_free);
  const Certificate above(PEM_read_bio_X509(bios[1].get(), nullptr, nullptr, nullptr), X509_free);
  const Key key(PEM_read_bio_PrivateKey(bios[2].get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  REQUIRE((certificate && above && key));
  // Its authority key identifier, if it has one, names itself.
  if (const int at = X509_get_ext_by_NID(certificate.get(), NID_authority_key_identifier, -1); at >= 0) {
    X509_EXTENSION_free(X509_delete_ext(certificate.get(), at));
  }
  REQUIRE(X509_set_issuer_name(certificate.get(), X509_get_subject_name(above.get())) == 1);
  REQUIRE(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
  const Bio out(BIO_new(BIO_s_mem()), BIO_free_all);
  REQUIRE(PEM_write_bio_X509(out.get(), certificate.get()) == 1);
  char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(out.get(), &text));
  return {text, size};
}

Broker::Broker(bool plain_listener, const std::vector<std::string>& settings)
    : pki_(Pki::make()), broker_(start(pki_, plain_listener, settings)) {}

Broker::Broker(Pki pki, const std::vector<std::string>& settings)
    : pki_(std::move(pki)), broker_(start(pki_, false, settings)) {}

std::string Broker::address() const {
  return fmt::format("127.0.0.1:{}", port());
}

std::vector<std::string> no_subscriptions(const std::filesystem::path& folder) {
  const auto file = folder / "access.json";
  const std::string access =
      R"({"defaultACLAccess": {"publishClientSend": true, "publishClientReceive": true, "subscribe": false,
         "unsubscribe": true}, "clients": [], "groups": [], "roles": []})";
  REQUIRE(write_file(file, as_bytes(access)).ok());
  // Beside the libraries, whose folder is named for the machine.
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib")) {
    const auto plugin = entry.path() / "mosquitto_dynamic_security.so";
    if (!std::filesystem::exists(plugin)) continue;
    return {"plugin " + plugin.string(), "plugin_opt_config_file " + file.string()};
  }
  REQUIRE_MESSAGE(false, "mosquitto's plug-in for access is not in /usr/lib");
  return {};
}

}  // namespace atcert::test
