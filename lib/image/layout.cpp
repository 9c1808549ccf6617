// SPDX-License-Identifier: Apache-2.0
#include "image/layout.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "image/csv.hpp"
#include "image/edit_distance.hpp"

namespace atcert::image {
namespace {

constexpr std::string_view kModules = "modules.csv";
constexpr std::string_view kReleases = "releases.csv";
constexpr std::string_view kConfigPrefix = "module_";

Error data_error(std::string_view file, std::size_t line, std::string_view what) {
  return {ErrorKind::input, "layout_data", fmt::format("{}:{}: {}", file, line, what), {}, "correct the layout data"};
}

// `error` of a parser, with the file's name before its line.
Error in_file(std::string_view file, Error error) {
  error.what = fmt::format("{}: {}", file, error.what);
  return error;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> list;
  for (text = trimmed(text); !text.empty(); text = trimmed(text)) {
    const std::size_t end = std::min(text.find(' '), text.size());
    list.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return list;
}

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& each : list) text += (text.empty() ? "" : ", ") + each;
  return text;
}

std::string_view without_v(std::string_view tag) {
  if (tag.starts_with('v') || tag.starts_with('V')) tag.remove_prefix(1);
  return tag;
}

bool is_called(const ModuleKind& module, const std::string& name) {
  if (folded(module.name) == name) return true;
  return std::any_of(module.aliases.begin(), module.aliases.end(), [&](const std::string& alias) {
    return folded(alias) == name || folded(module.chip + alias) == name;
  });
}

bool has_config(const ModuleKind& module, const std::string& name) {
  return folded(module.config) == name || folded(std::string_view(module.config).substr(kConfigPrefix.size())) == name;
}

std::string lower(std::string_view text) {
  std::string plain(text);
  std::transform(plain.begin(), plain.end(), plain.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return plain;
}

}  // namespace

const Partition* Layout::find(std::string_view partition) const {
  const Partition* found = find_partition(customized, partition);
  return found != nullptr ? found : find_partition(primary, partition);
}

Result<LayoutCatalogue> LayoutCatalogue::load(std::span<const EmbeddedFile> files) {
  LayoutCatalogue catalogue;
  for (const EmbeddedFile& file : files) catalogue.files_[file.name] = file.content;
  ATCERT_CHECK(catalogue.load_modules());
  ATCERT_CHECK(catalogue.load_assignments());
  return catalogue;
}

Result<void> LayoutCatalogue::load_modules() {
  auto rows = parse_csv(files_[kModules]);
  if (!rows) return in_file(kModules, std::move(rows).error());
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    if (row.fields.size() != 5) return data_error(kModules, row.line, "not five fields");
    const auto newest = parse_release(row.fields[3]);
    if (!newest) return data_error(kModules, row.line, newest.error().what);
    if (!row.fields[2].starts_with(kConfigPrefix)) return data_error(kModules, row.line, "config is no module_...");
    modules_.push_back({row.fields[0], row.fields[1], row.fields[2], *newest, words(row.fields[4])});
  }
  return {};
}

Result<void> LayoutCatalogue::load_assignments() {
  auto rows = parse_csv(files_[kReleases]);
  if (!rows) return in_file(kReleases, std::move(rows).error());
  for (std::size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    if (row.fields.size() != 3) return data_error(kReleases, row.line, "not three fields");
    Assignment assignment{row.fields[0], row.fields[1], {}};
    for (const std::string& tag : words(row.fields[2])) {
      if (const auto release = parse_release(tag); !release)
        return data_error(kReleases, row.line, release.error().what);
      assignment.tags.emplace_back(without_v(tag));
    }
    assignments_.push_back(std::move(assignment));
  }
  return {};
}

Release LayoutCatalogue::newest_release() const {
  Release newest;
  for (const Assignment& assignment : assignments_) {
    for (const std::string& tag : assignment.tags) newest = std::max(newest, *parse_release(tag));
  }
  return newest;
}

std::vector<Release> LayoutCatalogue::releases_of(const ModuleKind& module) const {
  const std::string own = "_" + lower(module.chip);
  std::set<Release> releases;
  for (const Assignment& assignment : assignments_) {
    if (assignment.config != module.config) continue;
    for (const std::string& tag : assignment.tags) {
      if (tag.find('_') == std::string::npos || tag.ends_with(own)) releases.insert(*parse_release(tag));
    }
  }
  return {releases.begin(), releases.end()};
}

