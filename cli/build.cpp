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
#include "build_list.hpp"
#include "credential_options.hpp"
#include "layout_options.hpp"
#include "mfg_options.hpp"
#include "module_limits.hpp"
#include "nvs_keys_options.hpp"
#include "options.hpp"
#include "param_options.hpp"
#include "program.hpp"
#include "report/json.hpp"
#include "slot_options.hpp"

namespace atcert::cli {
namespace {

using nlohmann::json;

const std::string kName = "build";

struct BuildVerb {
  UiSettings output;
  CredentialOptions credentials;
  SlotOptions slots;
  LayoutOptions layout;
  MfgOptions mfg;
  ParamOptions params;
  NvsKeysOptions nvs_keys;
  IntoOptions into;
  BatchFlags batch;
  std::string folder;
  bool padded = false;
  bool dry_run = false;
  bool list_modules = false;
};

// All that goes into the images of any unit besides its credentials, read and judged.
struct Common {
  image::ModuleLayout module;
  Slots slots;
  std::vector<image::SlotItem> items;  // of the slots
  MfgValues mfg;
  std::optional<image::NvsKeys> nvs_keys;

  batch::ImageSetOptions options(bool padded) const {
    return {module,
            {.padded = padded, .values = mfg.values.values, .nvs_size = mfg.size},
            nvs_keys ? &*nvs_keys : nullptr,
            slots.owner,
            items};
  }
};

struct Built {
  image::ModuleLayout module;
  batch::ImageSet set;
  credentials::Findings findings;
};

void append(credentials::Findings& to, const credentials::Findings& findings) {
  to.insert(to.end(), findings.begin(), findings.end());
}

bool has_credentials(const BuildVerb& verb) {
  return credentials_given(verb.credentials) || !verb.batch.manifest.empty();
}

Result<Common> read_common(const BuildVerb& verb, const Layouts& layouts, Program& program) {
  ATCERT_TRY(image::ModuleLayout, module, layouts.find(verb.layout));
  ATCERT_TRY(Slots, slots, load_slots(verb.slots, verb.credentials, has_credentials(verb), program));
  ATCERT_TRY(MfgValues, mfg, load_mfg_values(verb.mfg, verb.params, layouts, module));
  std::vector<image::SlotItem> items = items_of(slots);
  return Common{std::move(module), std::move(slots), std::move(items), std::move(mfg), {}};
}

// Last of all: new keys are written, which nothing that fails may leave behind.
Result<void> read_nvs_keys(const BuildVerb& verb, Common& common) {
  ATCERT_TRY(auto, keys, load_nvs_keys(verb.nvs_keys, verb.dry_run));
  common.nvs_keys = std::move(keys);
  return {};
}

Result<credentials::CheckOptions> checks_of(const BuildVerb& verb, const Common& common, const Clock& clock) {
  credentials::CheckOptions options = check_options(verb.credentials, clock);
  ATCERT_TRY(credentials::ModuleLimits, limits, limits_of(common.module, common.slots.owner));
  options.module = std::move(limits);
  return options;
}

// Images need no credentials where something else is to go into them.
bool wants_credentials(const BuildVerb& verb) {
  const bool others = !verb.slots.texts.empty() || !verb.mfg.csv.empty() || params_given(verb.params);
  return !others || credentials_given(verb.credentials) || !verb.credentials.ca.empty();
}

Result<Built> build(const BuildVerb& verb, const Layouts& layouts, Program& program) {
  ATCERT_TRY(Common, common, read_common(verb, layouts, program));
  std::optional<credentials::Credentials> loaded;
  credentials::Findings findings;
  if (wants_credentials(verb)) {
    ATCERT_TRY(credentials::Credentials, read, load_credentials(verb.credentials, program));
    ATCERT_TRY(const credentials::CheckOptions, checks, checks_of(verb, common, program.clock));
    findings = credentials::check(read, checks);
    if (auto error = credentials::first_error(findings)) return std::move(*error);
    loaded = std::move(read);
  }
  append(findings, common.slots.findings);
  append(findings, common.mfg.findings);
  ATCERT_CHECK(read_nvs_keys(verb, common));
  ATCERT_TRY(batch::ImageSet, set, batch::make_image_set(loaded ? &*loaded : nullptr, common.options(verb.padded)));
  return Built{std::move(common.module), std::move(set), std::move(findings)};
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

// What a factory image holds stays but for what is put into it.
Result<void> check_into(const BuildVerb& verb) {
  const std::string given = given_mfg_option(verb.mfg);
  if (given.empty()) return {};
  return Error{ErrorKind::usage,
               "into_and_mfg",
               fmt::format("{} makes a new mfg_nvs.bin, and --into changes the one of a factory image", given),
               {},
               "leave out one of them"};
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
  ATCERT_TRY(const auto, ca, common_ca(verb));
  ATCERT_TRY(Common, common, read_common(verb, layouts, program));
  ATCERT_TRY(const credentials::CheckOptions, checks, checks_of(verb, common, program.clock));
  ATCERT_CHECK(read_nvs_keys(verb, common));
  batch::BatchOptions options{.images = common.options(verb.padded), .checks = checks};
  options.verbatim = verb.credentials.verbatim;
  options.output = verb.folder;
  options.ca = ca ? &*ca : nullptr;
  options.dry_run = verb.dry_run;
  credentials::Findings findings = common.slots.findings;
  append(findings, common.mfg.findings);
  return build_batch(verb.batch, options, findings, program);
}

int run_build(const BuildVerb& verb, Program& program) {
  Ui& ui = program.ui;
  ui.configure(verb.output);
  if (!verb.into.image.empty()) {
    const IntoContext context{verb.credentials,    verb.slots,  verb.params, verb.nvs_keys,
                              verb.layout.release, verb.folder, verb.dry_run};
    if (const auto fits = check_into(verb); !fits) return fail(ui, kName, fits.error());
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
  add_slot_options(command, verb->slots);
  add_layout_options(command, verb->layout);
  add_mfg_options(command, verb->mfg);
  add_param_options(command, verb->params);
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
