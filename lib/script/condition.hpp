// SPDX-License-Identifier: Apache-2.0
// When a step applies: what the module is, what the variables hold, what was sent before.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "script/node.hpp"
#include "script/scope.hpp"

namespace atcert::script {

using Release = std::array<unsigned, 4>;

// What a script may ask about the module; the caller fills it in.
struct ModuleFacts {
  Release release{};
  std::string generation;                                     // "pki" or "nvs"
  bool observed = false;                                      // somebody watches at the broker
  std::function<bool(std::string_view command)> has_command;  // "AT+MQTTSNI"
};

struct Condition {
  enum class Kind {
    release_from,
    release_before,
    generation,
    command,
    set,
    longer,
    equals,
    after,
    failed,
    all,
    any,
    negated
  };

  Kind kind = Kind::all;  // without children: always
  std::string name;       // of a variable, a capture, a command, a generation or a step
  std::string value;      // of equals
  std::uint64_t than = 0;
  Release release{};
  std::size_t line = 0;
  std::vector<Condition> children;
};

Result<Condition> parse_condition(const Node& node, const std::string& file);

enum class Truth { no, yes, later };  // later: known only while the script runs

struct Circumstances {
  const ModuleFacts& module;
  const Scope& scope;
  bool running = false;                                 // false: nothing was captured or sent yet
  std::function<bool(std::string_view step)> was_sent;  // used when running, and so is the next
  std::function<bool(std::string_view step)> has_failed;
};

Truth evaluate(const Condition& condition, const Circumstances& circumstances);

// "2.2" or "2.4.0.0"; missing places are 0.
Result<Release> parse_release(std::string_view text);

}  // namespace atcert::script
