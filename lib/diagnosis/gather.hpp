// SPDX-License-Identifier: Apache-2.0
// Asks the module why a step failed, while it is as the failure left it: cheapest first, in bounded time. Nothing is
// written, and what is opened is closed again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "at/session.hpp"
#include "credentials/credentials.hpp"
#include "diagnosis/evidence.hpp"
#include "diagnosis/question.hpp"
#include "diagnosis/slots.hpp"
#include "module/module.hpp"

namespace atcert::diagnosis {

struct Asked {
  at::Session& session;
  const module::Module& module;
  const credentials::Credentials* given = nullptr;  // what the host has; may be null
};

// All of it together takes no longer than this, and what a command of its own may overrun (10 seconds).
inline constexpr Milliseconds kGatherLimit{30'000};

struct Gathered {
  std::vector<std::string> asked;        // names of questions
  std::optional<SlotContents> contents;  // what the slots hold, where that was asked for
};

// Adds the answers to `evidence`, whose symptom, dialogue and given are there. A module that is gone or silent, and a
// stop request, end it; that is no error, for what failed is another thing.
Gathered gather(const Asked& asked, std::span<const Question> table, Evidence& evidence);

// Whether there is a question of this name.
bool can_ask(std::string_view name);

}  // namespace atcert::diagnosis
