// SPDX-License-Identifier: Apache-2.0
// What the module's slots hold, judged by their content: what kind of item each is, whether key and certificate belong
// together, whether they are what the host has.
#pragma once

#include "credentials/credentials.hpp"
#include "diagnosis/evidence.hpp"
#include "module/credential_store.hpp"

namespace atcert::diagnosis {

struct SlotContents {
  module::Stored ca;
  module::Stored certificate;
  module::Stored key;
};

// `given` may be null: then it is not known whether they are what the host has.
Stored judge(const SlotContents& contents, const credentials::Credentials* given);

}  // namespace atcert::diagnosis
