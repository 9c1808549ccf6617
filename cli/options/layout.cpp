// SPDX-License-Identifier: Apache-2.0
#include "options/layout.hpp"

#include <filesystem>

#include <fmt/core.h>

#include "image/factory_image.hpp"
#include "image/partition_rules.hpp"

namespace atcert::cli {
namespace {

constexpr std::size_t kMaxTableSize = 64 * 1024;
constexpr std::string_view kLayoutOfFiles = "given";  // as manifests name it

Error in_file(const std::string& path, Error error) {
  error.what = fmt::format("{}: {}", path, error.what);
  return error;
}

Result<std::vector<image::Partition>> read_table(const std::string& path, std::uint32_t table_offset) {
  ATCERT_TRY(const Bytes, bytes, read_file(path, kMaxTableSize));
  if (!image::looks_like_partition_table(bytes)) {
    auto partitions = image::parse_partition_csv(as_text(bytes), table_offset);
    if (!partitions) return in_file(path, std::move(partitions).error());
    return std::move(*partitions);
  }
  image::PartitionTable table = image::read_partition_table(bytes, table_offset);
  if (table.faults.empty()) return std::move(table.partitions);
  const image::Fault& fault = table.faults.front();
  return Error{ErrorKind::input,
               "partition_table",
               fmt::format("{}: offset 0x{:x}: {}", path, fault.offset, fault.what),
               {},
               "give the table as it was built, or its CSV"};
}

// The primary and the customized table may come in either order.
Result<void> check_pair(const std::vector<image::Partition>& first, const std::vector<image::Partition>& second) {
  const bool in_order = image::find_partition(first, image::kCustomizedPartition) != nullptr;
  auto flaws = in_order ? image::judge_customized(second, first) : image::judge_customized(first, second);
  if (flaws.empty()) return {};
  return Error{ErrorKind::input,
               "partition_table",
               "the two tables do not go together: " + flaws.front().what,
               {},
               std::move(flaws.front().remedy)};
}

Result<image::Release> release_of(const LayoutOptions& options, const image::Release& otherwise) {
  if (options.release.empty()) return otherwise;
  auto release = image::parse_release(image::completed_release(options.release));
  if (!release) release.error().kind = ErrorKind::usage;
  return release;
}

}  // namespace

void add_layout_options(Verb& verb, LayoutOptions& options) {
  const std::string group = "Module";
  verb.add_option("--module", options.module, "Module, e.g. ESP32-C3-MINI-1; --list-modules has all")
      ->option_text("NAME")
      ->group(group);
  verb.add_option("--release", options.release,
                  "ESP-AT release, e.g. 4.1.1.0 (default: see --list-modules; without a module the newest)")
      ->option_text("X.Y.Z.W")
      ->group(group);
  verb.add_option(
          "--partition-table", options.tables,
          "Partition table, CSV or binary, in place of the module's, also without a module; twice for primary and "
          "customized")
      ->option_text("FILE")
      ->expected(1, 2)
      ->group(group);
  verb.add_option("--partitions", options.folder, "Folder of layout data that adds to and replaces what is built in")
      ->option_text("DIR")
      ->group(group);
}

Result<Layouts> Layouts::load(const LayoutOptions& options) {
  Layouts layouts;
  if (!options.folder.empty()) {
    ATCERT_TRY(std::vector<NamedFile>, read, read_folder(options.folder, kMaxTableSize));
    layouts.files_ = std::move(read);
  }
  const auto built_in = embedded_partitions();
  layouts.all_.assign(built_in.begin(), built_in.end());
  for (NamedFile& file : layouts.files_) {
    file.name = std::filesystem::path(file.name).filename().string();
    layouts.all_.push_back({file.name, file.content.reveal_text()});
  }
  ATCERT_TRY(image::LayoutCatalogue, catalogue, image::LayoutCatalogue::load(layouts.all_));
  layouts.catalogue_ = std::move(catalogue);
  return layouts;
}

Result<image::ImageTarget> Layouts::find(const LayoutOptions& options) const {
  if (!options.tables.empty()) return find_by_tables(options);
  if (options.module.empty()) {
    return Error{ErrorKind::usage,
                 "module_missing",
                 "no module is given",
                 {},
                 "add --module NAME (atcert build --list-modules has the names) or --partition-table FILE; an image of "
                 "--nvs-csv and --size needs neither"};
  }
  ATCERT_TRY(image::ModuleLayout, found, catalogue_->find(options.module, options.release));
  return image::ImageTarget{std::move(found.module), found.release, std::move(found.layout)};
}

Result<image::ImageTarget> Layouts::find_by_tables(const LayoutOptions& options) const {
  std::optional<image::ModuleKind> module;
  if (!options.module.empty()) {
    ATCERT_TRY(image::ModuleKind, found, catalogue_->find_module(options.module));
    module = std::move(found);
  }
  ATCERT_TRY(const image::Release, release,
             release_of(options, module ? module->newest : catalogue_->newest_release()));
  image::Layout layout{std::string(kLayoutOfFiles), {}, {}};
  const std::uint32_t table_offset = image::table_offset_of(module ? module->chip : "");
  for (const std::string& path : options.tables) {
    ATCERT_TRY(std::vector<image::Partition>, partitions, read_table(path, table_offset));
    ATCERT_CHECK(check_pair(layout.customized, partitions));
    layout.customized.insert(layout.customized.end(), partitions.begin(), partitions.end());
  }
  return image::ImageTarget{std::move(module), release, std::move(layout)};
}

Result<image::ImageTarget> Layouts::nowhere(const LayoutOptions& options) const {
  ATCERT_TRY(const image::Release, release, release_of(options, catalogue_->newest_release()));
  return image::ImageTarget{{}, release, {}};
}

}  // namespace atcert::cli
