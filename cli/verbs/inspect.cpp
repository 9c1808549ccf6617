// SPDX-License-Identifier: Apache-2.0
// atcert inspect: what is in a file.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "base/files.hpp"
#include "base/json.hpp"
#include "batch/held_images.hpp"
#include "image/manifest.hpp"
#include "options/common.hpp"
#include "options/nvs_keys.hpp"
#include "program.hpp"
#include "verbs/inspect_extract.hpp"
#include "verbs/inspect_manifest.hpp"
#include "view/inspect_json.hpp"
#include "view/inspect_view.hpp"

namespace atcert::cli {
namespace {

constexpr std::size_t kMaxFileSize = 64 << 20;  // the largest flash
constexpr const char* kName = "inspect";

struct InspectVerb {
  UiSettings output;
  std::string file;
  NvsKeysOptions keys;  // of an encrypted NVS partition
  std::string extract;  // a folder
};

Result<InspectedFile> read(const InspectVerb& verb, const Secret& bytes) {
  ATCERT_TRY(const std::optional<image::NvsKeys>, keys, load_nvs_keys(verb.keys));
  return inspect_bytes(verb.file, bytes, keys ? &*keys : nullptr);
}

int inspect_image(const InspectVerb& verb, const Secret& bytes, Program& program) {
  Ui& ui = program.ui;
  const auto file = read(verb, bytes);
  if (!file) return fail(ui, kName, file.error());
  if (!verb.extract.empty()) {
    const auto hold = program.undertakings.begin("run it again: the folder may hold a part of the files");
    if (const auto extracted = extract(*file, verb.extract, ui); !extracted) return fail(ui, kName, extracted.error());
  }
  const std::optional<Error> error = verdict(*file);
  show(*file, ui);
  if (ui.json()) ui.document(to_json(*file, error ? &*error : nullptr));
  if (error) ui.failure(*error);
  return error ? static_cast<int>(error->kind) : 0;
}

// A folder of atcert build stands for its manifest.
Result<std::string> file_of(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return path;
  const std::filesystem::path manifest = std::filesystem::path(path) / batch::kManifestName;
  if (std::filesystem::is_regular_file(manifest, error)) return manifest.string();
  return Error{ErrorKind::input,
               "manifest_missing",
               fmt::format("{}: the folder holds no {}", path, batch::kManifestName),
               {},
               "name a file: an image, a certificate or a key"};
}

int run_inspect(InspectVerb& verb, Program& program) {
  Ui& ui = program.ui;
  ui.configure(verb.output);
  auto file = file_of(verb.file);
  if (!file) return fail(ui, kName, file.error());
  verb.file = std::move(*file);
  const auto bytes = read_secret_file(verb.file, kMaxFileSize);
  if (!bytes) return fail(ui, kName, bytes.error());
  if (image::looks_like_manifest(bytes->reveal())) return inspect_manifest(verb.file, bytes->reveal(), ui);
  return inspect_image(verb, *bytes, program);
}

}  // namespace

void add_inspect(Verbs& verbs, Program& program) {
  verbs.add(kName, "Show what is in an image, a manifest, a certificate or a key", [&program](Verb command) {
    const auto verb = std::make_shared<InspectVerb>();
    command
        .add_option(
            "file", verb->file,
            "PKI bin, partition of NVS or factory parameters, partition table, factory image, manifest.json, PEM "
            "or DER")
        ->required()
        ->option_text("FILE");
    command.add_option("--nvs-keys", verb->keys.file, "Keys partition of an encrypted NVS partition")
        ->option_text("FILE");
    command.add_option("--extract", verb->extract, "Write the items into this folder, secrets with mode 0600")
        ->option_text("DIR");
    add_output_options(command, verb->output);
    command.on_chosen([verb, &program] { return run_inspect(*verb, program); });
  });
}

}  // namespace atcert::cli
