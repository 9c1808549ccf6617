// SPDX-License-Identifier: Apache-2.0
// Some 370 certificates and keys of odd forms (data/make_odd_forms.py), each read by OpenSSL, by us and by the
// firmware's Mbed TLS. Where the three disagree, data/odd_forms_differ.txt has a row that says what the tool does.
#include <map>
#include <sstream>

#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "credentials/certificate.hpp"
#include "credentials/firmware.hpp"
#include "credentials/fixtures.hpp"
#include "credentials/odd_forms.hpp"
#include "credentials/openssl.hpp"
#include "credentials/pem.hpp"
#include "credentials/private_key.hpp"
#include "firmware_tls/reader.hpp"

namespace atcert::credentials {
namespace {

// Which of OpenSSL, atcert and Mbed TLS read the form (in capitals who does: "OaM"), and what the tool does with it.
struct Verdict {
  std::string readers;
  std::string tool;  // "taken", "rewritten" or "refused"
};

std::map<std::string, Verdict> known_differences() {
  std::istringstream in(text_of("odd_forms_differ.txt"));
  std::map<std::string, Verdict> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::istringstream fields(line);
    Verdict verdict;
    std::string name;
    fields >> verdict.readers >> verdict.tool >> name;
    rows.emplace(name, verdict);
  }
  return rows;
}

bool openssl_reads_certificate(ByteView der) {
  const unsigned char* position = der.data();
  const CertificatePtr certificate(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
  // The key and the extensions are read when they are first asked for.
  const bool reads = certificate && position == der.data() + der.size() && X509_get0_pubkey(certificate.get()) &&
                     (X509_get_extension_flags(certificate.get()) & EXFLAG_INVALID) == 0;
  ERR_clear_error();
  return reads;
}

bool openssl_reads_key(ByteView der) {
  const unsigned char* position = der.data();
  const KeyPtr key(d2i_AutoPrivateKey(nullptr, &position, static_cast<long>(der.size())));
  bool reads = key && position == der.data() + der.size();
  if (reads) {
    const std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>> context(
        EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    reads = EVP_PKEY_get_bits(key.get()) > 4096 || EVP_PKEY_pairwise_check(context.get()) == 1;
  }
  ERR_clear_error();
  return reads;
}

bool firmware_reads(const std::string& label, ByteView der) {
  return !firmware_tls::read_private_key(write_pem(label, der), kNewestFirmware);
}

// What `atcert check` comes to: our reader's verdict, then the firmware's of what would go into the module.
Verdict verdict_on_certificate(ByteView der) {
  const bool openssl = openssl_reads_certificate(der);
  const bool ours = certificate_facts(der).has_value();
  const bool firmware =
      !firmware_tls::read_chain(write_pem("CERTIFICATE", der).reveal(), kNewestFirmware).refusal.has_value();
  return {{openssl ? 'O' : 'o', ours ? 'A' : 'a', firmware ? 'M' : 'm'}, ours && firmware ? "taken" : "refused"};
}

Verdict verdict_on_key(ByteView der) {
  const auto key = read_private_key(der);
  const bool ours = key && key->consistent;
  bool firmware = false;
  for (const char* label : {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"}) {
    firmware = firmware || firmware_reads(label, der);
  }
  std::string tool = ours && firmware ? "taken" : "refused";
  if (ours && !key->rewritten.empty()) {
    CHECK_FALSE(key->reason.empty());
    CHECK(firmware_reads(label_of_form(key->form), key->rewritten.reveal()));
    tool = "rewritten";
  }
  return {{openssl_reads_key(der) ? 'O' : 'o', ours ? 'A' : 'a', firmware ? 'M' : 'm'}, tool};
}

}  // namespace

TEST_CASE("odd forms: OpenSSL, we and the firmware's library agree, or a row says what the tool does") {
  auto rows = known_differences();
  std::size_t forms = 0;
  for (const OddForm& form : odd_forms()) {
    const std::string name = form.kind + "/" + form.name;
    CAPTURE(name);
    REQUIRE(!form.der.empty());
    ++forms;
    const ByteView der = form.der.reveal();
    const Verdict verdict = form.kind == "certificate" ? verdict_on_certificate(der) : verdict_on_key(der);
    const auto row = rows.find(name);
    if (row == rows.end()) {
      const bool all_agree = verdict.readers == "OAM" || verdict.readers == "oam";
      CHECK_MESSAGE(all_agree, verdict.readers << " " << verdict.tool << " " << name);
      continue;
    }
    CHECK(verdict.readers == row->second.readers);
    CHECK(verdict.tool == row->second.tool);
    rows.erase(row);
  }
  CHECK(forms >= 200);
  CHECK_MESSAGE(rows.empty(), "rows of no form");
}

}  // namespace atcert::credentials
