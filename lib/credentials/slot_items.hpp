// SPDX-License-Identifier: Apache-2.0
// Certificates and keys for slots of any use, in which several may stand: loaded like credentials (load.hpp), judged as
// pairs. Nothing is known of the server they are for, so less is asked of them than of credentials.
#pragma once

#include <string>
#include <vector>

#include "base/named_file.hpp"
#include "base/result.hpp"
#include "credentials/credentials.hpp"
#include "credentials/finding.hpp"
#include "credentials/load.hpp"

namespace atcert::credentials {

// What the slots of one owner hold. Certificate and key of the same place belong together.
struct SlotItems {
  std::string owner;  // "client"
  std::vector<CertificateItem> certificates;
  std::vector<KeyItem> keys;
  std::vector<CertificateItem> cas;
};

// `slot` is what messages call it: "client_cert". What was rewritten is added to `changes`.
Result<CertificateItem> load_certificate(const NamedFile& file, const std::string& slot, const LoadOptions& options,
                                         std::vector<std::string>& changes);
Result<KeyItem> load_key(const NamedFile& file, const LoadOptions& options, std::vector<std::string>& changes);

Findings check_slot_items(const SlotItems& items, Date now, bool strict);

}  // namespace atcert::credentials