Result<ModuleKind> LayoutCatalogue::find_module(std::string_view name) const {
  const std::string wanted = folded(name);
  std::vector<std::string> called;
  const ModuleKind* found = nullptr;
  for (const ModuleKind& module : modules_) {
    if (!is_called(module, wanted)) continue;
    found = &module;
    called.push_back(module.name);
  }
  if (called.size() > 1) {
    return Error{ErrorKind::usage,
                 "module_ambiguous",
                 fmt::format("module name '{}' stands for several modules: {}", name, joined(called)),
                 {},
                 "give one of these names"};
  }
  if (found != nullptr) return *found;
  const auto by_config = std::find_if(modules_.begin(), modules_.end(),
                                      [&](const ModuleKind& module) { return has_config(module, wanted); });
  if (by_config != modules_.end()) return *by_config;
  return unknown_module(name);
}

Error LayoutCatalogue::unknown_module(std::string_view name) const {
  std::vector<std::string> names;
  for (const ModuleKind& module : modules_) names.push_back(module.name);
  const auto nearest = nearest_names(name, names);
  std::string remedy = "list the modules with atcert build --list-modules";
  if (!nearest.empty()) remedy = fmt::format("did you mean {}? atcert build --list-modules has all", joined(nearest));
  return {ErrorKind::usage, "module_unknown", fmt::format("unknown module '{}'", name), {}, std::move(remedy)};
}

Error LayoutCatalogue::unknown_release(const ModuleKind& module, std::string_view release) const {
  std::vector<std::string> releases;
  for (const Release& each : releases_of(module)) releases.push_back(to_string(each));
  return {ErrorKind::usage,
          "release_unknown",
          fmt::format("no layout of {} in release {}", module.name, release),
          {},
          fmt::format("give one of {}, or the partition table itself", joined(releases))};
}

// A tag alone, or a number: then the tag of the module's own chip, if several chips have one of that number.
const std::string* LayoutCatalogue::layout_name(const ModuleKind& module, std::string_view release) const {
  const std::string_view wanted = without_v(release);
  const std::string own = fmt::format("{}_{}", wanted, lower(module.chip));
  const std::string* other = nullptr;
  for (const Assignment& assignment : assignments_) {
    if (assignment.config != module.config) continue;
    for (const std::string& tag : assignment.tags) {
      if (tag == wanted || tag == own) return &assignment.layout;
      if (tag.starts_with(std::string(wanted) + "_")) other = &assignment.layout;
    }
  }
  return other;
}

Result<ModuleLayout> LayoutCatalogue::find(std::string_view module_name, std::string_view release_text) const {
  ATCERT_TRY(const ModuleKind, module, find_module(module_name));
  const std::string text = release_text.empty() ? to_string(module.newest) : completed_release(release_text);
  auto release = parse_release(text);
  if (!release) {
    release.error().kind = ErrorKind::usage;
    return std::move(release).error();
  }
  const std::string* name = layout_name(module, text);
  if (name == nullptr) return unknown_release(module, text);
  ATCERT_TRY(Layout, found, layout(*name));
  return ModuleLayout{module, *release, std::move(found)};
}

Result<Layout> LayoutCatalogue::layout(std::string_view name) const {
  ATCERT_TRY(std::vector<Partition>, primary, table(name, "partitions_at"));
  ATCERT_TRY(std::vector<Partition>, customized, table(name, "at_customize"));
  return Layout{std::string(name), std::move(primary), std::move(customized)};
}

Result<std::vector<Partition>> LayoutCatalogue::table(std::string_view layout, std::string_view which) const {
  const std::string file = fmt::format("{}.{}.csv", layout, which);
  const auto found = files_.find(file);
  if (found == files_.end()) {
    return Error{ErrorKind::input, "layout_data", fmt::format("{} is missing", file), {}, "add it to the layout data"};
  }
  auto partitions = parse_partition_csv(found->second);
  if (!partitions) return in_file(file, std::move(partitions).error());
  return std::move(*partitions);
}

}  // namespace atcert::image
