// SPDX-License-Identifier: Apache-2.0
// What goes into the images of atcert build: the options that say so, and all of it but the credentials, read and
// judged.
#pragma once

#include <optional>
#include <vector>

#include "batch/image_set.hpp"
#include "options/credentials.hpp"
#include "options/layout.hpp"
#include "options/mfg.hpp"
#include "options/nvs_keys.hpp"
#include "options/params.hpp"
#include "options/slots.hpp"
#include "program.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct BuildOptions {
  CredentialOptions credentials;
  SlotOptions slots;
  LayoutOptions layout;
  MfgOptions mfg;
  ParamOptions params;
  NvsKeysOptions nvs_keys;
  bool padded = false;
  bool dry_run = false;
};

void add_build_options(Verb& verb, BuildOptions& options);

// What the images of any unit hold besides its credentials.
struct BuildInputs {
  image::ImageTarget target;
  Slots slots;
  std::vector<image::SlotItem> items;  // of the slots
  MfgValues mfg;
  std::optional<image::NvsKeys> nvs_keys;

  // Refers to these inputs.
  batch::ImageSetOptions image_options(bool padded) const;
  // About the slots and about mfg_nvs.
  credentials::Findings findings() const;
};

// With `has_credentials`, some are to be put into slots, from wherever they come.
Result<BuildInputs> read_inputs(const BuildOptions& options, const Layouts& layouts, bool has_credentials,
                                Program& program);

// The checks of credentials that are to go into these images.
Result<credentials::CheckOptions> checks_of(const BuildOptions& options, const BuildInputs& inputs, const Clock& clock);

// False where something else is to go into the images, and no option says where credentials are.
bool wants_credentials(const BuildOptions& options);

}  // namespace atcert::cli
