// SPDX-License-Identifier: Apache-2.0
// From evidence to causes: which rules fit, the most likely first. Pure: the same evidence gives the same verdicts.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "diagnosis/evidence.hpp"
#include "diagnosis/rule.hpp"

namespace atcert::diagnosis {

// One cause that fits, in words.
struct Verdict {
  std::string code;  // of the rule
  std::string title;
  Confidence confidence = Confidence::possible;
  std::optional<ErrorKind> kind;
  std::string cause;
  std::string remedy;
  std::string tell;                   // what would tell it from the others
  std::vector<std::string> evidence;  // what speaks for it
};

// Rules of equal confidence stand in the order of what speaks for them, then in that of the table.
std::vector<Verdict> diagnose(const Evidence& evidence, std::span<const Rule> table);

}  // namespace atcert::diagnosis
