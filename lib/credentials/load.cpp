// SPDX-License-Identifier: Apache-2.0
#include "credentials/load.hpp"

#include "credentials/item.hpp"

namespace atcert::credentials {

Result<Credentials> load_files(const NamedFile& certificate, const NamedFile& key, const NamedFile& ca,
                               const LoadOptions& options) {
  std::vector<std::string> changes;
  auto certificate_item =
      take_certificates(certificate, read_contents(certificate), "the device certificate", options, changes);
  auto key_item = take_key(key, read_contents(key), options, changes);
  auto ca_item = take_certificates(ca, read_contents(ca), "a CA certificate", options, changes);
  ATCERT_TRY(Credentials, credentials, assemble(std::move(certificate_item), std::move(key_item), std::move(ca_item)));
  credentials.changes = std::move(changes);
  return credentials;
}

}  // namespace atcert::credentials
