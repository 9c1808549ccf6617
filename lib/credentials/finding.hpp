// SPDX-License-Identifier: Apache-2.0
// What an offline check found. Codes are stable; messages and remedies are for people.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace atcert::credentials {

enum class Severity { note, warning, error };

std::string_view name_of(Severity severity);

struct Finding {
  Severity severity = Severity::note;
  std::string code;     // "key_mismatch"
  std::string message;  // what is wrong, with names and numbers
  std::string remedy;   // what to do; empty for notes that ask for nothing
};

using Findings = std::vector<Finding>;

// --strict: warnings become errors.
void make_strict(Findings& findings);

// One Error of kind input that tells all findings of severity error, or nothing when there is none.
std::optional<Error> first_error(std::span<const Finding> findings);

}  // namespace atcert::credentials
