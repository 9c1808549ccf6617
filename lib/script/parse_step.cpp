// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "script/fields.hpp"
#include "script/script.hpp"

namespace atcert::script {
namespace {

constexpr std::uint64_t kMaxQuantity = 3600;
constexpr std::uint64_t kDefaultTimeout = 5;

// The classes of failure that a step can have.
constexpr ErrorKind kKinds[] = {ErrorKind::module, ErrorKind::network, ErrorKind::cloud};

Result<ErrorKind> parse_error_kind(const Fields& fields) {
  ATCERT_TRY(const std::string, text, fields.text("kind"));
  for (const ErrorKind kind : kKinds) {
    if (atcert::name_of(kind) == text) return kind;
  }
  return fields.error(*fields.find("kind"),
                      fmt::format("no kind \"{}\"; there are: module, network, cloud", excerpt(text)));
}

Result<std::string> parse_code(const Fields& fields) {
  ATCERT_TRY(std::string, code, fields.text("code"));
  if (!is_name(code)) return fields.error(*fields.find("code"), "a code is lower case letters, digits and _");
  return code;
}

Result<Text> required_text(const Fields& fields, std::string_view key) {
  ATCERT_CHECK(fields.text(key));
  return parse_text(*fields.find(key), fields.file());
}

Result<Text> optional_text(const Fields& fields, std::string_view key) {
  const Node* node = fields.find(key);
  return node == nullptr ? Result<Text>(Text{}) : parse_text(*node, fields.file());
}

// "${variable}" or "${variable}+5".
Result<Quantity> parse_sum(const Node& node, const std::string& file) {
  const std::string_view text = node.text;
  const std::size_t close = text.find('}');
  const Error wrong = bad_script(
      file, node.line, fmt::format("\"{}\" must be a whole number, \"${{name}}\" or \"${{name}}+5\"", node.key));
  if (node.kind != Node::Kind::string || !text.starts_with("${") || close == text.npos) return wrong;
  Quantity quantity{std::string(text.substr(2, close - 2)), 0, node.line};
  if (!is_name(quantity.variable)) return wrong;
  const std::string_view rest = text.substr(close + 1);
  if (rest.empty()) return quantity;
  const char* end = rest.data() + rest.size();
  const auto [after, error] = std::from_chars(rest.data() + 1, end, quantity.plus);
  if (rest.front() != '+' || error != std::errc() || after != end || quantity.plus > kMaxQuantity) return wrong;
  return quantity;
}

Result<Quantity> parse_quantity(const Fields& fields, std::string_view key, std::uint64_t fallback) {
  const Node* node = fields.find(key);
  if (node == nullptr) return Quantity{{}, fallback, fields.node().line};
  if (node->kind != Node::Kind::number) return parse_sum(*node, fields.file());
  if (node->number > kMaxQuantity) {
    return fields.error(*node, fmt::format("\"{}\" must be {} or less", key, kMaxQuantity));
  }
  return Quantity{{}, node->number, node->line};
}

Result<std::optional<std::uint32_t>> parse_error_code(const Fields& fields) {
  ATCERT_TRY(const std::string, text, fields.text_or("error_code", {}));
  if (fields.find("error_code") == nullptr) return std::optional<std::uint32_t>();
  std::uint32_t value = 0;
  const char* end = text.data() + text.size();
  if (text.starts_with("0x") && text.size() == 10) {
    const auto [after, error] = std::from_chars(text.data() + 2, end, value, 16);
    if (error == std::errc() && after == end) return std::optional(value);
  }
  return fields.error(*fields.find("error_code"), "an error code is written as the module does: \"0x010a6021\"");
}

Result<std::optional<Pattern>> parse_line(const Fields& fields, std::string_view key) {
  const Node* node = fields.find(key);
  if (node == nullptr) return std::optional<Pattern>();
  ATCERT_TRY(Pattern, pattern, parse_pattern(*node, fields.file()));
  return std::optional(std::move(pattern));
}

Result<Cause> parse_cause(const Node& node, const std::string& file) {
  ATCERT_TRY(const Fields, fields, Fields::of(node, file, "cause"));
  ATCERT_TRY(std::optional<Pattern>, line, parse_line(fields, "line"));
  ATCERT_TRY(const std::optional<std::uint32_t>, error_code, parse_error_code(fields));
  ATCERT_TRY(const bool, no_error_code, fields.flag("no_error_code"));
  ATCERT_TRY(const bool, silent, fields.flag("silent"));
  // The code of a cause that is known (docs/causes.md) says it all.
  const bool coded = fields.find("code") != nullptr;
  ATCERT_TRY(Text, meaning, coded ? optional_text(fields, "cause") : required_text(fields, "cause"));
  ATCERT_TRY(Text, remedy, coded ? optional_text(fields, "remedy") : required_text(fields, "remedy"));
  ATCERT_TRY(const std::optional<std::uint64_t>, attempts, fields.count("attempts", 1, kMaxQuantity));
  Cause cause;
  cause.line = std::move(line);
  cause.error_code = error_code;
  cause.no_error_code = no_error_code;
  cause.silent = silent;
  cause.attempts = attempts;
  cause.cause = std::move(meaning);
  cause.remedy = std::move(remedy);
  if (!cause.line && !error_code && !no_error_code && !silent) {
    return fields.error(node, "a cause needs its evidence: line, error_code, no_error_code or silent");
  }
  if (const Node* when = fields.find("when")) {
    ATCERT_TRY(Condition, condition, parse_condition(*when, file));
    cause.when = std::move(condition);
  }
  if (fields.find("kind") != nullptr) {
    ATCERT_TRY(const ErrorKind, kind, parse_error_kind(fields));
    cause.kind = kind;
  }
  if (fields.find("code") != nullptr) {
    ATCERT_TRY(std::string, code, parse_code(fields));
    cause.code = std::move(code);
  }
  return cause;
}

Result<Failure> parse_failure(const Node& node, const std::string& file) {
  ATCERT_TRY(const Fields, fields, Fields::of(node, file, "failure"));
  ATCERT_TRY(const ErrorKind, kind, parse_error_kind(fields));
  ATCERT_TRY(std::string, code, parse_code(fields));
  ATCERT_TRY(Text, cause, optional_text(fields, "cause"));
  ATCERT_TRY(Text, remedy, required_text(fields, "remedy"));
  Failure failure{kind, std::move(code), std::move(cause), std::move(remedy), {}};
  ATCERT_TRY(const auto, causes, fields.list("causes"));
  for (const Node& row : causes) {
    ATCERT_TRY(Cause, parsed, parse_cause(row, file));
    failure.causes.push_back(std::move(parsed));
  }
  return failure;
}

bool captures_time(const Pattern& pattern) {
  return std::any_of(pattern.parts.begin(), pattern.parts.end(), [](const PatternPart& part) {
    return part.kind == PatternPart::Kind::hole && part.hole == Hole::time && !part.text.empty();
  });
}

bool captures(const Pattern& pattern) {
  return std::any_of(pattern.parts.begin(), pattern.parts.end(), [](const PatternPart& part) {
    return part.kind == PatternPart::Kind::hole && !part.text.empty();
  });
}

Result<Expectation> parse_expectation(const Node& node, const std::string& file) {
  ATCERT_TRY(const Fields, fields, Fields::of(node, file, "expectation"));
  const bool message = fields.find("message") != nullptr;
  if (message == (fields.find("line") != nullptr) || message != (fields.find("payload") != nullptr)) {
    return fields.error(node, "expect either a \"line\", or a \"message\" with its \"payload\"");
  }
  ATCERT_TRY(Pattern, line, parse_pattern(*fields.find(message ? "message" : "line"), file));
  ATCERT_TRY(const bool, optional, fields.flag("optional"));
  Expectation expectation{std::move(line), {}, {}, optional, {}};
  ATCERT_TRY(const auto, others, fields.list("or"));
  for (const Node& item : others) {
    if (message) return fields.error(item, "a message has no other forms");
    ATCERT_TRY(Pattern, other, parse_pattern(item, file));
    if (captures(other)) return fields.error(item, "only \"line\" can capture, not the forms in \"or\"");
    expectation.others.push_back(std::move(other));
  }
  if (message) {
    ATCERT_TRY(Text, payload, required_text(fields, "payload"));
    expectation.payload = std::move(payload);
  }
  if (const Node* within = fields.find("within")) {
    ATCERT_TRY(Quantity, quantity, parse_quantity(fields, "within", 0));
    expectation.within = std::move(quantity);
    if (!captures_time(expectation.line)) return fields.error(*within, "\"within\" needs a <name:time> in the line");
  }
  return expectation;
}

Result<Step::Accept> parse_accept(const Fields& fields) {
  ATCERT_TRY(const std::string, text, fields.text_or("result", "ok"));
  if (text == "ok") return Step::Accept::ok;
  if (text == "any") return Step::Accept::any;
  if (text == "publish") return Step::Accept::publish;
  return fields.error(*fields.find("result"),
                      fmt::format("no result \"{}\"; there are: ok, any, publish", excerpt(text)));
}

Result<ObserverAct> parse_observer(const Node& node, const std::string& file) {
  ATCERT_TRY(const Fields, fields, Fields::of(node, file, "observer"));
  const bool sends = fields.find("sends") != nullptr;
  if (sends == (fields.find("sees") != nullptr)) return fields.error(node, "an observer either \"sees\" or \"sends\"");
  ATCERT_TRY(Text, topic, required_text(fields, "topic"));
  ATCERT_TRY(Text, message, required_text(fields, sends ? "sends" : "sees"));
  return ObserverAct{sends ? ObserverAct::Kind::sends : ObserverAct::Kind::sees, std::move(topic), std::move(message)};
}

// What only a command has, or only a step in which the module has something to say.
Result<void> refuse_command_members(const Fields& fields, const ObserverAct& act) {
  for (const std::string_view key : {"send", "data", "result"}) {
    if (const Node* node = fields.find(key)) {
      return fields.error(*node, fmt::format("a step of the observer has no \"{}\"", key));
    }
  }
  const Node* expected = act.kind == ObserverAct::Kind::sees ? fields.find("expect") : nullptr;
  if (expected != nullptr) return fields.error(*expected, "the module has nothing to say while the observer looks");
  return {};
}

Result<Text> parse_send(const Fields& fields) {
  ATCERT_TRY(Text, send, required_text(fields, "send"));
  const bool printable = std::all_of(send.source.begin(), send.source.end(),
                                     [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7f; });
  if (!send.source.starts_with("AT") || !printable) {
    return fields.error(*fields.find("send"), "a command starts with AT and has no control characters");
  }
  return send;
}

Result<void> parse_lines(Step& step, const Fields& fields) {
  ATCERT_TRY(const auto, expected, fields.list("expect"));
  for (const Node& item : expected) {
    ATCERT_TRY(Expectation, expectation, parse_expectation(item, fields.file()));
    step.expect.push_back(std::move(expectation));
  }
  ATCERT_TRY(const auto, fails_on, fields.list("fails_on"));
  for (const Node& item : fails_on) {
    ATCERT_TRY(Pattern, pattern, parse_pattern(item, fields.file()));
    step.fails_on.push_back(std::move(pattern));
  }
  return {};
}

Result<void> parse_times(Step& step, const Fields& fields) {
  ATCERT_TRY(Quantity, timeout, parse_quantity(fields, "timeout", kDefaultTimeout));
  ATCERT_TRY(Quantity, attempts, parse_quantity(fields, "attempts", 1));
  ATCERT_TRY(Quantity, pause, parse_quantity(fields, "pause", 1));
  ATCERT_TRY(std::optional<Pattern>, pause_until, parse_line(fields, "pause_until"));
  if (timeout.variable.empty() && timeout.plus == 0) return fields.error(fields.node(), "a timeout of 0 seconds");
  if (attempts.variable.empty() && attempts.plus == 0) return fields.error(fields.node(), "0 attempts");
  step.timeout = std::move(timeout);
  step.attempts = std::move(attempts);
  step.pause = std::move(pause);
  step.pause_until = std::move(pause_until);
  return {};
}

Result<void> parse_outcome(Step& step, const Fields& fields) {
  ATCERT_TRY(const std::string, on_failure, fields.text_or("on_failure", "abort"));
  if (on_failure != "abort" && on_failure != "continue") {
    return fields.error(*fields.find("on_failure"), "\"on_failure\" is abort or continue");
  }
  if (on_failure == "continue") step.go_on = Condition{};
  const Node* failure = fields.find("failure");
  if (failure == nullptr && step.go_on) return {};
  if (const Node* when = fields.find("continue_when")) {
    if (step.go_on) return fields.error(*when, "\"on_failure\": \"continue\" goes on always");
    ATCERT_TRY(Condition, condition, parse_condition(*when, fields.file()));
    step.go_on = std::move(condition);
  }
  if (failure == nullptr) {
    return fields.error(fields.node(), fmt::format("step \"{}\" needs a \"failure\" or \"on_failure\": \"continue\"",
                                                   excerpt(step.name)));
  }
  ATCERT_TRY(Failure, parsed, parse_failure(*failure, fields.file()));
  step.failure = std::move(parsed);
  return {};
}

}  // namespace

Result<Step> parse_step(const Node& node, const std::string& file) {
  ATCERT_TRY(const Fields, fields, Fields::of(node, file, "step"));
  Step step;
  step.line = node.line;
  ATCERT_TRY(std::string, name, fields.text("name"));
  if (const Node* observer = fields.find("observer")) {
    ATCERT_TRY(ObserverAct, act, parse_observer(*observer, file));
    ATCERT_CHECK(refuse_command_members(fields, act));
    step.observer = std::move(act);
  } else {
    ATCERT_TRY(Text, send, parse_send(fields));
    step.send = std::move(send);
  }
  ATCERT_TRY(const Step::Accept, accept, parse_accept(fields));
  ATCERT_TRY(Text, detail, optional_text(fields, "detail"));
  step.name = std::move(name);
  step.accept = accept;
  step.detail = std::move(detail);
  if (fields.find("data") != nullptr) {
    ATCERT_TRY(Text, data, required_text(fields, "data"));
    step.data = std::move(data);
  }
  if (const Node* when = fields.find("when")) {
    ATCERT_TRY(Condition, condition, parse_condition(*when, file));
    step.when = std::move(condition);
  }
  ATCERT_CHECK(parse_lines(step, fields));
  ATCERT_CHECK(parse_times(step, fields));
  ATCERT_CHECK(parse_outcome(step, fields));
  return step;
}

}  // namespace atcert::script
