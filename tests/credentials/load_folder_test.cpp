// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <doctest/doctest.h>

#include "credentials/amazon_roots.hpp"
#include "credentials/fixtures.hpp"
#include "credentials/load.hpp"

namespace atcert::credentials {
namespace {

NamedFile root(const std::string& name) {
  return named(name + ".pem", find_amazon_root(name)->pem);
}

NamedFile renamed(const std::string& fixture_name, std::string name) {
  return named(std::move(name), text_of(fixture_name));
}

Result<Credentials> load(std::vector<NamedFile> files, const NamedFile* ca = nullptr, const LoadOptions& options = {}) {
  if (ca == nullptr) return load_folder("creds", files, nullptr, options);
  auto shared = load_ca(*ca, options);
  if (!shared) return std::move(shared).error();
  return load_folder("creds", files, &*shared, options);
}

template <typename... Files>
std::vector<NamedFile> folder(Files... files) {
  std::vector<NamedFile> list;
  (list.push_back(std::move(files)), ...);
  return list;
}

}  // namespace

TEST_CASE("AWS's downloads are found by what is in them, and what is no credential is ignored") {
  const Credentials credentials =
      load(folder(renamed("rsa.pem", "0f1e-certificate.pem.crt"), renamed("rsa.key", "0f1e-private.pem.key"),
                  renamed("rsa.pub", "0f1e-public.pem.key"), root("AmazonRootCA1"), renamed("rsa.csr", "request"),
                  named("policy.json", "{\"Version\": 1}"), named("start.sh", "#!/bin/sh\n"), named("empty", "")))
          .value();
  CHECK(credentials.certificate.source == "0f1e-certificate.pem.crt");
  CHECK(credentials.key.source == "0f1e-private.pem.key");
  CHECK(credentials.ca.source == "AmazonRootCA1.pem");
  CHECK(credentials.key.pem.reveal_text() == text_of("rsa.key"));
  CHECK(credentials.changes.empty());
  CHECK(credentials.notes.empty());
}

TEST_CASE("names do not matter") {
  const Credentials credentials = load(folder(renamed("rsa.pem", "private.key"), renamed("rsa.key", "root-ca.pem"),
                                              renamed("ca.pem", "device.crt")))
                                      .value();
  CHECK(credentials.certificate.source == "private.key");
  CHECK(credentials.key.source == "root-ca.pem");
  CHECK(credentials.ca.source == "device.crt");
}

TEST_CASE("the authority's own key beside it is no candidate") {
  const Credentials credentials =
      load(folder(fixture("ca.key"), fixture("ca.pem"), fixture("rsa.key"), fixture("rsa.pem"))).value();
  CHECK(credentials.certificate.source == "rsa.pem");
  CHECK(credentials.key.source == "rsa.key");
  CHECK(credentials.ca.source == "ca.pem");
}

TEST_CASE("of two keys the one of the certificate is taken") {
  const Credentials credentials =
      load(folder(fixture("ec.key"), fixture("rsa.key"), fixture("rsa.pem"), fixture("ca.pem"))).value();
  CHECK(credentials.key.source == "rsa.key");
}

TEST_CASE("of the same key in several forms the one that the firmware takes as it is, is taken") {
  const Credentials credentials =
      load(folder(renamed("rsa.key.der", "a.der"), renamed("rsa.key", "b.key"), renamed("rsa.der", "a.crt"),
                  renamed("rsa.pem", "b.crt"), fixture("ca.pem")))
          .value();
  CHECK(credentials.key.source == "b.key");
  CHECK(credentials.certificate.source == "b.crt");
  CHECK(credentials.changes.empty());
}

TEST_CASE("of Amazon's roots CA 1 is taken, and the choice is told") {
  const Credentials credentials =
      load(folder(root("AmazonRootCA3"), root("AmazonRootCA1"), fixture("rsa.key"), fixture("rsa.pem"))).value();
  CHECK(credentials.ca.source == "AmazonRootCA1.pem");
  REQUIRE(credentials.notes.size() == 1);
  CHECK(credentials.notes.front() == "AmazonRootCA1.pem taken as the CA of AmazonRootCA3.pem, AmazonRootCA1.pem");
}

TEST_CASE("the root is taken and its intermediate is not") {
  const Credentials credentials =
      load(folder(fixture("intermediate.pem"), fixture("ca.pem"), fixture("rsa.key"), fixture("rsa.pem"))).value();
  CHECK(credentials.ca.source == "ca.pem");
  CHECK(credentials.notes.size() == 1);
}

TEST_CASE("several devices or several foreign authorities are ambiguous, and the candidates are listed") {
  const auto devices =
      load(folder(fixture("rsa.pem"), fixture("rsa.key"), fixture("ec.pem"), fixture("ec.key"), fixture("ca.pem")));
  CHECK(devices.error().code == "ambiguous");
  CHECK(devices.error().what ==
        "creds: holds several device certificates with their keys: rsa.pem with rsa.key, ec.pem with ec.key");
  const auto authorities =
      load(folder(fixture("rsa.pem"), fixture("rsa.key"), fixture("ca.pem"), fixture("other-ca.pem")));
  CHECK(authorities.error().what == "creds: holds several CA certificates: ca.pem, other-ca.pem");
  const auto mixed = load(folder(fixture("rsa.pem"), fixture("rsa.key"), fixture("ca.pem"), root("AmazonRootCA1")));
  CHECK(mixed.error().code == "ambiguous");
  CHECK(load(folder(fixture("rsa.pem"), fixture("p384.pem"), fixture("ec.key"), fixture("ca.pem"))).error().what ==
        "creds: holds several device certificates, none with its key: rsa.pem, p384.pem");
  CHECK(load(folder(fixture("rsa.pem"), fixture("p384.key"), fixture("ec.key"), fixture("ca.pem"))).error().what ==
        "creds: holds several private keys, none of the device certificate: p384.key, ec.key");
}

TEST_CASE("a CA that is given goes before those in the folder") {
  const NamedFile given = root("AmazonRootCA1");
  const Credentials credentials =
      load(folder(fixture("rsa.pem"), fixture("rsa.key"), fixture("ca.pem"), fixture("other-ca.pem")), &given).value();
  CHECK(credentials.ca.source == "AmazonRootCA1.pem");
}

TEST_CASE("what is missing is told, with what may be meant") {
  const auto no_key = load(folder(fixture("rsa.pem"), fixture("rsa.pub"), fixture("ca.pem")));
  CHECK(no_key.error().code == "key_missing");
  CHECK(no_key.error().cause == "rsa.pub: a public key");
  CHECK(load(folder(fixture("rsa.key"), fixture("ca.pem"))).error().code == "certificate_missing");
  const auto no_ca = load(folder(fixture("rsa.key"), fixture("rsa.pem")));
  CHECK(no_ca.error().code == "ca_missing");
  CHECK(no_ca.error().remedy.find("--ca AmazonRootCA1") != std::string::npos);
  const std::string cut = text_of("rsa.key").substr(0, 400);
  const auto damaged = load(folder(fixture("rsa.pem"), named("cut.key", cut), fixture("ca.pem")));
  CHECK(damaged.error().code == "key_missing");
  CHECK(damaged.error().cause.find("cut.key: the block BEGIN RSA PRIVATE KEY has no matching END") == 0);
  CHECK(damaged.error().remedy.find("mend cut.key: keep this file") == 0);
  CHECK(load({}).error().code == "key_missing");
}

TEST_CASE("a certificate and a key that do not belong together are loaded for the checks to tell") {
  const Credentials credentials = load(folder(fixture("rsa.pem"), fixture("ec.key"), fixture("ca.pem"))).value();
  CHECK(credentials.certificate.source == "rsa.pem");
  CHECK(credentials.key.source == "ec.key");
}

TEST_CASE("an encrypted key is opened once, and only when there is no other") {
  int asked = 0;
  const LoadOptions options{false, [&asked](const std::string& source) {
                              ++asked;
                              CHECK(source == "rsa.encrypted.key");
                              return std::optional<Secret>(Secret(std::string_view("fixture")));
                            }};
  const Credentials credentials =
      load(folder(fixture("rsa.encrypted.key"), fixture("rsa.pem"), fixture("ca.pem")), nullptr, options).value();
  CHECK(asked == 1);
  CHECK(credentials.key.pem.reveal_text() == text_of("rsa.pkcs8.key"));
  CHECK(credentials.changes == std::vector<std::string>{"rsa.encrypted.key: rewritten: it is encrypted"});
  const auto plain =
      load(folder(fixture("rsa.encrypted.key"), fixture("rsa.key"), fixture("rsa.pem"), fixture("ca.pem")), nullptr,
           options);
  CHECK(plain.ok());
  CHECK(asked == 1);
  LoadOptions verbatim = options;
  verbatim.verbatim = true;
  CHECK(load(folder(fixture("rsa.encrypted.key"), fixture("rsa.pem"), fixture("ca.pem")), nullptr, verbatim)
            .error()
            .code == "not_verbatim");
}

TEST_CASE("one file with all three gives each, whatever stands first in it") {
  const std::string pem[] = {text_of("rsa.pem"), text_of("rsa.key"), text_of("ca.pem")};
  std::vector<int> order{0, 1, 2};
  do {
    const Credentials credentials =
        load(folder(named("all.pem", pem[order[0]] + pem[order[1]] + pem[order[2]]))).value();
    CHECK(text_of(credentials.certificate.pem) == pem[0]);
    CHECK(credentials.key.pem.reveal_text() == pem[1]);
    CHECK(text_of(credentials.ca.pem) == pem[2]);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("of one file the CA is not shown with the device certificate, a chain in a file of its own is") {
  const std::string leaf = text_of("forms/leaf.pem");
  const std::string middle = text_of("forms/middle.pem");
  const std::string root_pem = text_of("forms/root.pem");
  const std::string key = text_of("forms/leaf.key");
  const Credentials one = load(folder(named("all.pem", root_pem + middle + key + leaf))).value();
  CHECK(text_of(one.certificate.pem) == leaf + middle);
  CHECK(text_of(one.ca.pem) == root_pem);
  CHECK(one.notes == std::vector<std::string>{"all.pem: a certificate (CN=Chain root) taken as the CA of all.pem: a "
                                              "certificate (CN=Chain root), all.pem: a certificate (CN=Chain middle)"});
  // As AWS has it for just-in-time provisioning: the registered CA goes with the device certificate.
  const Credentials combined =
      load(folder(named("combo.crt", leaf + middle + root_pem), named("key", key), root("AmazonRootCA1"))).value();
  CHECK(text_of(combined.certificate.pem) == leaf + middle + root_pem);
  CHECK(combined.ca.source == "AmazonRootCA1.pem");
  CHECK(combined.changes.empty());
}

TEST_CASE("what one file lacks is told of that file") {
  const auto lacking = [](const std::string& text) {
    const NamedFile file = named("all.pem", text);
    return load_folder("all.pem", {&file, 1}, nullptr, {}).error();
  };
  CHECK(lacking(text_of("rsa.pem") + text_of("ca.pem")).what == "all.pem: holds no private key");
  CHECK(lacking(text_of("rsa.key") + text_of("ca.pem")).what == "all.pem: holds no device certificate");
  CHECK(lacking(text_of("rsa.key") + text_of("rsa.pem")).what == "all.pem: holds no CA certificate");
}

TEST_CASE("a self-signed device certificate counts when nothing else does") {
  const Credentials credentials = load(folder(fixture("ca.pem"), fixture("ca.key"), root("AmazonRootCA1"))).value();
  CHECK(credentials.certificate.source == "ca.pem");
  CHECK(credentials.ca.source == "AmazonRootCA1.pem");
}

}  // namespace atcert::credentials
