// SPDX-License-Identifier: Apache-2.0
// Where a module keeps its MQTT credentials, one interface for both generations of storage (nvs_store.cpp,
// pki_store.cpp). The firmware reads the slots at every AT+MQTTCONN, so no restart is needed after a write.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "at/session.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "module/module.hpp"

namespace atcert::module {

enum class Slot { mqtt_ca, mqtt_cert, mqtt_key };
std::string_view name_of(Slot slot);

class CredentialStore {
 public:
  virtual ~CredentialStore() = default;

  // The largest content that the slot takes.
  virtual std::size_t capacity(Slot slot) const = 0;

  // What MQTT would find in the slot; nothing when that is nothing. An Error with code kSlotDamaged when there is
  // something that the firmware cannot use.
  virtual Result<std::optional<Secret>> read(Slot slot) = 0;

  // Stores `content` (PEM) and says nothing about what arrived: read it back. A content that does not fit is an Error
  // of kind input, before anything is sent. A stop request takes effect before or after, never in the middle.
  virtual Result<void> write(Slot slot, ByteView content) = 0;
};

inline constexpr std::string_view kSlotDamaged = "slot_damaged";

// An Error of kind input when the slot cannot take `content`.
Result<void> check_size(const CredentialStore& store, Slot slot, ByteView content);

// The store of `module`. Both arguments must outlive it.
std::unique_ptr<CredentialStore> make_store(const Module& module, at::Session& session);

enum class Put { equal, written };

// Sees to it that `slot` holds `content`: compares, writes when it differs (or when forced), reads back and compares.
Result<Put> put(CredentialStore& store, Slot slot, ByteView content, bool force);

}  // namespace atcert::module
