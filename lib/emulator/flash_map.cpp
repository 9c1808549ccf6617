// SPDX-License-Identifier: Apache-2.0
#include "emulator/flash_map.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace atcert::emulator {
namespace {

Error map_error(std::string what, std::string remedy) {
  return {ErrorKind::usage, "no_layout", std::move(what), {}, std::move(remedy)};
}

Result<image::Release> layout_release(const image::LayoutCatalogue& catalogue, const image::ModuleKind& module,
                                      const image::Release& release, image::Generation generation) {
  if (generation_of(release) == generation) return release;
  const std::vector<image::Release> releases = catalogue.releases_of(module);
  const auto newest = std::find_if(releases.rbegin(), releases.rend(),
                                   [&](const image::Release& each) { return generation_of(each) == generation; });
  if (newest != releases.rend()) return *newest;
  return map_error(fmt::format("{} never was of the {} generation", module.name, name_of(generation)),
                   "leave out --generation, or choose another module");
}

}  // namespace

Result<FlashMap> flash_map(const image::LayoutCatalogue& catalogue, const image::ModuleKind& module,
                           const image::Release& release, image::Generation generation) {
  ATCERT_TRY(const image::Release, of, layout_release(catalogue, module, release, generation));
  ATCERT_TRY(const image::ModuleLayout, found, catalogue.find(module.name, to_string(of)));
  const Partition* settings = image::find_partition(found.layout.primary, "nvs");
  if (settings == nullptr)
    return map_error(fmt::format("{} has no partition nvs", found.layout.name), "correct the layout");
  return FlashMap{*settings, found.layout.customized};
}

}  // namespace atcert::emulator
