// SPDX-License-Identifier: Apache-2.0
// A connection script: the AT dialogue that proves that a module reaches its cloud, as data. Its form is described in
// templates/script.schema.json. Nothing here knows what the steps are about.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "script/condition.hpp"
#include "script/pattern.hpp"
#include "script/text.hpp"

namespace atcert::script {

struct Variable {
  enum class Kind { text, number };

  std::string name;
  std::string description;
  Kind kind = Kind::text;
  bool required = false;
  bool secret = false;
  std::optional<Text> fallback;  // the default; may refer to other variables
  std::uint64_t min = 0;         // of a number; of a text in bytes
  std::uint64_t max = 0;
  std::string allowed;             // the characters a text may have; empty: all
  std::string forbidden;           // the characters it must not have
  std::vector<std::string> words;  // a text is one of these; empty: any
  std::optional<Text> must_hold;   // what the value must have in it; may refer to other variables
  std::string flag;                // how the caller gives it, for messages: "--endpoint HOST"; empty: as any variable
  std::size_t line = 0;
};

// Seconds or a count: a number, "${variable}" or "${variable}+5".
struct Quantity {
  std::string variable;
  std::uint64_t plus = 0;
  std::size_t line = 0;
};

// One thing that must be seen between sending and the deadline, before or after the result.
struct Expectation {
  Pattern line;                    // of the line, or of the head of a counted message
  std::vector<Pattern> others;     // other forms of the line that do as well; they capture nothing
  std::optional<Text> payload;     // of a message: exactly these bytes, in one piece or several
  bool optional = false;           // only looked at for what it captures
  std::optional<Quantity> within;  // a captured time is this many seconds or less from the host's clock
};

// A row of a failure's table: evidence, and what it means.
struct Cause {
  Condition when;                           // and this holds
  std::optional<Pattern> line;              // this line was seen
  std::optional<std::uint32_t> error_code;  // this ERR CODE was seen
  bool no_error_code = false;               // the module said ERROR, and no ERR CODE with it
  bool silent = false;                      // what had to come did not come in time
  std::optional<ErrorKind> kind;
  std::string code;
  std::optional<std::uint64_t> attempts;  // how many of the step's attempts it is worth; nothing: all
  Text cause;
  Text remedy;
};

struct Failure {
  ErrorKind kind = ErrorKind::module;
  std::string code;
  Text cause;
  Text remedy;
  std::vector<Cause> causes;  // the first row that fits decides
};

// What the observer does in place of a command.
struct ObserverAct {
  enum class Kind { sees, sends };

  Kind kind = Kind::sees;
  Text topic;
  Text message;
};

struct Step {
  enum class Accept { ok, any, publish };  // OK; OK or ERROR; +MQTTPUB:OK

  std::string name;
  Condition when;
  Text send;
  std::optional<ObserverAct> observer;  // then there is nothing to send, and the step applies where there is one
  std::optional<Text> data;
  std::vector<Expectation> expect;
  std::vector<Pattern> fails_on;  // lines that end the wait at once
  Accept accept = Accept::ok;
  Quantity timeout;
  Quantity attempts;
  Quantity pause;
  std::optional<Pattern> pause_until;  // a line that ends the pause before its time
  std::optional<Condition> go_on;      // when this holds, a failure is noted and the script goes on
  Failure failure;
  Text detail;  // what to say when it passed
  std::size_t line = 0;
};

struct Script {
  std::string file;
  std::string title;
  std::string description;
  std::vector<Variable> variables;
  std::vector<Step> steps;
  std::vector<Step> cleanup;   // always run, as far as their conditions hold
  std::uint64_t restarts = 0;  // how often it begins again when the module restarts in the middle
};

// What every step may name: this machine's time in seconds since 1970, as of the moment the step is sent.
inline constexpr std::string_view kHostTime = "host_time";

// Reads and checks a script. `file` is the name that messages give.
Result<Script> parse(std::string_view text, const std::string& file);

// The value of a quantity whose variable has one.
std::uint64_t value_of(const Quantity& quantity, const Scope& scope);

// The parts of parse(): one step; what only the whole script shows (names, captures, references).
Result<Step> parse_step(const Node& node, const std::string& file);
Result<void> check_references(const Script& script);

}  // namespace atcert::script
