// SPDX-License-Identifier: Apache-2.0
// What a slot holds, as a report tells it: of a certificate or a key what may be known of it, never the item itself.
#pragma once

#include <optional>
#include <vector>

#include "module/credential_store.hpp"
#include "report/run.hpp"

namespace atcert::provision {

// What was read of a slot. Its state is "empty", "damaged" (the firmware cannot use it), "foreign" (it is no
// certificate, or no key, where one has to be) or "content".
report::SlotFacts describe(module::Slot slot, const module::Stored& stored);

// The same of what is to be there; the state is not set.
report::SlotFacts describe_content(module::Slot slot, ByteView content);

// Whether the key and the certificate among `slots` belong together; nothing when one of them is not there.
std::optional<bool> key_fits_certificate(const std::vector<report::SlotFacts>& slots);

}  // namespace atcert::provision
