// SPDX-License-Identifier: Apache-2.0
#include "verbs/build_into.hpp"

#include <filesystem>
#include <optional>

#include <fmt/core.h>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/plural.hpp"
#include "batch/image_file.hpp"
#include "image/credential_images.hpp"
#include "image/factory_patch.hpp"
#include "options/common.hpp"
#include "report/json.hpp"
#include "view/findings.hpp"

namespace atcert::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxImageSize = 32 * 1024 * 1024;
constexpr std::size_t kShownDigits = 16;
const std::string kName = "build";

Error usage_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::usage, std::move(code), std::move(what), {}, std::move(remedy)};
}

image::NvsUpdate update_of(const std::string& text) {
  if (text == "in-place") return image::NvsUpdate::in_place;
  return text == "old" ? image::NvsUpdate::old_style : image::NvsUpdate::new_style;
}

// The writer would replace the image that was read.
Result<void> check_output(const IntoOptions& options, const IntoContext& context) {
  if (context.build.dry_run) return {};
  if (context.output.empty()) {
    return usage_error("output_missing", "no file to write to is given", "add -o FILE, or --dry-run");
  }
  std::error_code error;
  if (std::filesystem::is_directory(context.output, error)) {
    return usage_error("output_folder", fmt::format("{}: is a folder", context.output), "give a file with -o");
  }
  if (options.image != context.output && !std::filesystem::equivalent(options.image, context.output, error)) return {};
  return usage_error("output_is_input",
                     fmt::format("{}: is the image that is read, which is never changed", context.output),
                     "give another file with -o");
}

Result<credentials::Credentials> load_checked(const CredentialOptions& options, Program& program) {
  ATCERT_TRY(credentials::Credentials, loaded, load_credentials(options, program));
  const credentials::Findings findings = credentials::check(loaded, check_options(options, program.clock));
  if (auto error = credentials::first_error(findings)) return std::move(*error);
  say_warnings(findings, program.ui);
  say_changes(loaded.changes, program.ui);
  return loaded;
}

// What a patch refers to.
struct PatchInputs {
  Slots slots;
  std::optional<credentials::Credentials> credentials;
  std::optional<image::NvsKeys> nvs_keys;
};

Result<PatchInputs> read_patch_inputs(const IntoContext& context, Program& program) {
  PatchInputs inputs;
  ATCERT_TRY(
      Slots, slots,
      load_slots(context.build.slots, context.build.credentials, context.build.credentials.source.given(), program));
  say_warnings(slots.findings, program.ui);
  say_changes(slots.changes, program.ui);
  inputs.slots = std::move(slots);
  if (context.build.credentials.source.given()) {
    ATCERT_TRY(credentials::Credentials, loaded, load_checked(context.build.credentials, program));
    inputs.credentials = std::move(loaded);
  }
  if (context.build.nvs_keys.make) {
    return usage_error("nvs_keys_new", "no factory image is encrypted with keys that are yet to be made",
                       "leave out --make-nvs-keys; give the keys of its mfg_nvs with --nvs-keys, if it is encrypted");
  }
  ATCERT_TRY(auto, keys, load_nvs_keys(context.build.nvs_keys));
  inputs.nvs_keys = std::move(keys);
  return inputs;
}

Result<image::FactoryPatch> patch_of(const IntoOptions& options, const IntoContext& context,
                                     const PatchInputs& inputs) {
  image::FactoryPatch patch;
  if (inputs.credentials) {
    patch.items = image::credential_items(
        {inputs.credentials->certificate.pem, inputs.credentials->key.pem.reveal(), inputs.credentials->ca.pem},
        inputs.slots.owner);
  }
  const auto slot_items = items_of(inputs.slots);
  patch.items.insert(patch.items.end(), slot_items.begin(), slot_items.end());
  patch.params = given_params(context.build.params);
  ATCERT_TRY(auto, rows, gatt_rows_of(context.build.params));
  patch.gatt_rows = std::move(rows);
  if (patch.items.empty() && patch.params.empty() && patch.gatt_rows.empty()) {
    return usage_error("nothing_to_do", "nothing to put into the image is given",
                       "add credentials (--creds DIR) or parameters (--module-name...)");
  }
  patch.nvs_update = update_of(options.nvs_update);
  if (inputs.nvs_keys) patch.nvs_keys = &*inputs.nvs_keys;
  if (context.build.layout.release.empty()) return patch;
  ATCERT_TRY(const image::Release, release,
             image::parse_release(image::completed_release(context.build.layout.release)));
  patch.release = release;
  return patch;
}

