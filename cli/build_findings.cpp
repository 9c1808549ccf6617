// SPDX-License-Identifier: Apache-2.0
#include "build_findings.hpp"
#include "base/json.hpp"

#include "report/json.hpp"

namespace atcert::cli {

// ESP-AT's own mfg_nvs.bin holds factory_param, ble_data and the other slots too (generation_tools/mfg_nvs.py of its
// sources).
credentials::Findings image_findings(const image::ModuleLayout& module) {
  if (generation_of(module.release) == image::Generation::pki) return {};
  return {{credentials::Severity::warning, "nvs_replaced",
           "mfg_nvs.bin holds the MQTT credentials alone: flashing it removes the module's factory parameters (UART "
           "pins, RF limits, module name), its BLE services and the certificates of other slots",
           "to keep them, put the credentials into the factory image with --into FACTORY.bin, or into the module with "
           "atcert push"}};
}

void say_warnings(const credentials::Findings& findings, Ui& ui) {
  for (const credentials::Finding& finding : findings) {
    if (finding.severity != credentials::Severity::warning) continue;
    const std::string remedy = finding.remedy.empty() ? "" : "\n  remedy: " + printable(finding.remedy);
    ui.warn(printable(finding.message) + remedy);
  }
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
