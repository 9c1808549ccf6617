// SPDX-License-Identifier: Apache-2.0
#include "credentials/item.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include "credentials/finding.hpp"
#include "credentials/openssl.hpp"
#include "credentials/pem.hpp"

namespace atcert::credentials {
namespace {

Error input_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

const Content* find_kind(const FileContents& contents, ContentKind kind) {
  const auto found = std::find_if(contents.items.begin(), contents.items.end(),
                                  [kind](const Content& content) { return content.kind == kind; });
  return found != contents.items.end() ? &*found : nullptr;
}

std::string list_items(const FileContents& contents) {
  if (contents.items.empty()) return "nothing that is known";
  std::string list;
  for (const Content& item : contents.items) list += (list.empty() ? "" : ", ") + item.name;
  return list;
}

Error damaged_error(const FileContents& contents, const Content& damage) {
  return input_error("damaged", fmt::format("{}: {}", contents.source, damage.name),
                     "download or copy the file again, as a file and not through a terminal or an editor");
}

// Why `contents` have no certificate for `slot`.
Error no_certificate(const FileContents& contents, const std::string& slot) {
  if (const Content* damage = find_kind(contents, ContentKind::damaged)) return damaged_error(contents, *damage);
  const std::string what = fmt::format("{}: holds {}, not {}", contents.source, list_items(contents), slot);
  if (find_kind(contents, ContentKind::private_key) != nullptr ||
      find_kind(contents, ContentKind::encrypted_key) != nullptr) {
    return input_error("key_as_certificate", what, "give the certificate here and the private key as the key");
  }
  if (find_kind(contents, ContentKind::public_key) != nullptr) {
    return input_error("public_key_as_certificate", what, "give the certificate: the public key is not needed");
  }
  if (find_kind(contents, ContentKind::request) != nullptr) {
    return input_error("request_as_certificate", what,
                       "have the request signed and give the certificate that comes back");
  }
  if (find_kind(contents, ContentKind::archive) != nullptr) {
    return input_error("archive_as_certificate", what, "take the certificate out: openssl pkcs12 or openssl pkcs7");
  }
  return input_error("certificate_missing", what, "give a certificate in PEM or DER");
}

Error no_key(const FileContents& contents) {
  if (const Content* damage = find_kind(contents, ContentKind::damaged)) return damaged_error(contents, *damage);
  const std::string what = fmt::format("{}: holds {}, not the private key", contents.source, list_items(contents));
  if (find_kind(contents, ContentKind::public_key) != nullptr) {
    return input_error("public_key_as_key", what,
                       "give the private key; AWS names it <id>-private.pem.key and the public one is not needed");
  }
  if (find_kind(contents, ContentKind::certificate) != nullptr) {
    return input_error("certificate_as_key", what, "give the private key here and the certificate as the certificate");
  }
  if (find_kind(contents, ContentKind::archive) != nullptr) {
    return input_error("archive_as_key", what, "take the key out: openssl pkcs12 -nocerts -noenc");
  }
  return input_error("key_missing", what, "give a private key in PEM or DER: PKCS#1, SEC1 or PKCS#8");
}

// What has to change so that the file's bytes become the item; empty when they can be taken as they are.
std::vector<std::string> reasons_to_change(const FileContents& contents, ContentKind wanted, bool only_one) {
  std::vector<std::string> reasons = contents.deviations;
  bool taken = false;
  for (const Content& item : contents.items) {
    if (item.kind == wanted && !(only_one && taken)) {
      taken = true;
    } else {
      reasons.push_back(fmt::format("it also holds {}, which is left out", item.name));
    }
  }
  return reasons;
}

// Notes the reasons as changes, or refuses them where nothing may be changed.
Result<void> accept_changes(const std::string& source, const std::vector<std::string>& reasons,
                            const LoadOptions& options, std::vector<std::string>& changes) {
  for (const std::string& reason : reasons) {
    if (options.verbatim) {
      return input_error("not_verbatim", fmt::format("{}: cannot be taken as it is: {}", source, reason),
                         "convert the file, or leave out --verbatim");
    }
    changes.push_back(fmt::format("{}: rewritten: {}", source, reason));
  }
  return {};
}

int give_passphrase(char* buffer, int size, int, void* user) {
  const Secret& secret = *static_cast<const Secret*>(user);
  if (secret.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(buffer, secret.reveal().data(), secret.size());
  return static_cast<int>(secret.size());
}

// The key as DER: PKCS#8 when it was encrypted as PKCS#8, else in its traditional form.
Secret decrypted_der(const Content& content, Secret& passphrase) {
  const BioPtr in = reader_of(content.bytes.reveal());
  const bool traditional = as_text(content.bytes.reveal()).starts_with("-----BEGIN");
  const KeyPtr key(traditional ? PEM_read_bio_PrivateKey(in.get(), nullptr, give_passphrase, &passphrase)
                               : d2i_PKCS8PrivateKey_bio(in.get(), nullptr, give_passphrase, &passphrase));
  const BioPtr out = secret_writer();
  if (key && traditional) i2d_PrivateKey_bio(out.get(), key.get());
  if (key && !traditional) i2d_PKCS8PrivateKey_bio(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  ERR_clear_error();
  return Secret(view_of(out.get()));
}

KeyItem key_item(const std::string& source, const Content& content, Secret pem) {
  return {source, std::move(pem), content.form, content.key};
}

void add_finding(Findings& findings, const Error& error) {
  findings.push_back({Severity::error, error.code, error.what, error.remedy});
}

}  // namespace

Result<CertificateItem> take_certificates(const NamedFile& file, const FileContents& contents, const std::string& slot,
                                          const LoadOptions& options, std::vector<std::string>& changes) {
  if (find_kind(contents, ContentKind::certificate) == nullptr) return no_certificate(contents, slot);
  if (const Content* damage = find_kind(contents, ContentKind::damaged)) return damaged_error(contents, *damage);
  CertificateItem item{file.name, {}, {}};
  Secret pem;
  for (const Content& content : contents.items) {
    if (content.kind != ContentKind::certificate) continue;
    item.chain.push_back(content.certificate);
    pem.append(write_pem("CERTIFICATE", content.bytes.reveal()).reveal());
  }
  const auto reasons = reasons_to_change(contents, ContentKind::certificate, false);
  ATCERT_CHECK(accept_changes(file.name, reasons, options, changes));
  item.pem = to_bytes(reasons.empty() ? file.content.reveal() : pem.reveal());
  return item;
}

Result<Content> decrypt(const Content& content, const std::string& source, const LoadOptions& options) {
  std::optional<Secret> passphrase;
  if (options.passphrase) passphrase = options.passphrase(source);
  if (!passphrase) {
    return input_error(
        "key_encrypted",
        fmt::format("{}: the private key is encrypted and nobody can be asked for its passphrase", source),
        "run this on a terminal, or decrypt the key first: openssl pkey -in FILE -out NEW");
  }
  const Secret der = decrypted_der(content, *passphrase);
  if (der.empty()) {
    return input_error("passphrase_wrong", fmt::format("{}: the private key cannot be decrypted", source),
                       "check the passphrase; a cipher that OpenSSL 3 no longer has also ends here");
  }
  return private_key_content(der.reveal());
}

Result<KeyItem> take_key(const NamedFile& file, const FileContents& contents, const LoadOptions& options,
                         std::vector<std::string>& changes) {
  const Content* plain = find_kind(contents, ContentKind::private_key);
  const Content* encrypted = plain == nullptr ? find_kind(contents, ContentKind::encrypted_key) : nullptr;
  if (plain == nullptr && encrypted == nullptr) return no_key(contents);
  const ContentKind kind = plain != nullptr ? ContentKind::private_key : ContentKind::encrypted_key;
  std::vector<std::string> reasons = reasons_to_change(contents, kind, true);
  if (plain != nullptr) {
    ATCERT_CHECK(accept_changes(file.name, reasons, options, changes));
    return key_item(
        file.name, *plain,
        reasons.empty() ? file.content.clone() : write_pem(label_of_form(plain->form), plain->bytes.reveal()));
  }
  reasons.emplace_back("it is encrypted");
  ATCERT_CHECK(accept_changes(file.name, reasons, options, changes));
  ATCERT_TRY(const Content, key, decrypt(*encrypted, file.name, options));
  if (key.kind != ContentKind::private_key) return damaged_error(contents, key);
  return key_item(file.name, key, write_pem(label_of_form(key.form), key.bytes.reveal()));
}

Result<Credentials> assemble(Result<CertificateItem> certificate, Result<KeyItem> key, Result<CertificateItem> ca) {
  Findings findings;
  if (!certificate) add_finding(findings, certificate.error());
  if (!key) add_finding(findings, key.error());
  if (!ca) add_finding(findings, ca.error());
  if (auto error = first_error(findings)) return std::move(*error);
  Credentials credentials;
  credentials.certificate = std::move(certificate).value();
  credentials.key = std::move(key).value();
  credentials.ca = std::move(ca).value();
  return credentials;
}

}  // namespace atcert::credentials
