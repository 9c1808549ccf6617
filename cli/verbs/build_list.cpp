// SPDX-License-Identifier: Apache-2.0
#include "verbs/build_list.hpp"

#include <fmt/core.h>

#include "base/json.hpp"
#include "report/json.hpp"

namespace atcert::cli {

using nlohmann::json;

int list_modules(const Layouts& layouts, Ui& ui) {
  json list = json::array();
  ui.result(Line().add(Style::strong, fmt::format("{:24} {:9} {:9} {}", "MODULE", "CHIP", "DEFAULT", "RELEASES")));
  for (const image::ModuleKind& module : layouts.catalogue().modules()) {
    std::string releases;
    json release_list = json::array();
    for (const image::Release& release : layouts.catalogue().releases_of(module)) {
      releases += (releases.empty() ? "" : " ") + to_string(release);
      release_list.push_back(to_string(release));
    }
    ui.result(fmt::format("{:24} {:9} {:9} {}", module.name, module.chip, to_string(module.newest), releases));
    list.push_back({{"module", module.name},
                    {"chip", module.chip},
                    {"config", module.config},
                    {"aliases", module.aliases},
                    {"newest", to_string(module.newest)},
                    {"releases", std::move(release_list)}});
  }
  ui.say(
      "DEFAULT is what build takes without --release: the newest release with a binary from Espressif for the module");
  if (ui.json()) {
    json document = report::document("build", nullptr);
    document["modules"] = std::move(list);
    ui.document(document);
  }
  return 0;
}

}  // namespace atcert::cli
