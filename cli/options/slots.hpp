// SPDX-License-Identifier: Apache-2.0
// --slot: where the credentials go (NAME), and files for slots of any kind (SLOT=FILE[,FILE...]).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "credentials/slot_items.hpp"
#include "image/slot.hpp"
#include "options/credentials.hpp"
#include "program.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct SlotOptions {
  std::vector<std::string> texts;  // of the options, in their order
};

void add_slot_options(Verb& verb, SlotOptions& options);

// What the options name, read and judged.
struct Slots {
  std::string owner = "mqtt";                 // of the slots for the credentials
  std::vector<credentials::SlotItems> items;  // by owner
  credentials::Findings findings;             // warnings alone
  std::vector<std::string> changes;           // what was rewritten
};

// Errors: an unknown slot, a file that cannot be read, a certificate where a key belongs or the other way round, a pair
// that does not belong together, a slot that the credentials, if there are any, go into as well.
Result<Slots> load_slots(const SlotOptions& options, const CredentialOptions& credentials, bool has_credentials,
                         Program& program);

// The items, which refer to the bytes in `slots`.
std::vector<image::SlotItem> items_of(const Slots& slots);

}  // namespace atcert::cli
