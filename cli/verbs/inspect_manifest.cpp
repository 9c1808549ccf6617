// SPDX-License-Identifier: Apache-2.0
#include "verbs/inspect_manifest.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include <fmt/core.h>

#include "base/json.hpp"
#include "batch/manifest_check.hpp"
#include "options/common.hpp"
#include "report/json.hpp"

namespace atcert::cli {
namespace {

using batch::CheckedFile;
using batch::FileState;
using nlohmann::json;

constexpr const char* kName = "inspect";

struct CheckedManifest {
  std::string path;
  image::Manifest manifest;
  std::vector<CheckedFile> files;
};

Result<CheckedManifest> read(const std::string& path, ByteView bytes) {
  auto manifest = image::read_manifest(as_text(bytes));
  if (!manifest) {
    Error error = std::move(manifest).error();
    error.what = fmt::format("{}: {}", path, error.what);
    return error;
  }
  auto files = batch::check_files(*manifest, std::filesystem::path(path).parent_path());
  return CheckedManifest{path, std::move(*manifest), std::move(files)};
}

std::optional<Error> verdict(const CheckedManifest& checked) {
  const auto bad = std::find_if(checked.files.begin(), checked.files.end(),
                                [](const CheckedFile& file) { return file.state != FileState::good; });
  if (bad == checked.files.end()) return std::nullopt;
  return Error{ErrorKind::input,
               "manifest_file",
               fmt::format("{}: {} {}", checked.path, bad->file.name, bad->what),
               {},
               "do not flash these files; make them anew with atcert build"};
}

void show_files(const std::vector<CheckedFile>& files, Ui& ui) {
  std::size_t width = 0;
  for (const CheckedFile& file : files) width = std::max(width, width_of(file.file.name));
  for (const CheckedFile& file : files) {
    const bool good = file.state == FileState::good;
    const std::string address = file.file.address ? fmt::format("0x{:06x}", *file.file.address) : "nowhere ";
    ui.result(Line(address + "  ")
                  .add(Style::strong, padded(file.file.name, width))
                  .add(fmt::format("  {:7} bytes  ", file.file.size))
                  .add(good ? Style::good : Style::bad, good ? "good" : file.what));
    ui.result("          sha256 " + file.file.sha256);
  }
}

std::string module_of(const image::Manifest& manifest) {
  if (!manifest.module) return "none given";
  return fmt::format("{} ({}, {})", *manifest.module, manifest.chip.value_or("no chip"),
                     manifest.config.value_or("no configuration"));
}

json or_null(const auto& value) {
  return value ? json(*value) : json();
}

void show(const CheckedManifest& checked, Ui& ui) {
  const image::Manifest& manifest = checked.manifest;
  const auto line = [&](const char* name, const std::string& value) {
    ui.result(fmt::format("  {:11} {}", name, value));
  };
  ui.result(checked.path + ": manifest of images");
  line("module", module_of(manifest));
  line("release", manifest.release);
  line("layout", manifest.layout.value_or("none given"));
  if (manifest.certificate) {
    line("certificate", manifest.certificate->subject);
    line("not_after", manifest.certificate->not_after);
    line("sha256", manifest.certificate->sha256);
  }
  show_files(checked.files, ui);
}

json files_json(const CheckedManifest& checked) {
  json list = json::array();
  for (const CheckedFile& file : checked.files) {
    list.push_back({{"name", file.file.name},
                    {"partition", file.file.partition},
                    {"address", or_null(file.file.address)},
                    {"size", file.file.size},
                    {"sha256", file.file.sha256},
                    {"state", name_of(file.state)}});
    if (!file.what.empty()) list.back()["what"] = file.what;
  }
  return list;
}

json to_json(const CheckedManifest& checked, const Error* error) {
  const image::Manifest& manifest = checked.manifest;
  json document = report::document(kName, error);
  document["file"] = checked.path;
  document["kind"] = "manifest";
  document["module"] = or_null(manifest.module);
  document["chip"] = or_null(manifest.chip);
  document["config"] = or_null(manifest.config);
  document["release"] = manifest.release;
  document["layout"] = or_null(manifest.layout);
  if (manifest.certificate) {
    document["certificate"] = {{"subject", manifest.certificate->subject},
                               {"not_after", manifest.certificate->not_after},
                               {"sha256", manifest.certificate->sha256}};
  }
  document["files"] = files_json(checked);
  return document;
}

}  // namespace

int inspect_manifest(const std::string& path, ByteView bytes, Ui& ui) {
  const auto checked = read(path, bytes);
  if (!checked) return fail(ui, kName, checked.error());
  const std::optional<Error> error = verdict(*checked);
  show(*checked, ui);
  if (ui.json()) ui.document(to_json(*checked, error ? &*error : nullptr));
  if (error) ui.failure(*error);
  return error ? static_cast<int>(error->kind) : 0;
}

}  // namespace atcert::cli
