// SPDX-License-Identifier: Apache-2.0
#include "credentials/contents.hpp"

#include <utility>

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

#include "credentials/c_source.hpp"
#include "credentials/certificate.hpp"
#include "credentials/der.hpp"
#include "credentials/openssl.hpp"
#include "credentials/pem.hpp"
#include "credentials/private_key.hpp"
#include "credentials/public_key.hpp"
#include "credentials/zip.hpp"

namespace atcert::credentials {
namespace {

using EncryptedPtr = std::unique_ptr<X509_SIG, FreeWith<X509_SIG_free>>;
using RequestPtr = std::unique_ptr<X509_REQ, FreeWith<X509_REQ_free>>;
using Pkcs7Ptr = std::unique_ptr<PKCS7, FreeWith<PKCS7_free>>;
using Certificates = STACK_OF(X509);
using Pkcs12Ptr = std::unique_ptr<PKCS12, FreeWith<PKCS12_free>>;

constexpr std::uint8_t kSequence = 0x30;

template <typename Ptr, typename Parse>
bool parses(ByteView der, Parse parse) {
  const unsigned char* position = der.data();
  const Ptr object(parse(nullptr, &position, static_cast<long>(der.size())));
  ERR_clear_error();
  return object && position == der.data() + der.size();
}

Content simple(ContentKind kind, std::string name, ByteView bytes = {}) {
  Content content;
  content.kind = kind;
  content.name = std::move(name);
  content.bytes = Secret(bytes);
  return content;
}

Content too_many() {
  return simple(ContentKind::too_many, fmt::format("more than {} items", kMostItems));
}

Content damaged(std::string what) {
  return simple(ContentKind::damaged, std::move(what));
}

std::optional<Content> certificate_in(ByteView der) {
  auto facts = certificate_facts(der);
  if (!facts) return std::nullopt;
  Content content = simple(ContentKind::certificate, "a certificate", der);
  content.certificate = std::move(*facts);
  return content;
}

// The certificates of a PKCS#7 bundle (RFC 2315, signed data or "certs-only"), in their order; none when it is none.
std::vector<Content> bundle_contents(ByteView der) {
  std::vector<Content> contents;
  const unsigned char* position = der.data();
  if (der.empty() || der[0] != kSequence) return contents;
  const Pkcs7Ptr bundle(d2i_PKCS7(nullptr, &position, static_cast<long>(der.size())));
  ERR_clear_error();
  if (!bundle || position != der.data() + der.size() || !PKCS7_type_is_signed(bundle.get())) return contents;
  const Certificates* certificates = bundle->d.sign->cert;
  if (sk_X509_num(certificates) > static_cast<int>(kMostItems)) {
    contents.push_back(too_many());
    return contents;
  }
  for (int i = 0; i < sk_X509_num(certificates); ++i) {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(sk_X509_value(certificates, i), &bytes);
    const std::unique_ptr<unsigned char, decltype([](unsigned char* data) { OPENSSL_free(data); })> owner(bytes);
    if (size <= 0) continue;
    contents.push_back(certificate_content({bytes, static_cast<std::size_t>(size)}));
  }
  return contents;
}

std::optional<Content> public_key_content(ByteView der) {
  auto facts = public_key_facts(der);
  if (!facts) return std::nullopt;
  Content content = simple(ContentKind::public_key, "a public key", der);
  content.key = std::move(*facts);
  return content;
}

// A certificate of OpenSSL's label TRUSTED CERTIFICATE is followed by trust settings, which are dropped.
ByteView without_trust_settings(ByteView der) {
  const auto certificate = DerReader(der).next(DerTag::sequence);
  return certificate ? certificate->whole : der;
}

Content block_content(const PemBlock& block) {
  const std::string& label = block.label;
  if (!block.damage.empty()) return damaged(block.damage);
  if (!block.encrypted.empty())
    return simple(ContentKind::encrypted_key, "an encrypted private key", block.encrypted.reveal());
  const ByteView der = block.der.reveal();
  if (label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE") {
    auto content = certificate_in(label == "TRUSTED CERTIFICATE" ? without_trust_settings(der) : der);
    return content ? std::move(*content) : damaged(fmt::format("the block {} does not hold a certificate", label));
  }
  if (label == "RSA PRIVATE KEY" || label == "EC PRIVATE KEY" || label == "PRIVATE KEY")
    return private_key_content(der);
  if (label == "ENCRYPTED PRIVATE KEY") return simple(ContentKind::encrypted_key, "an encrypted private key", der);
  if (label == "PUBLIC KEY" || label == "RSA PUBLIC KEY") {
    auto content = public_key_content(der);
    return content ? std::move(*content) : simple(ContentKind::public_key, "a public key", der);
  }
  if (label.ends_with("CERTIFICATE REQUEST")) return simple(ContentKind::request, "a certificate signing request");
  if (label == "PKCS7" || label == "CMS") return damaged("the PKCS#7 bundle holds no certificates");
  return simple(ContentKind::other, fmt::format("a block {}", label), der);
}

// DER says what it is by its structure only, so each kind is tried.
std::optional<Content> der_content(ByteView der) {
  if (der.empty() || der[0] != kSequence) return std::nullopt;
  if (auto content = certificate_in(der)) return content;
  if (Content content = private_key_content(der); content.kind == ContentKind::private_key) return content;
  if (auto content = public_key_content(der)) return content;
  if (parses<RequestPtr>(der, d2i_X509_REQ)) return simple(ContentKind::request, "a certificate signing request");
  if (parses<Pkcs12Ptr>(der, d2i_PKCS12)) return simple(ContentKind::pkcs12, "a PKCS#12 file", der);
  if (parses<EncryptedPtr>(der, d2i_X509_SIG))
    return simple(ContentKind::encrypted_key, "an encrypted private key", der);
  return std::nullopt;
}

// `content` as it stands in a block of this label.
void judge_label(Content& content) {
  const bool fits = content.kind == ContentKind::certificate   ? content.label == "CERTIFICATE"
                    : content.kind == ContentKind::private_key ? content.label == label_of_form(content.form)
                                                               : true;
  if (fits) return;
  content.deviation = fmt::format("its label is {}, which does not fit what it holds", content.label);
}

void add_bundle(std::vector<Content> bundle, FileContents& contents) {
  contents.deviations.emplace_back("it is a PKCS#7 bundle");
  for (Content& content : bundle) contents.items.push_back(std::move(content));
}

void add_block(const PemBlock& block, FileContents& contents) {
  if (block.label == "PKCS7" || block.label == "CMS") {
    if (auto bundle = bundle_contents(block.der.reveal()); !bundle.empty()) {
      add_bundle(std::move(bundle), contents);
      return;
    }
  }
  Content content = block_content(block);
  content.label = block.label;
  judge_label(content);
  contents.items.push_back(std::move(content));
}

void add_blocks(const PemText& text, FileContents& contents) {
  if (text.too_many) contents.items.push_back(too_many());
  for (const PemBlock& block : text.blocks) add_block(block, contents);
}

void add_text(PemText text, FileContents& contents) {
  for (std::string& deviation : text.deviations) contents.deviations.push_back(std::move(deviation));
  contents.outside = text.outside;
  add_blocks(text, contents);
}

void add_source(const SourceText& source, FileContents& contents) {
  contents.deviations.emplace_back("it is C source");
  add_blocks(read_pem(source.text), contents);
  for (const Secret& array : source.arrays) {
    if (auto content = der_content(array.reveal())) contents.items.push_back(std::move(*content));
  }
}

// What is no text at all.
bool add_binary(ByteView bytes, FileContents& contents) {
  if (auto content = der_content(bytes)) {
    contents.deviations.emplace_back("it is DER");
    contents.items.push_back(std::move(*content));
  } else if (auto bundle = bundle_contents(bytes); !bundle.empty()) {
    add_bundle(std::move(bundle), contents);
  } else if (is_zip(bytes)) {
    contents.items.push_back(simple(ContentKind::archive, "a zip archive"));
  }
  return !contents.items.empty();
}

}  // namespace

Content certificate_content(ByteView der) {
  auto content = certificate_in(der);
  return content ? std::move(*content) : damaged("a certificate cannot be read: it is damaged");
}

Content private_key_content(ByteView der) {
  auto key = read_private_key(der);
  if (!key) return damaged("the private key cannot be read: it is damaged or of an unknown kind");
  if (!key->consistent) return damaged("the private key is damaged: its numbers do not fit together");
  Content content = simple(ContentKind::private_key, {}, der);
  content.rewritten = std::move(key->rewritten);
  content.rewriting = std::move(key->reason);
  content.key = std::move(key->facts);
  content.form = std::move(key->form);
  content.name = fmt::format("a private key, {} ({})", content.key.name, content.form);
  return content;
}

FileContents read_contents(const NamedFile& file) {
  FileContents contents{file.name, {}, {}, 0};
  const ByteView bytes = file.content.reveal();
  if (add_binary(bytes, contents)) return contents;
  const Secret text = plain_text(bytes, contents.deviations);
  if (const auto source = read_c_source(text.reveal_text())) {
    add_source(*source, contents);
    if (!contents.items.empty()) return contents;
    contents.deviations.pop_back();
  }
  add_text(read_pem(text), contents);
  if (!contents.items.empty()) return contents;
  const Secret decoded = decode_base64(text.reveal_text());
  if (add_binary(decoded.reveal(), contents)) contents.deviations = {"its BEGIN and END lines are missing"};
  return contents;
}

}  // namespace atcert::credentials
