// SPDX-License-Identifier: Apache-2.0
// Credentials in mfg_nvs through AT+SYSMFG (from 3.1): namespace and key have the slot's name, the PEM is a blob. NVS
// keeps the old value until the new one is stored, so a power cut leaves one of the two.
#pragma once

#include <set>

#include "module/credential_store.hpp"

namespace atcert::module {

class NvsStore final : public CredentialStore {
 public:
  explicit NvsStore(at::Session& session) : session_(session) {}

  std::size_t capacity(Slot) const override;
  Result<bool> may_have(Slot slot, ByteView content) override;
  Result<bool> has(Slot slot, ByteView content) override;
  Result<Stored> read(Slot slot) override;
  Result<void> write(Slot slot, ByteView content) override;

 private:
  Result<Stored> read_up_to(std::size_t size, Slot slot);
  Result<bool> lists(Slot slot);
  Secret* blob(Slot slot, at::Reply& reply);

  at::Session& session_;
  std::set<Slot> strings_;  // slots that were found to hold a string
};

}  // namespace atcert::module
