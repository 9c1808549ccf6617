// SPDX-License-Identifier: Apache-2.0
#include "credentials/item.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/plural.hpp"
#include "credentials/decrypted.hpp"
#include "credentials/derivation.hpp"
#include "credentials/finding.hpp"
#include "credentials/missing.hpp"
#include "credentials/pem.hpp"
#include "credentials/private_key.hpp"
#include "firmware_tls/reader.hpp"

namespace atcert::credentials {
namespace {

Error input_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

// What `openssl ecparam -genkey` writes before a key, and the firmware passes over.
bool is_parameters(const Content& content) {
  return content.label == "EC PARAMETERS";
}

bool has(const Chosen& chosen, const Content& content) {
  return std::find(chosen.begin(), chosen.end(), &content) != chosen.end();
}

std::string titles_of(const Chosen& chosen) {
  std::string titles;
  for (const Content* content : chosen) titles += (titles.empty() ? "" : ", ") + title_of(*content);
  return titles;
}

// Whether a key has to be written anew. Old firmware reads some that later ones do not.
bool is_rewritten(const Content& content, const LoadOptions& options) {
  if (content.rewritten.empty() || !options.release) return !content.rewritten.empty();
  const Secret pem = write_pem(label_of_form(content.form), content.bytes.reveal());
  return firmware_tls::read_private_key(pem, *options.release).has_value();
}

Secret pem_of(const Content& content, const LoadOptions& options) {
  if (content.kind != ContentKind::private_key) return write_pem("CERTIFICATE", content.bytes.reveal());
  const Secret& der = is_rewritten(content, options) ? content.rewritten : content.bytes;
  return write_pem(label_of_form(content.form), der.reveal());
}

// What has to change so that the file's bytes become the chosen items; empty when they can be taken as they are.
std::vector<std::string> reasons_to_change(const FileContents& contents, const Chosen& chosen,
                                           const LoadOptions& options) {
  std::vector<std::string> reasons = contents.deviations;
  for (const Content* content : chosen) {
    if (!content->deviation.empty()) reasons.push_back(content->deviation);
    if (is_rewritten(*content, options)) reasons.push_back(content->rewriting);
  }
  const auto other = [&](const Content& item) {
    const bool passed_over = is_parameters(item) && chosen.front()->kind == ContentKind::private_key;
    return !has(chosen, item) && !passed_over;
  };
  if (std::any_of(contents.items.begin(), contents.items.end(), other)) {
    reasons.push_back(
        fmt::format("of the {} in it, this is taken: {}", counted(contents.items.size(), "item"), titles_of(chosen)));
  }
  // All items are in one vector, so that their addresses tell their order.
  if (!std::is_sorted(chosen.begin(), chosen.end())) {
    reasons.emplace_back("its certificates are put in order, the device's first");
  }
  return reasons;
}

// Notes the reasons as changes, or refuses them where nothing may be changed.
Result<void> accept_changes(const std::string& source, const std::vector<std::string>& reasons,
                            const LoadOptions& options, Remarks& remarks) {
  for (const std::string& reason : reasons) {
    if (options.verbatim) {
      return input_error("not_verbatim", fmt::format("{}: cannot be taken as it is: {}", source, reason),
                         "convert the file, or leave out --verbatim");
    }
    remarks.changes.push_back(fmt::format("{}: rewritten: {}", source, reason));
  }
  return {};
}

// What lies around the items and goes into the module with them costs flash, and nothing else.
void note_surroundings(const Entry& entry, Remarks& remarks) {
  std::size_t size = entry.contents.outside;
  for (const Content& item : entry.contents.items) {
    if (is_parameters(item)) size += write_pem(item.label, item.bytes.reveal()).size();
  }
  if (size == 0) return;
  remarks.notes.push_back(fmt::format("{}: goes in as it is, with {} around the PEM that the firmware passes over",
                                      entry.file->name, counted(size, "byte")));
}

// The bytes for the module: those of the file where it can be taken as it is, else PEM of the chosen items.
Result<Secret> take_bytes(const Entry& entry, const Chosen& chosen, const LoadOptions& options, Remarks& remarks) {
  const auto reasons = reasons_to_change(entry.contents, chosen, options);
  ATCERT_CHECK(accept_changes(entry.file->name, reasons, options, remarks));
  if (reasons.empty()) {
    note_surroundings(entry, remarks);
    return entry.file->content.clone();
  }
  Secret pem;
  for (const Content* content : chosen) pem.append(pem_of(*content, options).reveal());
  return pem;
}

std::vector<const Content*> find_all(const FileContents& contents, ContentKind kind) {
  std::vector<const Content*> found;
  for (const Content& content : contents.items) {
    if (content.kind == kind) found.push_back(&content);
  }
  return found;
}

bool belong_together(const Content& certificate, const Content& key) {
  return !key.key.fingerprint.empty() && certificate.certificate.key.fingerprint == key.key.fingerprint;
}

// Of several keys that of a certificate.
Result<const Content*> choose_key(const std::string& source, const std::vector<const Content*>& keys,
                                  const std::vector<const Content*>& certificates) {
  std::vector<const Content*> fitting;
  for (const Content* key : keys) {
    if (std::any_of(certificates.begin(), certificates.end(),
                    [key](const Content* certificate) { return belong_together(*certificate, *key); })) {
      fitting.push_back(key);
    }
  }
  const auto& left = fitting.empty() ? keys : fitting;
  const auto other = std::find_if(left.begin(), left.end(), [&](const Content* key) {
    return key->key.fingerprint != left.front()->key.fingerprint;
  });
  if (other == left.end()) return left.front();
  std::string names;
  for (const Content* key : left) names += (names.empty() ? "" : ", ") + key->key.name;
  return input_error("ambiguous",
                     fmt::format("{}: holds several private keys, {}: {}", source,
                                 fitting.empty() ? "none of the device certificate" : "each of a certificate", names),
                     "put the key of this device alone into a file");
}

void add_finding(Findings& findings, const Error& error) {
  findings.push_back({Severity::error, error.code, error.what, error.remedy});
}

}  // namespace

Result<Chosen> all_certificates(const FileContents& contents, const std::string& slot) {
  Chosen all = find_all(contents, ContentKind::certificate);
  if (all.empty()) return no_certificate(contents, slot);
  if (const Content* damage = damaged_certificate(contents)) return damaged_error(contents.source, *damage);
  return all;
}

Result<Chosen> authorities(const FileContents& contents) {
  ATCERT_TRY(Chosen, all, all_certificates(contents, "a CA certificate"));
  Chosen chosen;
  std::copy_if(all.begin(), all.end(), std::back_inserter(chosen),
               [](const Content* content) { return content->certificate.is_ca || content->certificate.self_signed; });
  return chosen.empty() ? all : chosen;
}

Result<CertificateItem> take_certificates(const Entry& entry, const Chosen& chosen, const LoadOptions& options,
                                          Remarks& remarks) {
  ATCERT_TRY(const Secret, pem, take_bytes(entry, chosen, options, remarks));
  CertificateItem item{entry.file->name, to_bytes(pem.reveal()), {}};
  for (const Content* content : chosen) item.chain.push_back(content->certificate);
  return item;
}

Result<Content> decrypt(const Content& content, const std::string& source, const LoadOptions& options) {
  if (is_too_slow(content.bytes, options.most_iterations)) {
    return input_error(
        "too_many_iterations",
        fmt::format("{}: the private key is encrypted and asks for more than {} iterations before it opens", source,
                    options.most_iterations),
        "keep it, and decrypt a copy: openssl pkey -in FILE -out NEW");
  }
  std::optional<Secret> passphrase;
  if (options.passphrase) passphrase = options.passphrase(source);
  if (!passphrase) {
    return input_error(
        "key_encrypted",
        fmt::format("{}: the private key is encrypted and nobody can be asked for its passphrase", source),
        "run this on a terminal, or decrypt the key first: openssl pkey -in FILE -out NEW");
  }
  const Secret der = decrypted_der(content.bytes, *passphrase);
  if (der.empty()) {
    return input_error(
        "passphrase_wrong",
        fmt::format("{}: the private key cannot be decrypted: the passphrase is wrong, or OpenSSL 3 no longer has the "
                    "cipher, {}",
                    source, cipher_name(content.bytes)),
        "check the passphrase; for DES, RC2 or RC4 keep the file and decrypt a copy: openssl pkey -provider legacy "
        "-provider default -in FILE -out NEW");
  }
  return private_key_content(der.reveal());
}

Result<KeyItem> take_key(const Entry& entry, const std::vector<const Content*>& certificates,
                         const LoadOptions& options, Remarks& remarks) {
  const auto keys = find_all(entry.contents, ContentKind::private_key);
  if (!keys.empty()) {
    ATCERT_TRY(const Content*, key, choose_key(entry.file->name, keys, certificates));
    return take_key(entry, *key, options, remarks);
  }
  const Content* encrypted = find_kind(entry.contents, ContentKind::encrypted_key);
  return encrypted == nullptr ? no_key(entry.contents) : take_key(entry, *encrypted, options, remarks);
}

Result<KeyItem> take_key(const Entry& entry, const Content& chosen, const LoadOptions& options, Remarks& remarks) {
  const std::string& source = entry.file->name;
  if (chosen.kind == ContentKind::private_key) {
    ATCERT_TRY(Secret, pem, take_bytes(entry, {&chosen}, options, remarks));
    return KeyItem{source, std::move(pem), chosen.form, chosen.key};
  }
  std::vector<std::string> reasons = reasons_to_change(entry.contents, {&chosen}, options);
  reasons.emplace_back("it is encrypted");
  ATCERT_CHECK(accept_changes(source, reasons, options, remarks));
  ATCERT_TRY(const Content, key, decrypt(chosen, source, options));
  if (key.kind != ContentKind::private_key) return damaged_error(source, key);
  if (is_rewritten(key, options)) ATCERT_CHECK(accept_changes(source, {key.rewriting}, options, remarks));
  return KeyItem{source, pem_of(key, options), key.form, key.key};
}

void append_once(std::vector<std::string>& to, const std::vector<std::string>& lines) {
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(to),
               [&](const std::string& line) { return std::find(to.begin(), to.end(), line) == to.end(); });
}

std::string title_of(const Content& content) {
  if (content.kind != ContentKind::certificate) return content.name;
  return fmt::format("{} ({})", content.name, content.certificate.subject);
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
