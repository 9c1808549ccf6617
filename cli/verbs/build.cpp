// SPDX-License-Identifier: Apache-2.0
// atcert build: credentials into partition images, in a folder with flash_args and manifest.json.
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/core.h>

#include "base/json.hpp"
#include "batch/set_folder.hpp"
#include "options/common.hpp"
#include "program.hpp"
#include "report/json.hpp"
#include "verbs/build_batch.hpp"
#include "verbs/build_inputs.hpp"
#include "verbs/build_into.hpp"
#include "verbs/build_list.hpp"
#include "view/findings.hpp"

namespace atcert::cli {
namespace {

using nlohmann::json;

const std::string kName = "build";

struct BuildVerb {
  UiSettings output;
  BuildOptions options;
  IntoOptions into;
  BatchFlags batch;
  std::string folder;
  bool force = false;
  bool list_modules = false;
};

struct Built {
  BuildInputs inputs;
  batch::ImageSet set;
  credentials::Findings findings;
  std::vector<std::string> changes;
};

Result<credentials::Findings> check_credentials(const credentials::Credentials& loaded, const BuildOptions& options,
                                                const BuildInputs& inputs, const Clock& clock) {
  ATCERT_TRY(const credentials::CheckOptions, checks, checks_of(options, inputs, clock));
  credentials::Findings findings = credentials::check(loaded, checks);
  if (auto error = credentials::first_error(findings)) return std::move(*error);
  return findings;
}

Result<Built> build(const BuildOptions& options, const Layouts& layouts, Program& program) {
  ATCERT_TRY(BuildInputs, inputs, read_inputs(options, layouts, options.credentials.source.given(), program));
  std::optional<credentials::Credentials> loaded;
  credentials::Findings findings;
  if (wants_credentials(options)) {
    ATCERT_TRY(credentials::Credentials, read, load_credentials(options.credentials, program, inputs.target.release));
    ATCERT_TRY(credentials::Findings, found, check_credentials(read, options, inputs, program.clock));
    loaded = std::move(read);
    findings = std::move(found);
  }
  const credentials::Findings more = inputs.findings();
  findings.insert(findings.end(), more.begin(), more.end());
  ATCERT_TRY(batch::ImageSet, set,
             batch::make_image_set(loaded ? &*loaded : nullptr, inputs.image_options(options.padded)));
  std::vector<std::string> changes = inputs.slots.changes;
  if (loaded) changes.insert(changes.end(), loaded->changes.begin(), loaded->changes.end());
  return Built{std::move(inputs), std::move(set), std::move(findings), std::move(changes)};
}

// The file of the NVS keys must not be one that is about to be written.
Result<void> check_keys_place(const Built& built, const BuildVerb& verb) {
  const std::string& keys = verb.options.nvs_keys.file;
  if (keys.empty()) return {};
  std::error_code ignored;
  const auto place = std::filesystem::weakly_canonical(keys, ignored);
  for (const image::ImageFile& file : built.set.files) {
    if (place != std::filesystem::weakly_canonical(std::filesystem::path(verb.folder) / file.name, ignored)) continue;
    return Error{ErrorKind::usage,
                 "nvs_keys_place",
                 fmt::format("{}: is the image's own file, not one for its keys", keys),
                 {},
                 "give another file with --nvs-keys"};
  }
  return {};
}

// An image must never be without its keys; keys without an image are of no use, and stand in the way of the next run.
Result<void> write(const Built& built, const BuildVerb& verb, Undertakings& undertakings) {
  const batch::WriteOptions options{.force = verb.force};
  if (verb.options.dry_run && verb.folder.empty()) return {};
  if (verb.options.dry_run) return batch::check_place(built.set, verb.folder, options);
  const auto hold = undertakings.begin("run it again: the folder is as it was, or holds all of the files");
  ATCERT_CHECK(check_keys_place(built, verb));
  if (batch::is_written(built.set, verb.folder)) return {};
  ATCERT_CHECK(write_new_nvs_keys(verb.options.nvs_keys, built.inputs.nvs_keys));
  Result<void> written = batch::write_image_set(built.set, verb.folder, options);
  if (!written) take_back_new_nvs_keys(verb.options.nvs_keys);
  return written;
}

std::string text_of(const image::ImageTarget& target) {
  std::string text = fmt::format("{} {}", target.module ? target.module->name : "release", to_string(target.release));
  return text + (target.layout ? ", layout " + target.layout->name : ", for no known place in the flash");
}

std::string text_of(const image::ImageFile& file) {
  const std::string size = file.place ? fmt::format("{:7} of {} bytes", file.bytes.size(), file.place->size)
                                      : fmt::format("{:7} bytes", file.bytes.size());
  return fmt::format("{}{:14} {}{}", file.place ? fmt::format("0x{:06x}  ", file.place->address) : "", file.name, size,
                     file.has_key ? "  private key, mode 0600" : "");
}

void show(const Built& built, const BuildVerb& verb, Ui& ui) {
  say_warnings(built.findings, ui);
  say_changes(built.changes, ui);
  ui.say(text_of(built.inputs.target));
  for (const image::ImageFile& file : built.set.files) ui.result(text_of(file));
  if (verb.options.dry_run) {
    ui.say("dry run: nothing is written");
  } else if (!built.set.flash_args) {
    ui.say(fmt::format("written to {}", verb.folder));
  } else {
    ui.say(fmt::format("written to {}; flash with: cd {} && esptool.py -p PORT write_flash @flash_args", verb.folder,
                       verb.folder));
  }
  if (!ui.json()) return;
  json document = report::document(kName, nullptr);
  document["folder"] = verb.folder;
  document["written"] = !verb.options.dry_run;
  document["manifest"] = json::parse(built.set.manifest);
  document["findings"] = to_json(built.findings);
  document["changes"] = built.changes;
  ui.document(document);
}

Result<void> check_folder(const BuildVerb& verb) {
  if (verb.options.dry_run || !verb.folder.empty()) return {};
  return Error{ErrorKind::usage, "folder_missing", "no folder to write to is given", {}, "add -o DIR, or --dry-run"};
}

// What a factory image holds stays but for what is put into it.
Result<void> check_into(const BuildVerb& verb) {
  const std::string given = given_mfg_option(verb.options.mfg);
  if (given.empty()) return {};
  return Error{ErrorKind::usage,
               "into_and_mfg",
               fmt::format("{} makes a new mfg_nvs.bin, and --into changes the one of a factory image", given),
               {},
               "leave out one of them"};
}

// The units' credentials come from the list; --ca is for those that name none.
Result<std::optional<credentials::SharedCa>> common_ca(const CredentialOptions& options) {
  if (options.source.given()) {
    return Error{ErrorKind::usage,
                 "credentials_twice",
                 "the credentials of many units come from the list",
                 {},
                 "leave out --creds, --cert, --key and --aws-json"};
  }
  if (options.source.ca.empty()) return std::optional<credentials::SharedCa>();
  ATCERT_TRY(const NamedFile, file, intake::read_ca(options.source.ca));
  ATCERT_TRY(credentials::SharedCa, ca, credentials::load_ca(file, {options.verbatim, {}}));
  return std::optional(std::move(ca));
}

Result<int> run_batch(const BuildVerb& verb, const Layouts& layouts, Program& program) {
  const BuildOptions& options = verb.options;
  ATCERT_TRY(const auto, ca, common_ca(options.credentials));
  ATCERT_TRY(BuildInputs, inputs, read_inputs(options, layouts, true, program));
  ATCERT_TRY(const credentials::CheckOptions, checks, checks_of(options, inputs, program.clock));
  const batch::BatchOptions batch{.images = inputs.image_options(options.padded),
                                  .checks = checks,
                                  .verbatim = options.credentials.verbatim,
                                  .output = verb.folder,
                                  .ca = ca ? &*ca : nullptr,
                                  .dry_run = options.dry_run,
                                  .force = verb.force};
  return build_batch(verb.batch, batch, {options, inputs}, program);
}

int run_build(const BuildVerb& verb, Program& program) {
  Ui& ui = program.ui;
  ui.configure(verb.output);
  if (!verb.into.image.empty()) {
    const IntoContext context{verb.options, verb.folder, verb.force};
    if (const auto fits = check_into(verb); !fits) return fail(ui, kName, fits.error());
    return build_into(verb.into, context, program);
  }
  const auto layouts = Layouts::load(verb.options.layout);
  if (!layouts) return fail(ui, kName, layouts.error());
  if (verb.list_modules) return list_modules(*layouts, ui);
  if (const auto folder = check_folder(verb); !folder) return fail(ui, kName, folder.error());
  if (!verb.batch.manifest.empty()) {
    const auto code = run_batch(verb, *layouts, program);
    return code ? *code : fail(ui, kName, code.error());
  }
  const auto built = build(verb.options, *layouts, program);
  if (!built) return fail(ui, kName, built.error());
  if (const auto written = write(*built, verb, program.undertakings); !written) return fail(ui, kName, written.error());
  show(*built, verb, ui);
  return 0;
}

}  // namespace

void add_build(Verbs& verbs, Program& program) {
  verbs.add(kName, "Make partition images of credentials", [&program](Verb command) {
    const auto verb = std::make_shared<BuildVerb>();
    add_build_options(command, verb->options);
    add_into_options(command, verb->into);
    add_batch_options(command, verb->batch);
    command
        .add_option("-o,--output", verb->folder,
                    "Folder for the images, flash_args and manifest.json; with --into the file")
        ->option_text("DIR|FILE");
    command.add_flag("--force", verb->force,
                     "Replace images of another certificate or for other firmware; with --into whatever -o holds");
    command.add_flag("--list-modules", verb->list_modules, "List the modules and their releases");
    add_output_options(command, verb->output);
    command.on_chosen([verb, &program] { return run_build(*verb, program); });
  });
}

}  // namespace atcert::cli
