// SPDX-License-Identifier: Apache-2.0
// Which partition tables a module has in which release: the data of partitions/, compiled in or handed in.
//
//   modules.csv                    module, chip, config, newest, aliases: names that users know
//   releases.csv                   config, layout, releases: tags of the esp-at repository
//   <layout>.partitions_at.csv     the primary partition table, in ESP-IDF's CSV form
//   <layout>.at_customize.csv      the customized one
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.hpp"
#include "base/result.hpp"
#include "image/partition_table.hpp"
#include "image/release.hpp"

namespace atcert::image {

// A partition table for a module kind and a range of releases.
struct Layout {
  std::string name;
  std::vector<Partition> primary;
  std::vector<Partition> customized;

  // In the customized table, then in the primary one. Null if there is none.
  const Partition* find(std::string_view partition) const;
};

struct ModuleKind {
  std::string name;    // "ESP32-C3-MINI-1"
  std::string chip;    // "ESP32C3"
  std::string config;  // "module_esp32c3_default": a folder of module_config/ in ESP-AT's sources
  Release newest;      // the newest release for which Espressif publishes a binary
  std::vector<std::string> aliases;
};

struct ModuleLayout {
  ModuleKind module;
  Release release;
  Layout layout;
};

class LayoutCatalogue {
 public:
  // A file of the same name as an earlier one replaces it. The contents must outlive the catalogue. Errors name file
  // and line.
  static Result<LayoutCatalogue> load(std::span<const EmbeddedFile> files);

  const std::vector<ModuleKind>& modules() const { return modules_; }
  // Of all modules.
  Release newest_release() const;
  // The releases for the module's chip, oldest first.
  std::vector<Release> releases_of(const ModuleKind& module) const;

  // The module that is called so: by its marketed name, its configuration, or the name in AT+GMR's `Bin version`, with
  // the chip before it where two chips share that name ("ESP32C3 MINI-1"). Case, blanks, `-` and `_` do not matter.
  Result<ModuleKind> find_module(std::string_view name) const;

  // The layout of a module in a release ("4.1.1.0", or a tag: "v2.2.0.0_esp32c3"); without one, in the newest.
  Result<ModuleLayout> find(std::string_view module, std::string_view release = {}) const;

  Result<Layout> layout(std::string_view name) const;

 private:
  struct Assignment {
    std::string config;
    std::string layout;
    std::vector<std::string> tags;  // "2.2.0.0_esp32c3"
  };

  Result<void> load_modules();
  Result<void> load_assignments();
  Result<std::vector<Partition>> table(std::string_view layout, std::string_view which) const;
  const std::string* layout_name(const ModuleKind& module, std::string_view release) const;
  Error unknown_module(std::string_view name) const;
  Error unknown_release(const ModuleKind& module, std::string_view release) const;

  std::map<std::string_view, std::string_view> files_;
  std::vector<ModuleKind> modules_;
  std::vector<Assignment> assignments_;
};

}  // namespace atcert::image
