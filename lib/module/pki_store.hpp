// SPDX-License-Identifier: Apache-2.0
// Credentials in raw-data partitions through AT+SYSFLASH (up to 3.0, and later firmware on an older partition table):
// each slot is a partition that holds a PKI bin of one item (image/pki.hpp). A partition must be erased before it is
// written, so a power cut in between leaves it empty.
#pragma once

#include "module/credential_store.hpp"

namespace atcert::module {

class PkiStore final : public CredentialStore {
 public:
  PkiStore(const Module& module, at::Session& session) : module_(module), session_(session) {}

  std::size_t capacity(Slot slot) const override;
  Result<bool> may_have(Slot slot, ByteView content) override;
  Result<bool> has(Slot slot, ByteView content) override;
  Result<Stored> read(Slot slot) override;
  Result<void> write(Slot slot, ByteView content) override;

 private:
  std::size_t partition_size(Slot slot) const;
  Result<Secret> bin_of(Slot slot, ByteView content) const;
  Result<Secret> read_flash(Slot slot, std::size_t offset, std::size_t size);
  Result<void> erase(Slot slot);

  const Module& module_;
  at::Session& session_;
};

}  // namespace atcert::module
