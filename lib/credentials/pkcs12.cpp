// SPDX-License-Identifier: Apache-2.0
#include "credentials/pkcs12.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include "credentials/decrypted.hpp"
#include "credentials/derivation.hpp"
#include "credentials/openssl.hpp"
#include "credentials/pem.hpp"

namespace atcert::credentials {
namespace {

using FilePtr = std::unique_ptr<PKCS12, FreeWith<PKCS12_free>>;

struct FreeParts {
  void operator()(STACK_OF(PKCS7) * parts) const { sk_PKCS7_pop_free(parts, PKCS7_free); }
};
struct FreeBags {
  void operator()(STACK_OF(PKCS12_SAFEBAG) * bags) const { sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free); }
};
using PartsPtr = std::unique_ptr<STACK_OF(PKCS7), FreeParts>;
using BagsPtr = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), FreeBags>;

constexpr int kMaxDepth = 4;  // of bags in bags

// No passphrase and an empty one are two things in PKCS#12.
struct Passphrase {
  const char* text;
  int size;
};

Error file_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

class File {
 public:
  File(ByteView der, const std::string& source, const LoadOptions& options) : source_(source), options_(options) {
    const unsigned char* position = der.data();
    file_.reset(d2i_PKCS12(nullptr, &position, static_cast<long>(der.size())));
    parts_.reset(file_ ? PKCS12_unpack_authsafes(file_.get()) : nullptr);
  }

  Result<std::vector<Content>> open() && {
    if (!parts_) return damaged();
    ATCERT_CHECK(find_passphrase());
    for (int i = 0; i < sk_PKCS7_num(parts_.get()); ++i) ATCERT_CHECK(take_part(sk_PKCS7_value(parts_.get(), i)));
    return std::move(contents_);
  }

 private:
  bool fits(Passphrase passphrase) { return PKCS12_verify_mac(file_.get(), passphrase.text, passphrase.size) == 1; }

  bool is_encrypted() const {
    for (int i = 0; i < sk_PKCS7_num(parts_.get()); ++i) {
      if (PKCS7_type_is_encrypted(sk_PKCS7_value(parts_.get(), i))) return true;
    }
    return false;
  }

  Result<void> find_passphrase() {
    const bool has_mac = PKCS12_mac_present(file_.get()) == 1;
    if (!has_mac && !is_encrypted()) return {};
    const ASN1_INTEGER* iterations = nullptr;
    PKCS12_get0_mac(nullptr, nullptr, nullptr, &iterations, file_.get());
    if (iterations != nullptr) {
      const long count = ASN1_INTEGER_get(iterations);
      if (count < 0 || count > options_.most_iterations) return too_slow();
    }
    for (const Passphrase none : {Passphrase{nullptr, 0}, Passphrase{"", 0}}) {
      passphrase_ = none;
      if (has_mac && fits(none)) return {};
    }
    return ask(has_mac);
  }

  Result<void> ask(bool has_mac) {
    if (options_.passphrase) asked_ = options_.passphrase(source_);
    if (!asked_) {
      return file_error(
          "key_encrypted",
          fmt::format("{}: the PKCS#12 file is encrypted and nobody can be asked for its passphrase", source_),
          "run this on a terminal, or keep it and decrypt a copy: openssl pkcs12 -in FILE -noenc -out NEW");
    }
    passphrase_ = {asked_->reveal_text().data(), static_cast<int>(asked_->size())};
    if (!has_mac || fits(passphrase_)) return {};
    return file_error("passphrase_wrong", fmt::format("{}: the passphrase does not open the PKCS#12 file", source_),
                      "check the passphrase");
  }

  Result<void> take_part(PKCS7* part) {
    const bool encrypted = PKCS7_type_is_encrypted(part);
    if (!encrypted && !PKCS7_type_is_data(part)) return {};
    if (encrypted && part->d.encrypted == nullptr) return damaged();  // its content may be left out (RFC 2315)
    if (encrypted && is_too_slow(*part->d.encrypted->enc_data->algorithm, options_.most_iterations)) return too_slow();
    const BagsPtr bags(encrypted ? PKCS12_unpack_p7encdata(part, passphrase_.text, passphrase_.size)
                                 : PKCS12_unpack_p7data(part));
    if (bags) return take_bags(bags.get(), 0);
    if (!encrypted) return damaged();
    return cannot_decrypt("certificates", part->d.encrypted->enc_data->algorithm);
  }

