// SPDX-License-Identifier: Apache-2.0
#include "credentials/contents.hpp"

#include <utility>

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>

#include "credentials/certificate.hpp"
#include "credentials/der.hpp"
#include "credentials/openssl.hpp"
#include "credentials/pem.hpp"
#include "credentials/private_key.hpp"
#include "credentials/public_key.hpp"

namespace atcert::credentials {
namespace {

using EncryptedPtr = std::unique_ptr<X509_SIG, FreeWith<X509_SIG_free>>;
using RequestPtr = std::unique_ptr<X509_REQ, FreeWith<X509_REQ_free>>;
using Pkcs7Ptr = std::unique_ptr<PKCS7, FreeWith<PKCS7_free>>;
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

Content damaged(std::string what) {
  return simple(ContentKind::damaged, std::move(what));
}

std::optional<Content> certificate_content(ByteView der) {
  auto facts = certificate_facts(der);
  if (!facts) return std::nullopt;
  Content content = simple(ContentKind::certificate, "a certificate", der);
  content.certificate = std::move(*facts);
  return content;
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
    auto content = certificate_content(label == "TRUSTED CERTIFICATE" ? without_trust_settings(der) : der);
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
  if (label == "PKCS7" || label == "CMS") return simple(ContentKind::archive, "a PKCS#7 bundle");
  return simple(ContentKind::other, fmt::format("a block {}", label));
}

// DER says what it is by its structure only, so each kind is tried.
std::optional<Content> der_content(ByteView der) {
  if (der.empty() || der[0] != kSequence) return std::nullopt;
  if (auto content = certificate_content(der)) return content;
  if (Content content = private_key_content(der); content.kind == ContentKind::private_key) return content;
  if (auto content = public_key_content(der)) return content;
  if (parses<RequestPtr>(der, d2i_X509_REQ)) return simple(ContentKind::request, "a certificate signing request");
  if (parses<Pkcs12Ptr>(der, d2i_PKCS12)) return simple(ContentKind::archive, "a PKCS#12 file");
  if (parses<Pkcs7Ptr>(der, d2i_PKCS7)) return simple(ContentKind::archive, "a PKCS#7 bundle");
  if (parses<EncryptedPtr>(der, d2i_X509_SIG))
    return simple(ContentKind::encrypted_key, "an encrypted private key", der);
  return std::nullopt;
}

void judge_label(const Content& content, std::vector<std::string>& deviations) {
  const bool fits = content.kind == ContentKind::certificate   ? content.label == "CERTIFICATE"
                    : content.kind == ContentKind::private_key ? content.label == label_of_form(content.form)
                                                               : true;
  if (!fits) deviations.push_back(fmt::format("its label is {}, which does not fit what it holds", content.label));
}

void add_blocks(PemText text, FileContents& contents) {
  for (std::string& deviation : text.deviations) contents.deviations.push_back(std::move(deviation));
  for (const PemBlock& block : text.blocks) {
    Content content = block_content(block);
    content.label = block.label;
    judge_label(content, contents.deviations);
    contents.items.push_back(std::move(content));
  }
}

}  // namespace

std::string label_of_form(std::string_view form) {
  if (form == "PKCS#1") return "RSA PRIVATE KEY";
  return form == "SEC1" ? "EC PRIVATE KEY" : "PRIVATE KEY";
}

Content private_key_content(ByteView der) {
  auto key = read_private_key(der);
  if (!key) return damaged("the private key cannot be read: it is damaged or of an unknown kind");
  if (!key->consistent) return damaged("the private key is damaged: its numbers do not fit together");
  Content content = simple(ContentKind::private_key, {}, der);
  content.key = std::move(key->facts);
  content.form = std::move(key->form);
  content.name = fmt::format("a private key, {} ({})", content.key.name, content.form);
  return content;
}

FileContents read_contents(const NamedFile& file) {
  FileContents contents{file.name, {}, {}};
  const ByteView bytes = file.content.reveal();
  if (auto content = der_content(bytes)) {
    contents.deviations.emplace_back("it is DER");
    contents.items.push_back(std::move(*content));
    return contents;
  }
  const Secret text = plain_text(bytes, contents.deviations);
  add_blocks(read_pem(text), contents);
  if (!contents.items.empty()) return contents;
  const Secret decoded = decode_base64(text.reveal_text());
  if (auto content = der_content(decoded.reveal())) {
    contents.deviations.emplace_back("its BEGIN and END lines are missing");
    contents.items.push_back(std::move(*content));
  }
  return contents;
}

}  // namespace atcert::credentials
