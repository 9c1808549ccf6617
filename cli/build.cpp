// SPDX-License-Identifier: Apache-2.0
// atcert build: credentials into partition images, in a folder with flash_args and manifest.json.
#include <memory>
#include <optional>
#include <string>

#include <fmt/core.h>

#include "base/json.hpp"
#include "batch/image_set.hpp"
#include "build_batch.hpp"
#include "build_findings.hpp"
#include "build_into.hpp"
#include "credential_options.hpp"
#include "layout_options.hpp"
#include "module_limits.hpp"
#include "nvs_keys_options.hpp"
#include "options.hpp"
#include "program.hpp"
#include "report/json.hpp"

namespace atcert::cli {
namespace {

using nlohmann::json;

const std::string kName = "build";

struct BuildVerb {
  UiSettings output;
  CredentialOptions credentials;
  LayoutOptions layout;
  NvsKeysOptions nvs_keys;
  IntoOptions into;
  BatchFlags batch;
  std::string folder;
  bool padded = false;
  bool dry_run = false;
  bool list_modules = false;
};

struct Built {
  image::ModuleLayout module;
  batch::ImageSet set;
  credentials::Findings findings;
};

int list_modules(const Layouts& layouts, Ui& ui) {
  json list = json::array();
  ui.result(ui.on_stdout(Style::strong, fmt::format("{:24} {:9} {:9} {}", "MODULE", "CHIP", "DEFAULT", "RELEASES")));
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
    json document = report::document(kName, nullptr);
    document["modules"] = std::move(list);
    ui.document(document);
  }
  return 0;
}

Result<credentials::Findings> check_credentials(const credentials::Credentials& loaded, const BuildVerb& verb,
                                                const image::ModuleLayout& module, const Clock& clock) {
  credentials::CheckOptions options = check_options(verb.credentials, clock);
  ATCERT_TRY(credentials::ModuleLimits, limits, limits_of(module));
  options.module = std::move(limits);
  credentials::Findings findings = credentials::check(loaded, options);
  if (auto error = credentials::first_error(findings)) return std::move(*error);
  const credentials::Findings more = image_findings(module);
  findings.insert(findings.end(), more.begin(), more.end());
  return findings;
}

Result<Built> build(const BuildVerb& verb, const Layouts& layouts, Program& program) {
  ATCERT_TRY(image::ModuleLayout, module, layouts.find(verb.layout));
  ATCERT_TRY(const credentials::Credentials, loaded, load_credentials(verb.credentials, program));
  ATCERT_TRY(credentials::Findings, findings, check_credentials(loaded, verb, module, program.clock));
  ATCERT_TRY(const auto, keys, load_nvs_keys(verb.nvs_keys, verb.dry_run));
  ATCERT_TRY(batch::ImageSet, set, batch::make_image_set(loaded, {module, verb.padded, keys ? &*keys : nullptr}));
  return Built{std::move(module), std::move(set), std::move(findings)};
}

void show(const Built& built, const BuildVerb& verb, Ui& ui) {
  say_warnings(built.findings, ui);
  ui.say(fmt::format("{} {}, layout {}", built.module.module.name, to_string(built.module.release),
                     built.module.layout.name));
  for (const image::ImageFile& file : built.set.files) {
    ui.result(fmt::format("0x{:06x}  {:14} {:7} of {} bytes{}", file.address, file.name, file.bytes.size(),
                          file.partition_size, file.has_key ? "  private key, mode 0600" : ""));
  }
  if (verb.dry_run) {
    ui.say("dry run: nothing is written");
  } else {
    ui.say(fmt::format("written to {}; flash with: cd {} && esptool.py -p PORT write_flash @flash_args", verb.folder,
                       verb.folder));
  }
  if (!ui.json()) return;
  json document = report::document(kName, nullptr);
  document["folder"] = verb.folder;
  document["written"] = !verb.dry_run;
  document["manifest"] = json::parse(built.set.manifest);
  document["findings"] = to_json(built.findings);
  ui.document(document);
}

Result<void> check_folder(const BuildVerb& verb) {
  if (verb.dry_run || !verb.folder.empty()) return {};
  return Error{ErrorKind::usage, "folder_missing", "no folder to write to is given", {}, "add -o DIR, or --dry-run"};
}

// The units' credentials come from the list; --ca is for those that name none.
Result<std::optional<NamedFile>> common_ca(const BuildVerb& verb) {
  if (credentials_given(verb.credentials)) {
    return Error{ErrorKind::usage,
                 "credentials_twice",
                 "the credentials of many units come from the list",
                 {},
                 "leave out --creds, --cert, --key and --aws-json"};
  }
  if (verb.credentials.ca.empty()) return std::optional<NamedFile>();
  ATCERT_TRY(NamedFile, ca, read_ca(verb.credentials.ca));
  return std::optional(std::move(ca));
}

Result<int> run_batch(const BuildVerb& verb, const Layouts& layouts, Program& program) {
  ATCERT_TRY(const image::ModuleLayout, module, layouts.find(verb.layout));
  ATCERT_TRY(const auto, ca, common_ca(verb));
  ATCERT_TRY(const auto, keys, load_nvs_keys(verb.nvs_keys, verb.dry_run));
  const batch::ImageSetOptions images{module, verb.padded, keys ? &*keys : nullptr};
  batch::BatchOptions options{.images = images, .checks = check_options(verb.credentials, program.clock)};
  ATCERT_TRY(credentials::ModuleLimits, limits, limits_of(module));
  options.checks.module = std::move(limits);
  options.verbatim = verb.credentials.verbatim;
  options.output = verb.folder;
  options.ca = ca ? &*ca : nullptr;
  options.dry_run = verb.dry_run;
  return build_batch(verb.batch, options, program);
}

int run_build(const BuildVerb& verb, Program& program) {
  Ui& ui = program.ui;
  ui.configure(verb.output);
  if (!verb.into.image.empty()) {
    const IntoContext context{verb.credentials, verb.nvs_keys, verb.layout.release, verb.folder, verb.dry_run};
    return build_into(verb.into, context, program);
  }
  const auto layouts = Layouts::load(verb.layout);
  if (!layouts) return fail(ui, kName, layouts.error());
  if (verb.list_modules) return list_modules(*layouts, ui);
  if (const auto folder = check_folder(verb); !folder) return fail(ui, kName, folder.error());
  if (!verb.batch.manifest.empty()) {
    const auto code = run_batch(verb, *layouts, program);
    return code ? *code : fail(ui, kName, code.error());
  }
  const auto built = build(verb, *layouts, program);
  if (!built) return fail(ui, kName, built.error());
  if (!verb.dry_run) {
    if (const auto written = batch::write_image_set(built->set, verb.folder); !written)
      return fail(ui, kName, written.error());
  }
  show(*built, verb, ui);
  return 0;
}

}  // namespace

void add_build(Verbs& verbs, Program& program) {
  const auto verb = std::make_shared<BuildVerb>();
  Verb command = verbs.add(kName, "Make partition images of credentials");
  add_credential_options(command, verb->credentials);
  add_layout_options(command, verb->layout);
  add_nvs_keys_options(command, verb->nvs_keys);
  add_into_options(command, verb->into);
  add_batch_options(command, verb->batch);
  command
      .add_option("-o,--output", verb->folder,
                  "Folder for the images, flash_args and manifest.json; with --into the file")
      ->option_text("DIR|FILE");
  command.add_flag("--pad", verb->padded, "Fill PKI bins up to the size of their partitions");
  command.add_flag("--dry-run", verb->dry_run, "Say what would be written, and write nothing");
  command.add_flag("--list-modules", verb->list_modules, "List the modules and their releases");
  add_output_options(command, verb->output);
  command.on_chosen([verb, &program] { return run_build(*verb, program); });
}

}  // namespace atcert::cli
