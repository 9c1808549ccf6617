// SPDX-License-Identifier: Apache-2.0
// What the script was given, as evidence: forms and lengths alone.
#pragma once

#include "diagnosis/evidence.hpp"
#include "script/scope.hpp"

namespace atcert::diagnosis {

// `values` must outlive the evidence.
Given given_evidence(const script::Values& values);

}  // namespace atcert::diagnosis
