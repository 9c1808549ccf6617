// SPDX-License-Identifier: Apache-2.0
#include "credentials/throwaway.hpp"

#include <array>
#include <utility>

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "credentials/openssl.hpp"

namespace atcert::credentials {
namespace {

struct Extension {
  int nid;
  std::string value;  // as in the x509v3_config manual page of OpenSSL
};

// Who signs. For an authority these are the new certificate and key themselves.
struct Signer {
  X509* certificate;
  EVP_PKEY* key;
};

KeyPtr make_key(ThrowawayKey kind) {
  return KeyPtr(kind == ThrowawayKey::rsa_2048 ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"));
}

bool set_serial(X509* certificate) {
  std::array<unsigned char, 16> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return false;
  random[0] = static_cast<unsigned char>((random[0] & 0x7f) | 0x40);  // positive, and of one length
  const std::unique_ptr<BIGNUM, FreeWith<BN_free>> number(
      BN_bin2bn(random.data(), static_cast<int>(random.size()), nullptr));
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_name_part(X509_NAME* name, const char* part, const std::string& value) {
  if (value.empty()) return true;
  const auto* bytes = reinterpret_cast<const unsigned char*>(value.data());
  return X509_NAME_add_entry_by_txt(name, part, MBSTRING_UTF8, bytes, static_cast<int>(value.size()), -1, 0) == 1;
}

bool set_time(ASN1_TIME* time, Date date) {
  return ASN1_TIME_set(time, static_cast<time_t>(date.time_since_epoch().count())) != nullptr;
}

bool set_body(X509* certificate, const ThrowawayOptions& options, EVP_PKEY* key) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
         set_name_part(subject, "O", options.organization) && set_name_part(subject, "CN", options.common_name) &&
         set_time(X509_getm_notBefore(certificate), options.not_before) &&
         set_time(X509_getm_notAfter(certificate), options.not_after) && X509_set_pubkey(certificate, key) == 1;
}

bool add_extension(X509* certificate, X509* issuer, const Extension& extension) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const ExtensionPtr made(X509V3_EXT_conf_nid(nullptr, &context, extension.nid, extension.value.c_str()));
  return made && X509_add_ext(certificate, made.get(), -1) == 1;
}

bool sign(X509* certificate, const Signer& signer, const std::vector<Extension>& extensions) {
  if (X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate)) != 1) return false;
  for (const Extension& extension : extensions) {
    if (!add_extension(certificate, signer.certificate, extension)) return false;
  }
  return X509_sign(certificate, signer.key, EVP_sha256()) > 0;
}

Result<Secret> key_pem(EVP_PKEY* key, ThrowawayForm form) {
  const BioPtr out = secret_writer();
  const int written = form == ThrowawayForm::traditional
                          ? PEM_write_bio_PrivateKey_traditional(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr)
                          : PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  if (written != 1) return openssl_error("write a throwaway key");
  return Secret(view_of(out.get()));
}

Result<Throwaway> make(const ThrowawayOptions& options, const Signer* signer,
                       const std::vector<Extension>& extensions) {
  const KeyPtr key = make_key(options.key);
  const CertificatePtr certificate(X509_new());
  if (!key || !certificate) return openssl_error("make a throwaway key");
  const Signer self{certificate.get(), key.get()};
  const BioPtr out(BIO_new(BIO_s_mem()));
  if (!set_body(certificate.get(), options, key.get()) ||
      !sign(certificate.get(), signer != nullptr ? *signer : self, extensions) ||
      PEM_write_bio_X509(out.get(), certificate.get()) != 1) {
    return openssl_error("make a throwaway certificate");
  }
  ATCERT_TRY(Secret, pem, key_pem(key.get(), options.form));
  return Throwaway{std::string(as_text(view_of(out.get()))), std::move(pem)};
}

Result<Throwaway> issue(const Throwaway& authority, const ThrowawayOptions& options,
                        const std::vector<Extension>& extensions) {
  const BioPtr certificate_in = reader_of(as_bytes(authority.certificate));
  const BioPtr key_in = reader_of(authority.key.reveal());
  const CertificatePtr certificate(PEM_read_bio_X509(certificate_in.get(), nullptr, nullptr, nullptr));
  const KeyPtr key(PEM_read_bio_PrivateKey(key_in.get(), nullptr, nullptr, nullptr));
  if (!certificate || !key) return openssl_error("read the throwaway authority");
  const Signer signer{certificate.get(), key.get()};
  return make(options, &signer, extensions);
}

// The value of a subjectAltName extension: "DNS:localhost,IP:127.0.0.1".
std::string alternative_names(const std::vector<std::string>& names) {
  std::string value;
  for (const std::string& name : names) {
    const std::unique_ptr<ASN1_OCTET_STRING, FreeWith<ASN1_OCTET_STRING_free>> address(a2i_IPADDRESS(name.c_str()));
    value += (value.empty() ? "" : ",") + std::string(address ? "IP:" : "DNS:") + name;
  }
  return value;
}

}  // namespace

Result<Throwaway> make_authority(const ThrowawayOptions& options) {
  return make(options, nullptr,
              {{NID_basic_constraints, "critical,CA:TRUE"},
               {NID_key_usage, "critical,keyCertSign,cRLSign"},
               {NID_subject_key_identifier, "hash"}});
}

Result<Throwaway> make_server(const Throwaway& authority, const ThrowawayOptions& options,
                              const std::vector<std::string>& names) {
  return issue(authority, options,
               {{NID_basic_constraints, "critical,CA:FALSE"},
                {NID_key_usage, "critical,digitalSignature,keyEncipherment"},
                {NID_ext_key_usage, "serverAuth"},
                {NID_subject_alt_name, alternative_names(names)},
                {NID_subject_key_identifier, "hash"},
                {NID_authority_key_identifier, "keyid"}});
}

Result<Throwaway> make_device(const Throwaway& authority, const ThrowawayOptions& options) {
  return issue(authority, options,
               {{NID_basic_constraints, "critical,CA:FALSE"},
                {NID_key_usage, "critical,digitalSignature"},
                {NID_ext_key_usage, "clientAuth"},
                {NID_subject_key_identifier, "hash"},
                {NID_authority_key_identifier, "keyid"}});
}

}  // namespace atcert::credentials
