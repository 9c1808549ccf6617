// SPDX-License-Identifier: Apache-2.0
#include "provision/read_slots.hpp"

#include <string>

#include <fmt/core.h>

#include "module/credential_store.hpp"
#include "provision/slot_facts.hpp"

namespace atcert::provision {
namespace {

using module::Slot;

std::string in_words(const report::SlotFacts& facts) {
  if (!facts.problem.empty()) return fmt::format("{}: {}", facts.state, facts.problem);
  return facts.state == "content" ? fmt::format("{} bytes", facts.size) : facts.state;
}

Result<std::string> read(module::CredentialStore& store, Slot slot, Context& context) {
  ATCERT_TRY(const module::Stored, stored, store.read(slot));
  if (const Secret* key = std::get_if<Secret>(&stored); key != nullptr && slot == Slot::mqtt_key) {
    context.line->session.hide(*key);
  }
  context.record.slots.push_back(describe(slot, stored));
  return in_words(context.record.slots.back());
}

Result<void> read_all(Context& context) {
  const auto store = module::make_store(*context.module, context.line->session);
  for (const Slot slot : {Slot::mqtt_ca, Slot::mqtt_cert, Slot::mqtt_key}) {
    ATCERT_CHECK(context.steps.step({"read", std::string(name_of(slot))}, [&] { return read(*store, slot, context); }));
  }
  context.record.key_fits_certificate = key_fits_certificate(context.record.slots);
  return {};
}

}  // namespace

Part read_slots() {
  return {Part::When::well, read_all};
}

}  // namespace atcert::provision
