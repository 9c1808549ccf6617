// SPDX-License-Identifier: Apache-2.0
#include "view/findings.hpp"

#include "base/json.hpp"
#include "report/json.hpp"

namespace atcert::cli {

void say_warnings(const credentials::Findings& findings, Ui& ui) {
  for (const credentials::Finding& finding : findings) {
    if (finding.severity != credentials::Severity::warning) continue;
    ui.warn(finding.message, finding.remedy);
  }
}

void say_changes(const std::vector<std::string>& changes, Ui& ui) {
  for (const std::string& change : changes) ui.say("changed: " + change);
}

nlohmann::json to_json(const credentials::Findings& findings) {
  nlohmann::json list = nlohmann::json::array();
  for (const credentials::Finding& finding : findings) {
    list.push_back(report::to_json(
        report::Finding{std::string(name_of(finding.severity)), finding.code, finding.message, finding.remedy}));
  }
  return list;
}

}  // namespace atcert::cli
