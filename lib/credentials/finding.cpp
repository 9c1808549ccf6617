// SPDX-License-Identifier: Apache-2.0
#include "credentials/finding.hpp"

namespace atcert::credentials {
namespace {

void append_part(std::string& text, const std::string& part) {
  if (part.empty() || text.find(part) != std::string::npos) return;
  if (!text.empty()) text += "; ";
  text += part;
}

}  // namespace

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

void make_strict(Findings& findings) {
  for (Finding& finding : findings) {
    if (finding.severity == Severity::warning) finding.severity = Severity::error;
  }
}

std::optional<Error> first_error(std::span<const Finding> findings) {
  Error error{ErrorKind::input, {}, {}, {}, {}};
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::error) continue;
    if (error.code.empty()) error.code = finding.code;
    append_part(error.what, finding.message);
    append_part(error.remedy, finding.remedy);
  }
  if (error.code.empty()) return std::nullopt;
  return error;
}

}  // namespace atcert::credentials
