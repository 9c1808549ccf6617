// SPDX-License-Identifier: Apache-2.0
// The table of causes (causes/causes.json, causes.schema.json): each rule says where a failure shows itself, which
// evidence must, may and must not hold, and what it means. The table is compiled in; `atcert explain` and
// docs/causes.md tell it, the engine applies it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "diagnosis/condition.hpp"
#include "script/text.hpp"

namespace atcert::diagnosis {

enum class Confidence { possible, likely, certain };
std::string_view name_of(Confidence confidence);

struct Rule {
  std::string code;     // stable: "wifi_wrong_password"
  std::string chapter;  // where the page has it: "Wi-Fi, names, time"
  std::string title;
  std::string symptom;          // what is seen, for a person
  std::vector<std::string> at;  // commands that fail so, or "port"; "AT+MQTT*" for several; empty: nothing tells it
  std::vector<Condition> must;
  std::vector<Condition> never;                  // one of them, and it is not this
  Confidence confidence = Confidence::possible;  // with what must hold
  std::vector<Condition> likely;                 // one of them, and it is likely
  std::vector<Condition> certain;                // one of them, and it is certain
  std::optional<ErrorKind> kind;                 // the class of the failure, where it is not the step's
  script::Text verdict;
  script::Text remedy;
  script::Text tell;  // what tells it from the others
  std::vector<std::string> sources;
};

// The rules that are part of the tool. They are read once; a test holds them to their form.
std::span<const Rule> rules();
const Rule* find_rule(std::string_view code);

// Reads a table. `file` is the name that messages give.
Result<std::vector<Rule>> parse_rules(std::string_view text, const std::string& file);

}  // namespace atcert::diagnosis