json to_json(const image::Summary& summary) {
  json object{{"size", summary.size}, {"sha256", summary.sha256}};
  if (!summary.certificate.empty()) object["certificate"] = summary.certificate;
  if (!summary.text.empty()) object["value"] = summary.text;
  return object;
}

json to_json(const std::vector<image::Change>& changes) {
  json list = json::array();
  for (const image::Change& change : changes) {
    list.push_back({{"partition", change.partition},
                    {"key", change.key},
                    {"before", change.before ? to_json(*change.before) : json()},
                    {"after", change.after ? to_json(*change.after) : json()}});
  }
  return list;
}

std::string text_of(const std::optional<image::Summary>& summary) {
  if (!summary) return "none";
  if (!summary->text.empty()) return summary->text;
  const bool certificate = !summary->certificate.empty();
  return fmt::format("{}, {} {}", counted(summary->size, "byte"), certificate ? "certificate" : "sha256",
                     (certificate ? summary->certificate : summary->sha256).substr(0, kShownDigits));
}

void show(const image::PatchedImage& patched, const IntoOptions& options, const IntoContext& context, Ui& ui) {
  for (const image::Change& change : patched.changes) {
    ui.result(Line()
                  .add(Style::strong, change.partition)
                  .add(fmt::format("  {}: {} -> {}", change.key, text_of(change.before), text_of(change.after))));
  }
  if (patched.changes.empty()) ui.say("nothing changes: the image holds all of this already");
  ui.say(context.build.dry_run ? "dry run: nothing is written" : "written to " + context.output);
  if (!ui.json()) return;
  json document = report::document(kName, nullptr);
  document["image"] = options.image;
  document["output"] = context.output;
  document["written"] = !context.build.dry_run;
  document["changes"] = to_json(patched.changes);
  ui.document(document);
}

Result<image::PatchedImage> patch_and_write(const IntoOptions& options, const IntoContext& context, Program& program) {
  ATCERT_CHECK(check_output(options, context));
  ATCERT_TRY(const PatchInputs, inputs, read_patch_inputs(context, program));
  ATCERT_TRY(const image::FactoryPatch, patch, patch_of(options, context, inputs));
  ATCERT_TRY(Secret, bytes, read_secret_file(options.image, kMaxImageSize));
  auto patched = image::patch_factory_image(bytes.reveal(), patch);
  if (!patched) {
    patched.error().what = fmt::format("{}: {}", options.image, patched.error().what);
    return patched;
  }
  image::overwrite(bytes.writable(), *patched);
  if (!context.force && !context.output.empty()) {
    ATCERT_CHECK(batch::check_file_place(context.output, bytes.reveal(), patch.nvs_keys));
  }
  if (context.build.dry_run) return patched;
  const auto hold = program.undertakings.begin("run it again");
  ATCERT_CHECK(write_file(context.output, bytes.reveal(), Privacy::secret));
  return patched;
}

}  // namespace

void add_into_options(Verb& verb, IntoOptions& options) {
  const std::string group = "Factory image";
  verb.add_option("--into", options.image,
                  "Put all of it into a copy of this factory image or mfg_nvs partition, which goes to -o")
      ->option_text("FILE")
      ->group(group);
  verb.add_option("--nvs-update", options.nvs_update,
                  "How mfg_nvs changes: in-place as the firmware does, or anew in the old or new generator's style")
      ->option_text("HOW [in-place]")
      ->one_of({"in-place", "old", "new"})
      ->needs("--into")
      ->group(group);
}

int build_into(const IntoOptions& options, const IntoContext& context, Program& program) {
  const auto patched = patch_and_write(options, context, program);
  if (!patched) return fail(program.ui, kName, patched.error());
  show(*patched, options, context, program.ui);
  return 0;
}

}  // namespace atcert::cli
