// SPDX-License-Identifier: Apache-2.0
#include "credentials/load.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "credentials/fixtures.hpp"

namespace atcert::credentials {
namespace {

LoadOptions with_passphrase(std::string passphrase) {
  return {false,
          [passphrase](const std::string&) { return std::optional<Secret>(Secret(std::string_view(passphrase))); }};
}

Result<Credentials> load_certificate(NamedFile file, const LoadOptions& options = {}) {
  return load_files(file, fixture("rsa.key"), fixture("ca.pem"), options);
}

Result<Credentials> load_key(NamedFile file, const LoadOptions& options = {}) {
  return load_files(fixture("rsa.pem"), file, fixture("ca.pem"), options);
}

Result<Credentials> load_ca(NamedFile file) {
  return load_files(fixture("rsa.pem"), fixture("rsa.key"), file, {});
}

}  // namespace

TEST_CASE("what the firmware accepts is taken byte for byte") {
  const std::string lf = text_of("rsa.pem");
  const std::string crlf = replaced(lf, "\n", "\r\n");
  for (const std::string& text : {lf, crlf, lf.substr(0, lf.size() - 1), crlf.substr(0, crlf.size() - 2), lf + "\n"}) {
    const Credentials credentials = load_certificate(named("c", text), {true, {}}).value();
    CHECK(text_of(credentials.certificate.pem) == text);
    CHECK(credentials.changes.empty());
  }
}

TEST_CASE("keys in PKCS#1, SEC1 and PKCS#8 are taken byte for byte") {
  const struct {
    const char *file, *form, *name;
  } cases[] = {{"rsa.key", "PKCS#1", "RSA 2048"},
               {"rsa.pkcs8.key", "PKCS#8", "RSA 2048"},
               {"ec.key", "SEC1", "P-256"},
               {"ec.pkcs8.key", "PKCS#8", "P-256"},
               {"p384.key", "SEC1", "P-384"}};
  for (const auto& expected : cases) {
    CAPTURE(expected.file);
    const Credentials credentials = load_key(fixture(expected.file), {true, {}}).value();
    CHECK(credentials.key.pem.reveal_text() == text_of(expected.file));
    CHECK(credentials.key.form == expected.form);
    CHECK(credentials.key.facts.name == expected.name);
    CHECK(credentials.changes.empty());
  }
}

TEST_CASE("what is in a certificate is read as openssl reads it") {
  const CertificateFacts facts = good_credentials().certificate.first();
  // openssl x509 -in rsa.pem -noout -subject -issuer -serial -dates -fingerprint -sha256 -nameopt RFC2253
  CHECK(facts.subject == "CN=RSA device");
  CHECK(facts.issuer == "CN=Fixture CA,O=Fixtures");
  CHECK(facts.serial == "585D7854C4DE3402FBCEE7E07C92C7B92FCC6E33");
  CHECK(facts.fingerprint == "36c419430ea1d20df1c76cc70cf11d56f81e70141a8a9d857fd4fc9c29d8a753");
  CHECK(facts.not_before == Date(std::chrono::seconds(1795414898)));
  CHECK(facts.not_after == Date(std::chrono::seconds(4949014898)));
  CHECK(facts.key.name == "RSA 2048");
  CHECK(facts.key.fingerprint == "2eabe9db31e2494738e9ef285c71e3c5d64beb5518eebedbd22bfed5377b194a");
  CHECK(facts.signature == "ecdsa-with-SHA256");
  CHECK_FALSE(facts.is_ca);
  CHECK_FALSE(facts.self_signed);
}

TEST_CASE("an authority is recognised as one") {
  const Credentials credentials = good_credentials();
  CHECK(credentials.ca.first().is_ca);
  CHECK(credentials.ca.first().self_signed);
  const Credentials other = load_ca(fixture("self-signed-server.pem")).value();
  CHECK_FALSE(other.ca.first().is_ca);
  CHECK(other.ca.first().self_signed);
  CHECK(load_ca(fixture("pathlen-ca.pem"))->ca.first().is_ca);
}

TEST_CASE("certificates in other forms become the same PEM, and the change is told") {
  const std::string pem = text_of("rsa.pem");
  const struct {
    NamedFile file;
    std::string change;
  } cases[] = {
      {fixture("rsa.der"), "c: rewritten: it is DER"},
      {named("c", "\xef\xbb\xbf" + pem), "c: rewritten: it begins with a byte order mark"},
      {named("c", utf16(pem, true)), "c: rewritten: it is UTF-16 text"},
      {named("c", utf16(pem, false)), "c: rewritten: it is UTF-16 text"},
      {fixture("rsa.trusted.pem"), "c: rewritten: its label is TRUSTED CERTIFICATE, which does not fit what it holds"},
      {named("c", replaced(pem, "\n", "\\n")), "c: rewritten: its line ends are written as \\n, as in JSON"},
      {named("c", "\"" + replaced(replaced(pem, "\n", "\\r\\n"), "/", "\\/") + "\""),
       "c: rewritten: its line ends are written as \\n, as in JSON"},
      {named("c", replaced(pem, "\n", " ")), "c: rewritten: BEGIN and END are not on lines of their own"},
      {named("c", replaced(pem, "\n", "\n  ")), "c: rewritten: there are blanks inside a PEM block"},
      {named("c", replaced(pem, "\n", "\r")), "c: rewritten: lines end in CR alone"},
      {named("c", replaced(replaced(pem, "-----BEGIN CERTIFICATE-----", ""), "-----END CERTIFICATE-----", "")),
       "c: rewritten: its BEGIN and END lines are missing"},
  };
  for (const auto& expected : cases) {
    CAPTURE(expected.change);
    const Credentials credentials = load_certificate(named("c", expected.file.content.reveal_text())).value();
    CHECK(text_of(credentials.certificate.pem) == pem);
    CHECK(std::count(credentials.changes.begin(), credentials.changes.end(), expected.change) == 1);
    const auto refused = load_certificate(named("c", expected.file.content.reveal_text()), {true, {}});
    CHECK(refused.error().code == "not_verbatim");
    CHECK(refused.error().remedy.find("--verbatim") != std::string::npos);
  }
}

TEST_CASE("text around the PEM and parameters before a key go in as they are, and what they cost is told") {
  const Credentials text = load_certificate(fixture("rsa.text.pem"), {true, {}}).value();
  CHECK(text_of(text.certificate.pem) == text_of("rsa.text.pem"));
  CHECK(text.changes.empty());
  const std::size_t around = text_of("rsa.text.pem").size() - text_of("rsa.pem").size();
  CHECK(text.notes ==
        std::vector<std::string>{fmt::format(
            "rsa.text.pem: goes in as it is, with {} bytes around the PEM that the firmware passes over", around)});
  const std::string commented = "# our root\n" + text_of("ca.pem");
  const Credentials of_ca = load_ca(named("root.pem", commented)).value();
  CHECK(text_of(of_ca.ca.pem) == commented);
  CHECK(of_ca.notes == std::vector<std::string>{"root.pem: goes in as it is, with 11 bytes around the PEM that the "
                                                "firmware passes over"});
  CHECK(load_ca(named("root.pem", "x\n" + text_of("ca.pem")))->notes.front().find("with 2 bytes") != std::string::npos);
  const Credentials parameters = load_key(fixture("ec-parameters.key"), {true, {}}).value();
  CHECK(parameters.key.pem.reveal_text() == text_of("ec-parameters.key"));
  CHECK(parameters.notes.front() ==
        "ec-parameters.key: goes in as it is, with 75 bytes around the PEM that the firmware passes over");
  const Credentials bag =
      load_files(fixture("forms/bag-certificate.pem"), fixture("forms/bag.key"), fixture("ca.pem"), {true, {}}).value();
  CHECK(text_of(bag.certificate.pem) == text_of("forms/bag-certificate.pem"));
  CHECK(bag.key.pem.reveal_text() == text_of("forms/bag.key"));
}

TEST_CASE("text around the PEM that the firmware would stumble over is taken away") {
  const std::string pem = text_of("rsa.pem");
  const struct {
    std::string text, change;
  } cases[] = {{std::string("a\0b\n", 4) + pem, "c: rewritten: there are zero bytes in it"},
               {"-----END CERTIFICATE-----\n" + pem, "c: rewritten: there is a BEGIN or END without its other half"}};
  for (const auto& expected : cases) {
    CAPTURE(expected.change);
    const Credentials credentials = load_certificate(named("c", expected.text)).value();
    CHECK(text_of(credentials.certificate.pem) == pem);
    CHECK(credentials.changes == std::vector<std::string>{expected.change});
  }
}

TEST_CASE("PKCS#8 attributes, which later firmware cannot read, are taken away") {
  const Credentials credentials =
      load_files(fixture("ec.pem"), fixture("forms/attributes.key"), fixture("ca.pem"), {}).value();
  CHECK(credentials.key.pem.reveal_text() == text_of("ec.pkcs8.key"));
  CHECK(credentials.changes ==
        std::vector<std::string>{"forms/attributes.key: rewritten: it has PKCS#8 attributes, which the firmware of "
                                 "3.3 and later cannot read"});
  CHECK(load_files(fixture("ec.pem"), fixture("forms/attributes.key"), fixture("ca.pem"), {true, {}}).error().code ==
        "not_verbatim");
}

TEST_CASE("the device certificate is the one of the key, and its issuers follow it, however the file has them") {
  const std::string leaf = text_of("forms/leaf.pem");
  const std::string middle = text_of("forms/middle.pem");
  const std::string root = text_of("forms/root.pem");
  const auto loaded = [](const std::string& text, bool verbatim) {
    return load_files(named("c", text), fixture("forms/leaf.key"), fixture("forms/root.pem"), {verbatim, {}});
  };
  for (const std::string& text :
       {root + middle + leaf, middle + leaf + root, text_of("rsa.pem") + leaf + root + middle}) {
    const Credentials credentials = loaded(text, false).value();
    CHECK(text_of(credentials.certificate.pem) == leaf + middle + root);
    CHECK(credentials.changes.back() == "c: rewritten: its certificates are put in order, the device's first");
    CHECK(loaded(text, true).error().code == "not_verbatim");
  }
  CHECK(text_of(loaded(leaf + middle, true)->certificate.pem) == leaf + middle);
  CHECK(text_of(loaded(root + leaf, false)->certificate.pem) == leaf);
}

TEST_CASE("two certificates of one key are ambiguous, and both are listed") {
  const NamedFile twice = named("c", text_of("ec.pem") + text_of("sha1.pem"));
  const Error error = load_files(twice, fixture("ec.key"), fixture("ca.pem"), {}).error();
  CHECK(error.code == "ambiguous");
  CHECK(error.what.find("c: holds several certificates of the one key: CN=EC device of ") == 0);
  CHECK(error.what.find("CN=SHA-1 of ") != std::string::npos);
  const NamedFile keys = named("k", text_of("rsa.key") + text_of("ec.key"));
  CHECK(load_files(fixture("ec.pem"), keys, fixture("ca.pem"), {})->key.pem.reveal_text() == text_of("ec.key"));
  CHECK(load_files(fixture("p384.pem"), keys, fixture("ca.pem"), {}).error().what ==
        "k: holds several private keys, none of the device certificate: RSA 2048, P-256");
}

TEST_CASE("one file serves as all three, whatever stands first in it") {
  const std::string pem[] = {text_of("rsa.pem"), text_of("rsa.key"), text_of("ca.pem")};
  std::vector<int> order{0, 1, 2};
  do {
    const NamedFile all = named("all.pem", pem[order[0]] + pem[order[1]] + pem[order[2]]);
    const Credentials credentials = load_files(all, all, all, {}).value();
    CHECK(text_of(credentials.certificate.pem) == pem[0]);
    CHECK(credentials.key.pem.reveal_text() == pem[1]);
    CHECK(text_of(credentials.ca.pem) == pem[2]);
    CHECK(credentials.changes ==
          std::vector<std::string>{
              "all.pem: rewritten: of the 3 items in it, this is taken: a certificate (CN=RSA device)",
              "all.pem: rewritten: of the 3 items in it, this is taken: a private key, RSA 2048 (PKCS#1)",
              "all.pem: rewritten: of the 3 items in it, this is taken: a certificate (CN=Fixture CA,O=Fixtures)"});
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("PKCS#7 bundles give their certificates") {
  const std::string chain = text_of("forms/leaf.pem") + text_of("forms/middle.pem") + text_of("forms/root.pem");
  for (const char* name : {"forms/chain.p7b", "forms/chain.p7c"}) {
    CAPTURE(name);
    const Credentials credentials =
        load_files(fixture(name), fixture("forms/leaf.key"), fixture("forms/root.pem"), {}).value();
    CHECK(text_of(credentials.certificate.pem) == chain);
    CHECK(credentials.changes.front() == std::string(name) + ": rewritten: it is a PKCS#7 bundle");
    // A bundle given as the CA: those that can be one.
    CHECK(load_files(fixture("forms/leaf.pem"), fixture("forms/leaf.key"), fixture(name), {})->ca.chain.size() == 2);
  }
  CHECK(load_certificate(fixture("rsa.p7b"))->certificate.first().subject == "CN=RSA device");
}

TEST_CASE("keys in DER keep their form") {
  CHECK(load_key(fixture("rsa.key.der"))->key.pem.reveal_text() == text_of("rsa.key"));
  CHECK(load_key(fixture("rsa.pkcs8.der"))->key.pem.reveal_text() == text_of("rsa.pkcs8.key"));
  CHECK(load_key(fixture("ec.key.der"))->key.pem.reveal_text() == text_of("ec.key"));
}

TEST_CASE("a key under the wrong label gets the right one") {
  const std::string wrong = replaced(text_of("rsa.pkcs8.key"), " PRIVATE KEY", " RSA PRIVATE KEY");
  const Credentials credentials = load_key(named("k", wrong)).value();
  CHECK(credentials.key.pem.reveal_text() == text_of("rsa.pkcs8.key"));
  CHECK(credentials.changes.front() == "k: rewritten: its label is RSA PRIVATE KEY, which does not fit what it holds");
}

TEST_CASE("an encrypted key is opened with the passphrase that is asked for") {
  for (const char* name : {"rsa.encrypted.key", "rsa.encrypted.der"}) {
    CAPTURE(name);
    const Credentials credentials = load_key(fixture(name), with_passphrase("fixture")).value();
    CHECK(credentials.key.pem.reveal_text() == text_of("rsa.pkcs8.key"));
    CHECK(credentials.changes.back() == std::string(name) + ": rewritten: it is encrypted");
  }
  const Credentials traditional =
      load_key(fixture("rsa.encrypted-traditional.key"), with_passphrase("fixture")).value();
  CHECK(traditional.key.pem.reveal_text() == text_of("rsa.key"));
}

TEST_CASE("an encrypted key is an error when nobody can be asked, the passphrase is wrong, or nothing may change") {
  for (const char* name : {"rsa.encrypted.key", "rsa.encrypted.der", "rsa.encrypted-traditional.key"}) {
    CAPTURE(name);
    CHECK(load_key(fixture(name)).error().code == "key_encrypted");
    const auto nobody = load_key(fixture(name), {false, [](const std::string&) { return std::optional<Secret>(); }});
    CHECK(nobody.error().code == "key_encrypted");
    CHECK(load_key(fixture(name), with_passphrase("wrong")).error().code == "passphrase_wrong");
    CHECK(load_key(fixture(name), with_passphrase(std::string(5000, 'x'))).error().code == "passphrase_wrong");
    LoadOptions verbatim = with_passphrase("fixture");
    verbatim.verbatim = true;
    CHECK(load_key(fixture(name), verbatim).error().code == "not_verbatim");
  }
}

TEST_CASE("a file that does not hold what it is given for is named with what it holds") {
  const auto code_of_certificate = [](const char* name) { return load_certificate(fixture(name)).error().code; };
  CHECK(code_of_certificate("rsa.key") == "key_as_certificate");
  CHECK(code_of_certificate("rsa.encrypted.key") == "key_as_certificate");
  CHECK(code_of_certificate("rsa.pub") == "public_key_as_certificate");
  CHECK(code_of_certificate("rsa.csr") == "request_as_certificate");
  CHECK(code_of_certificate("make.sh") == "certificate_missing");
  // APPNOTE.TXT 4.3.7: what a zip archive begins with.
  const std::string archive = std::string("PK\x03\x04\x14\0\0\0\x08\0", 10) + std::string(40, '\0');
  CHECK(load_certificate(named("kit.zip", archive)).error().code == "archive_as_certificate");
  CHECK(load_key(named("kit.zip", archive)).error().code == "archive_as_key");
  CHECK(code_of_certificate("rsa.pub.der") == "public_key_as_certificate");
  CHECK(load_certificate(fixture("empty.p7b")).error().what == "empty.p7b: the PKCS#7 bundle holds no certificates");
  const auto code_of_key = [](const char* name) { return load_key(fixture(name)).error().code; };
  CHECK(code_of_key("rsa.pub") == "public_key_as_key");
  CHECK(code_of_key("rsa.pub.der") == "public_key_as_key");
  CHECK(code_of_key("rsa.pem") == "certificate_as_key");
  CHECK(code_of_key("rsa.csr") == "key_missing");
  CHECK(load_certificate(named("empty", "")).error().code == "certificate_missing");
  CHECK(load_certificate(named("empty", "")).error().what.find("nothing that is known") != std::string::npos);
  const Error error = load_key(fixture("rsa.pub")).error();
  CHECK(error.kind == ErrorKind::input);
  CHECK(error.what == "rsa.pub: holds a public key, not the private key");
  CHECK(load_ca(fixture("rsa.key")).error().what ==
        "rsa.key: holds a private key, RSA 2048 (PKCS#1), not a CA certificate");
}

TEST_CASE("one error tells what is wrong with each file") {
  const auto swapped = load_files(fixture("rsa.key"), fixture("rsa.pem"), fixture("ca.pem"), {});
  CHECK(swapped.error().what.find("rsa.key: holds") != std::string::npos);
  CHECK(swapped.error().what.find("rsa.pem: holds") != std::string::npos);
}

TEST_CASE("damaged PEM is refused with what is wrong with it") {
  const std::string pem = text_of("rsa.pem");
  const auto what_of = [](const std::string& text) {
    const auto loaded = load_certificate(named("c", text));
    CHECK(loaded.error().code == "damaged");
    return loaded.error().what;
  };
  CHECK(what_of(pem.substr(0, pem.size() / 2)) ==
        "c: the block BEGIN CERTIFICATE has no matching END line: it is cut off or damaged");
  CHECK(what_of(replaced(pem, "END CERTIFICATE", "END CERTIFICAT")) ==
        "c: the block BEGIN CERTIFICATE has no matching END line: it is cut off or damaged");
  CHECK(what_of(replaced(pem, "MII", "M*I")) == "c: what is between BEGIN and END CERTIFICATE is not base64");
  CHECK(what_of(replaced(pem, "MII", "MI")) == "c: what is between BEGIN and END CERTIFICATE is not base64");
  CHECK(what_of(replaced(pem, "MII", "AAA")) == "c: the block CERTIFICATE does not hold a certificate");
  CHECK(what_of(pem + pem.substr(0, 100)) ==
        "c: the block BEGIN CERTIFICATE has no matching END line: it is cut off or damaged");
}

TEST_CASE("a key whose numbers do not fit together is damaged, not loaded") {
  std::string der = text_of("rsa.key.der");
  der[der.size() - 5] = static_cast<char>(der[der.size() - 5] ^ 1);  // in the coefficient, the last number
  CHECK(load_key(named("k", der)).error().code == "key_missing");
  std::string pem = text_of("rsa.key");
  const std::size_t at = pem.rfind('\n', pem.size() - 40) - 8;
  pem[at] = pem[at] == 'A' ? 'B' : 'A';
  const auto loaded = load_key(named("k", pem));
  CHECK(loaded.error().code == "damaged");
  CHECK(loaded.error().what == "k: the private key is damaged: its numbers do not fit together");
}

TEST_CASE("nobody is sent away from a file that may hold a private key") {
  const std::string key = text_of("rsa.key");
  for (const std::string& text :
       {key.substr(0, 400), replaced(key, "MII", "M*I"), text_of("rsa.pem") + key.substr(0, 400)}) {
    const Error error = load_key(named("k", text)).error();
    CHECK(error.what.find("k: ") == 0);
    CHECK(error.remedy.find("keep this file") == 0);
    CHECK(error.remedy.find("download") == std::string::npos);
  }
}

TEST_CASE("no message about a damaged key quotes it") {
  const std::string pem = text_of("rsa.key");
  for (std::size_t cut = 40; cut < pem.size(); cut += 200) {
    const Error error = load_key(named("k", pem.substr(0, cut))).error();
    const std::string said = error.what + error.cause + error.remedy;
    CHECK(said.find(pem.substr(32, 12)) == std::string::npos);
    CHECK(said.size() < 300);
  }
}

TEST_CASE("equal keys have equal fingerprints, however their points are written") {
  CHECK(load_key(fixture("ec.compressed.key"))->key.facts.fingerprint ==
        load_key(fixture("ec.key"))->key.facts.fingerprint);
  const Credentials credentials = load_files(fixture("ec.pem"), fixture("ec.key"), fixture("ca.pem"), {}).value();
  CHECK(credentials.certificate.first().key.fingerprint == credentials.key.facts.fingerprint);
}

}  // namespace atcert::credentials
