// SPDX-License-Identifier: Apache-2.0
// Where a module keeps its MQTT credentials, one interface for both generations of storage (nvs_store.cpp,
// pki_store.cpp). The firmware reads the slots at every AT+MQTTCONN, so no restart is needed after a write.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "at/session.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "module/module.hpp"

namespace atcert::module {

enum class Slot { mqtt_ca, mqtt_cert, mqtt_key };
std::string_view name_of(Slot slot);

// What a slot holds: nothing that MQTT would find, a content (PEM), or something that the firmware cannot use.
struct Empty {};
struct Damaged {
  std::string what;      // is wrong: "its PKI bin holds 2 items, not one"
  bool foreign = false;  // it is of another form altogether
};
using Stored = std::variant<Empty, Secret, Damaged>;

bool holds(const Stored& stored, ByteView content);

// How many bytes at its end tell an item from others: the end line of PEM, and 16 of base64 or more before it.
inline constexpr std::size_t kTellingEnd = 48;

class CredentialStore {
 public:
  virtual ~CredentialStore() = default;

  // The largest content that the slot takes.
  virtual std::size_t capacity(Slot slot) const = 0;

  // False: the slot holds something else than `content`, or nothing. True: it may hold it, has() tells. Costs the line
  // a few bytes of the content's end, where what is different differs: a signature ends there, and so does a length.
  virtual Result<bool> may_have(Slot slot, ByteView content) = 0;

  // Whether MQTT would find `content` in the slot: reads it whole.
  virtual Result<bool> has(Slot slot, ByteView content) = 0;

  // What MQTT would find in the slot. An Error when the module cannot be asked.
  virtual Result<Stored> read(Slot slot) = 0;

  // Stores `content` (PEM) and says nothing about what arrived: read it back. A content that does not fit is an Error
  // of kind input, before anything is sent. A stop request takes effect before or after, never in the middle.
  virtual Result<void> write(Slot slot, ByteView content) = 0;
};

// An Error of kind input when the slot cannot take `content`.
Result<void> check_size(const CredentialStore& store, Slot slot, ByteView content);

// The store of `module`. Both arguments must outlive it.
std::unique_ptr<CredentialStore> make_store(const Module& module, at::Session& session);

enum class Put { equal, written };

// How a slot is looked at before it is written: its end first and, where that is equal, the whole; the whole at once,
// where that is likely to be equal; or not at all, where it is known to be different or is to be written in any case.
enum class Look { end_first, whole, none };

// Whether the slot is seen to hold `content`.
Result<bool> look_for(CredentialStore& store, Slot slot, ByteView content, Look look);

// How often a slot is written before it is given up.
inline constexpr int kPutAttempts = 3;

// Called when an attempt has failed and another is worth it, with what went wrong and the number of the next: it brings
// the dialogue to where the module takes commands, or ends the attempts.
using Again = std::function<Result<void>(const Error& why, int next)>;

// Sees to it that `slot` holds `content`: looks, writes when it differs, reads back and compares. A line that loses
// bytes turns a good slot into a broken one, so that is done again.
Result<Put> put(CredentialStore& store, Slot slot, ByteView content, Look look, const Again& again);

}  // namespace atcert::module
