// SPDX-License-Identifier: Apache-2.0
#include "verbs/build_inputs.hpp"

#include "options/module_limits.hpp"

namespace atcert::cli {
namespace {

// As for nvs_partition_gen, the CSV and the size are all that an image needs but for where it goes.
bool is_for_no_place(const BuildOptions& options) {
  return options.layout.module.empty() && options.layout.tables.empty() && !options.mfg.csv.empty() &&
         !options.mfg.size.empty();
}

}  // namespace

void add_build_options(Verb& verb, BuildOptions& options) {
  add_credential_options(verb, options.credentials);
  add_slot_options(verb, options.slots);
  add_layout_options(verb, options.layout);
  add_mfg_options(verb, options.mfg);
  add_param_options(verb, options.params);
  add_nvs_keys_options(verb, options.nvs_keys);
  verb.add_flag("--pad", options.padded, "Fill PKI bins up to the size of their partitions");
  verb.add_flag("--dry-run", options.dry_run, "Say what would be written, and write nothing");
}

batch::ImageSetOptions BuildInputs::image_options(bool padded) const {
  return {target,
          {.padded = padded, .values = mfg.values.values, .nvs_size = mfg.size},
          nvs_keys ? &*nvs_keys : nullptr,
          slots.owner,
          items};
}

credentials::Findings BuildInputs::findings() const {
  credentials::Findings all = slots.findings;
  all.insert(all.end(), mfg.findings.begin(), mfg.findings.end());
  return all;
}

Result<BuildInputs> read_inputs(const BuildOptions& options, const Layouts& layouts, bool has_credentials,
                                Program& program) {
  ATCERT_TRY(image::ImageTarget, target,
             is_for_no_place(options) ? layouts.nowhere(options.layout) : layouts.find(options.layout));
  ATCERT_TRY(Slots, slots, load_slots(options.slots, options.credentials, has_credentials, program));
  ATCERT_TRY(MfgValues, mfg, load_mfg_values(options.mfg, options.params, layouts, target));
  ATCERT_TRY(std::optional<image::NvsKeys>, keys, load_nvs_keys(options.nvs_keys));
  std::vector<image::SlotItem> items = items_of(slots);
  return BuildInputs{std::move(target), std::move(slots), std::move(items), std::move(mfg), std::move(keys)};
}

Result<credentials::CheckOptions> checks_of(const BuildOptions& options, const BuildInputs& inputs,
                                            const Clock& clock) {
  credentials::CheckOptions checks = check_options(options.credentials, clock);
  ATCERT_TRY(credentials::ModuleLimits, limits, limits_of(inputs.target, inputs.slots.owner));
  checks.module = std::move(limits);
  return checks;
}

bool wants_credentials(const BuildOptions& options) {
  const bool others = !options.slots.texts.empty() || !options.mfg.csv.empty() || params_given(options.params);
  return !others || options.credentials.source.given() || !options.credentials.source.ca.empty();
}

}  // namespace atcert::cli
