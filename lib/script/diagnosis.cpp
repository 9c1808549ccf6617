// SPDX-License-Identifier: Apache-2.0
#include "script/diagnosis.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace atcert::script {
namespace {

bool fits(const Cause& cause, const Evidence& evidence, const Circumstances& now) {
  Captures ignored;
  const auto& codes = evidence.error_codes;
  const bool line = !cause.line || std::any_of(evidence.lines.begin(), evidence.lines.end(), [&](const auto& seen) {
    return match(*cause.line, seen, now.scope, ignored);
  });
  const bool code = !cause.error_code || std::find(codes.begin(), codes.end(), *cause.error_code) != codes.end();
  const bool bare = !cause.no_error_code || (evidence.refused && codes.empty());
  const bool heard = !cause.silent || evidence.silent;
  return line && code && bare && heard && evaluate(cause.when, now) == Truth::yes;
}

}  // namespace

Diagnosis diagnose(const Step& step, const std::string& command, const Evidence& evidence, const Circumstances& now) {
  const Failure& failure = step.failure;
  Error error{failure.kind, failure.code, fmt::format("{}: {}: {}", step.name, command, evidence.happened),
              preview(failure.cause, now.scope), preview(failure.remedy, now.scope)};
  if (error.code.empty()) error.code = "step_failed";
  const auto row = std::find_if(failure.causes.begin(), failure.causes.end(),
                                [&](const Cause& cause) { return fits(cause, evidence, now); });
  if (row == failure.causes.end()) return {std::move(error), false, {}};
  if (row->kind) error.kind = *row->kind;
  if (!row->code.empty()) error.code = row->code;
  error.cause = preview(row->cause, now.scope);
  error.remedy = preview(row->remedy, now.scope);
  return {std::move(error), true, row->attempts};
}

}  // namespace atcert::script
