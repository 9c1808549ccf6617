// SPDX-License-Identifier: Apache-2.0
#include "module/credential_store.hpp"

#include <fmt/core.h>

#include "module/nvs_store.hpp"
#include "module/pki_store.hpp"

namespace atcert::module {
namespace {

Error not_equal(Slot slot, std::size_t size) {
  return {ErrorKind::module, "read_back",
          fmt::format("{} does not read back as it was written ({} bytes)", name_of(slot), size),
          "bytes were lost or changed on the line, or the module's flash is damaged",
          "lower the baud rate, shorten the cable, then write it again"};
}

Result<Put> try_to_put(CredentialStore& store, Slot slot, ByteView content, Look look) {
  ATCERT_TRY(const bool, equal, look_for(store, slot, content, look));
  if (equal) return Put::equal;
  ATCERT_CHECK(store.write(slot, content));
  ATCERT_TRY(const bool, arrived, store.has(slot, content));
  if (!arrived) return not_equal(slot, content.size());
  return Put::written;
}

// A module that has lost bytes refuses a write, too: all that it says may be about something else than what was sent.
// Only a read has nothing to be lost of it, and is refused for a reason. One that is silent may have restarted, and be
// at another rate.
bool worth_another(const Error& error) {
  if (error.kind == ErrorKind::no_module) return error.code == "no_answer";
  return error.kind == ErrorKind::module && error.code != "refused" && error.code != "no_time";
}

}  // namespace

std::string_view name_of(Slot slot) {
  switch (slot) {
    case Slot::mqtt_ca:
      return "mqtt_ca";
    case Slot::mqtt_cert:
      return "mqtt_cert";
    case Slot::mqtt_key:
      return "mqtt_key";
  }
  return {};
}

bool holds(const Stored& stored, ByteView content) {
  const Secret* found = std::get_if<Secret>(&stored);
  return found != nullptr && found->equals(content);
}

Result<bool> look_for(CredentialStore& store, Slot slot, ByteView content, Look look) {
  if (look == Look::none) return false;
  if (look == Look::end_first) {
    ATCERT_TRY(const bool, perhaps, store.may_have(slot, content));
    if (!perhaps) return false;
  }
  return store.has(slot, content);
}

Result<void> check_size(const CredentialStore& store, Slot slot, ByteView content) {
  if (!content.empty() && content.size() <= store.capacity(slot)) return {};
  return Error{ErrorKind::input, "credential_size",
               fmt::format("{} would be {} bytes, the module takes 1 to {}", name_of(slot), content.size(),
                           store.capacity(slot)),
               "", "use an EC key, or leave out certificates that the broker has itself"};
}

std::unique_ptr<CredentialStore> make_store(const Module& module, at::Session& session) {
  if (module.generation() == image::Generation::nvs) return std::make_unique<NvsStore>(session);
  return std::make_unique<PkiStore>(module, session);
}

Result<Put> put(CredentialStore& store, Slot slot, ByteView content, Look look, const Again& again) {
  ATCERT_CHECK(check_size(store, slot, content));
  for (int next = 2;; ++next) {
    auto done = try_to_put(store, slot, content, next == 2 ? look : Look::end_first);
    if (done) return next == 2 ? *done : Put::written;
    if (next > kPutAttempts || !worth_another(done.error())) return std::move(done).error();
    if (!again(done.error(), next)) return std::move(done).error();
  }
}

}  // namespace atcert::module
