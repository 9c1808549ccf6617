// SPDX-License-Identifier: Apache-2.0
#include "provision/push.hpp"

#include <array>

#include <fmt/core.h>

namespace atcert::provision {
namespace {

using module::CredentialStore;
using module::Slot;

struct Item {
  Slot slot;
  ByteView content;
};

std::array<Item, 3> items_of(const credentials::Credentials& credentials) {
  return {{{Slot::mqtt_ca, credentials.ca.pem},
           {Slot::mqtt_cert, credentials.certificate.pem},
           {Slot::mqtt_key, credentials.key.pem.reveal()}}};
}

// Before anything is written: one item that is refused would leave a mix of old and new.
Result<std::string> check_sizes(const CredentialStore& store, const std::array<Item, 3>& items) {
  for (const Item& item : items) ATCERT_CHECK(module::check_size(store, item.slot, item.content));
  return std::string("all three do");
}

Result<std::string> write(CredentialStore& store, const Item& item, bool force, report::SlotFacts& facts) {
  facts.state = "unknown";  // unless what follows succeeds
  ATCERT_TRY(const module::Put, put, module::put(store, item.slot, item.content, force));
  const bool equal = put == module::Put::equal;
  facts.state = equal ? "equal" : "written";
  return fmt::format("{} bytes, {}", item.content.size(), equal ? "there already" : "written and read back equal");
}

Result<std::string> compare(CredentialStore& store, const Item& item, bool force, report::SlotFacts& facts) {
  const auto stored = store.read(item.slot);
  if (!stored && stored.error().code != module::kSlotDamaged) return stored.error();
  const bool equal = !force && stored && *stored && (*stored)->equals(item.content);
  facts.state = equal ? "equal" : "would be written";
  return fmt::format("{} bytes, {}", item.content.size(), equal ? "there already" : "would be written");
}

}  // namespace

Result<void> push(CredentialStore& store, const credentials::Credentials& credentials, const PushOptions& options,
                  Steps& steps, std::vector<report::SlotFacts>& slots) {
  const auto items = items_of(credentials);
  for (const Item& item : items) {
    slots.push_back({std::string(name_of(item.slot)), item.content.size(), "not written"});
  }
  ATCERT_CHECK(steps.step({"push", "see that they fit"}, [&] { return check_sizes(store, items); }));
  const auto act = options.dry_run ? compare : write;
  for (std::size_t i = 0; i < items.size(); ++i) {
    ATCERT_CHECK(steps.step({"push", std::string(name_of(items[i].slot))},
                            [&] { return act(store, items[i], options.force, slots[i]); }));
  }
  return {};
}

}  // namespace atcert::provision