  Result<void> take_bags(const STACK_OF(PKCS12_SAFEBAG) * bags, int depth) {
    if (depth > kMaxDepth) return damaged();
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); ++i) {
      const PKCS12_SAFEBAG* bag = sk_PKCS12_SAFEBAG_value(bags, i);
      if (contents_.size() == kMostItems) return damaged();
      ATCERT_CHECK(take_bag(bag, depth));
    }
    return {};
  }

  Result<void> take_bag(const PKCS12_SAFEBAG* bag, int depth) {
    switch (PKCS12_SAFEBAG_get_nid(bag)) {
      case NID_certBag:
        take_certificate(CertificatePtr(PKCS12_SAFEBAG_get1_cert(bag)));
        return {};
      case NID_keyBag:
        contents_.push_back(private_key_content(plain_der(*PKCS12_SAFEBAG_get0_p8inf(bag)).reveal()));
        return {};
      case NID_pkcs8ShroudedKeyBag:
        return take_key(*PKCS12_SAFEBAG_get0_pkcs8(bag));
      case NID_safeContentsBag:
        return take_bags(PKCS12_SAFEBAG_get0_safes(bag), depth + 1);
      default:
        return {};  // CRLs and secrets of other kinds
    }
  }

  void take_certificate(const CertificatePtr& certificate) {
    unsigned char* bytes = nullptr;
    const int size = certificate ? i2d_X509(certificate.get(), &bytes) : 0;
    const std::unique_ptr<unsigned char, decltype([](unsigned char* data) { OPENSSL_free(data); })> owner(bytes);
    if (size > 0) contents_.push_back(certificate_content({bytes, static_cast<std::size_t>(size)}));
  }

  Result<void> take_key(const X509_SIG& encrypted) {
    const X509_ALGOR* algorithm = nullptr;
    X509_SIG_get0(&encrypted, &algorithm, nullptr);
    if (is_too_slow(*algorithm, options_.most_iterations)) return too_slow();
    // Without a checksum, in a part that is not encrypted, the key is the first that needs the passphrase.
    if (PKCS12_mac_present(file_.get()) != 1 && !asked_) ATCERT_CHECK(ask(false));
    const Secret der = decrypted_der(encrypted, passphrase_.text, passphrase_.size);
    if (der.empty()) return cannot_decrypt("private key", algorithm);
    contents_.push_back(private_key_content(der.reveal()));
    return {};
  }

  Error too_slow() const {
    return file_error("too_many_iterations",
                      fmt::format("{}: the PKCS#12 file asks for more than {} iterations before it opens", source_,
                                  options_.most_iterations),
                      "keep it, and export it again with fewer: openssl pkcs12 -export ... -iter 2048");
  }

  Error damaged() const {
    return file_error("damaged", fmt::format("{}: the PKCS#12 file is damaged", source_),
                      "keep it, a private key may be in it; copy it again from where it was exported to");
  }

  // The passphrase fits, so that what is wrong is the cipher: RC2 and RC4 are in OpenSSL's legacy provider alone.
  Error cannot_decrypt(std::string_view what, const X509_ALGOR* algorithm) const {
    return file_error(
        "cipher_unknown",
        fmt::format("{}: its {} cannot be decrypted: the cipher is {}, which OpenSSL 3 no longer has, "
                    "or the passphrase does not fit",
                    source_, what, cipher_name(*algorithm)),
        "keep it, and decrypt a copy: openssl pkcs12 -legacy -in FILE -noenc -out NEW; then give NEW with "
        "--creds");
  }

  const std::string& source_;
  const LoadOptions& options_;
  FilePtr file_;
  PartsPtr parts_;
  std::optional<Secret> asked_;
  Passphrase passphrase_{nullptr, 0};
  std::vector<Content> contents_;
};

}  // namespace

Result<void> open_pkcs12(FileContents& contents, const LoadOptions& options) {
  std::vector<Content> items;
  bool opened = false;
  for (Content& content : contents.items) {
    if (content.kind != ContentKind::pkcs12) {
      items.push_back(std::move(content));
      continue;
    }
    if (options.verbatim) {
      return file_error("not_verbatim", fmt::format("{}: cannot be taken as it is: it is PKCS#12", contents.source),
                        "convert the file, or leave out --verbatim");
    }
    auto inside = File(content.bytes.reveal(), contents.source, options).open();
    ERR_clear_error();
    if (!inside) return std::move(inside).error();
    std::move(inside->begin(), inside->end(), std::back_inserter(items));
    opened = true;
  }
  contents.items = std::move(items);
  if (opened) contents.deviations = {"it is PKCS#12"};
  return {};
}

Result<Entry> read_entry(const NamedFile& file, const LoadOptions& options) {
  Entry entry{&file, read_contents(file)};
  ATCERT_CHECK(open_pkcs12(entry.contents, options));
  return entry;
}

}  // namespace atcert::credentials
