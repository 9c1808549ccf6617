// SPDX-License-Identifier: Apache-2.0
#include "script/templates.hpp"

#include <utility>

#include <fmt/core.h>

#include "base/embedded.hpp"
#include "script/fields.hpp"

namespace atcert::script {

std::vector<Template> templates() {
  constexpr std::string_view kEnding = ".json";
  std::vector<Template> found;
  for (const EmbeddedFile& file : embedded_templates()) {
    if (file.name.ends_with(".schema.json")) continue;
    found.push_back({std::string(file.name.substr(0, file.name.size() - kEnding.size())), file.content});
  }
  return found;
}

Result<Template> find_template(std::string_view name) {
  std::vector<Template> all = templates();
  std::vector<std::string_view> names;
  for (Template& candidate : all) {
    if (candidate.name == name) return std::move(candidate);
    names.push_back(candidate.name);
  }
  return Error{ErrorKind::usage,
               "unknown_template",
               fmt::format("there is no connection script \"{}\"", name),
               {},
               fmt::format("the scripts are: {}; or give the path of your own", listed(names))};
}

}  // namespace atcert::script
