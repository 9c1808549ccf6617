// SPDX-License-Identifier: Apache-2.0
#include "credentials/load.hpp"

#include "credentials/item.hpp"

namespace atcert::credentials {
namespace {

Result<Credentials> load(const NamedFile& certificate, const NamedFile& key, Result<CertificateItem> ca,
                         std::vector<std::string> ca_changes, const LoadOptions& options) {
  std::vector<std::string> changes;
  auto certificate_item =
      take_certificates(certificate, read_contents(certificate), "the device certificate", options, changes);
  auto key_item = take_key(key, read_contents(key), options, changes);
  ATCERT_TRY(Credentials, credentials, assemble(std::move(certificate_item), std::move(key_item), std::move(ca)));
  changes.insert(changes.end(), ca_changes.begin(), ca_changes.end());
  credentials.changes = std::move(changes);
  return credentials;
}

}  // namespace

Result<SharedCa> load_ca(const NamedFile& ca, const LoadOptions& options) {
  SharedCa shared;
  ATCERT_TRY(CertificateItem, item,
             take_certificates(ca, read_contents(ca), "a CA certificate", options, shared.changes));
  shared.item = std::move(item);
  return shared;
}

Result<Credentials> load_files(const NamedFile& certificate, const NamedFile& key, const NamedFile& ca,
                               const LoadOptions& options) {
  auto shared = load_ca(ca, options);
  if (!shared) return load(certificate, key, shared.error(), {}, options);
  return load_files(certificate, key, *shared, options);
}

Result<Credentials> load_files(const NamedFile& certificate, const NamedFile& key, const SharedCa& ca,
                               const LoadOptions& options) {
  return load(certificate, key, ca.item, ca.changes, options);
}

}  // namespace atcert::credentials
