// SPDX-License-Identifier: Apache-2.0
#include "credentials/load.hpp"

#include <optional>

#include "credentials/device_chain.hpp"
#include "credentials/item.hpp"
#include "credentials/pkcs12.hpp"

namespace atcert::credentials {
namespace {

// The CAs that come out of the file of the device certificate.
std::vector<CertificateFacts> cas_of(const Result<SharedCa>& ca, const std::string& source) {
  if (!ca || ca->item.source != source) return {};
  return ca->item.chain;
}

Result<CertificateItem> take_device(const Entry& entry, const Result<KeyItem>& key, const Result<SharedCa>& ca,
                                    const LoadOptions& options, Remarks& remarks) {
  ATCERT_TRY(const Chosen, chain,
             device_chain(entry.contents, key ? &key->facts : nullptr, cas_of(ca, entry.file->name)));
  return take_certificates(entry, chain, options, remarks);
}

std::vector<const Content*> certificates_of(const FileContents& contents) {
  auto all = all_certificates(contents, {});
  return all ? std::move(all).value() : std::vector<const Content*>();
}

Result<Credentials> load(const NamedFile& certificate, const NamedFile& key, const Result<SharedCa>& ca,
                         const LoadOptions& options) {
  ATCERT_TRY(const Entry, certificate_entry, read_entry(certificate, options));
  ATCERT_TRY(const Entry, key_entry, read_entry(key, options));
  Remarks of_certificate;
  Remarks of_key;
  auto key_item = take_key(key_entry, certificates_of(certificate_entry.contents), options, of_key);
  auto certificate_item = take_device(certificate_entry, key_item, ca, options, of_certificate);
  ATCERT_TRY(Credentials, credentials,
             assemble(std::move(certificate_item), std::move(key_item),
                      ca ? Result<CertificateItem>(ca->item) : Result<CertificateItem>(ca.error())));
  append_once(credentials.changes, of_certificate.changes);
  append_once(credentials.changes, of_key.changes);
  append_once(credentials.changes, ca->changes);
  append_once(credentials.notes, of_certificate.notes);
  append_once(credentials.notes, of_key.notes);
  append_once(credentials.notes, ca->notes);
  return credentials;
}

}  // namespace

Result<SharedCa> load_ca(const NamedFile& ca, const LoadOptions& options) {
  ATCERT_TRY(const Entry, entry, read_entry(ca, options));
  ATCERT_TRY(const Chosen, chosen, authorities(entry.contents));
  Remarks remarks;
  ATCERT_TRY(CertificateItem, item, take_certificates(entry, chosen, options, remarks));
  return SharedCa{std::move(item), std::move(remarks.changes), std::move(remarks.notes)};
}

Result<Credentials> load_files(const NamedFile& certificate, const NamedFile& key, const NamedFile& ca,
                               const LoadOptions& options) {
  return load(certificate, key, load_ca(ca, options), options);
}

Result<Credentials> load_files(const NamedFile& certificate, const NamedFile& key, const SharedCa& ca,
                               const LoadOptions& options) {
  return load(certificate, key, ca, options);
}

}  // namespace atcert::credentials
