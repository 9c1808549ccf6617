// SPDX-License-Identifier: Apache-2.0
// Many units in one run. First the list is gone through for the certificates, because of one that two units name
// neither is made. Then each worker takes the next unit, loads and checks its credentials, and writes its folder. A
// unit whose folder already holds what would be written is kept, so that a run that was stopped goes on where it was.
// Memory does not grow with the number of units, but for the list, the serials and the fingerprints: some 400 bytes a
// unit.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "base/undertakings.hpp"
#include "batch/image_set.hpp"
#include "credentials/check.hpp"
#include "credentials/load.hpp"
#include "intake/unit_list.hpp"

namespace atcert::batch {

struct BatchOptions {
  ImageSetOptions images;
  credentials::CheckOptions checks;
  bool verbatim = false;                      // refuse credentials that would have to be rewritten
  std::filesystem::path output = {};          // the units' folders go here
  const credentials::SharedCa* ca = nullptr;  // for units that name none
  unsigned workers = 1;
  bool dry_run = false;                  // all but the writing
  bool force = false;                    // images of another certificate, or for other firmware, give way
  Undertakings* undertakings = nullptr;  // told of every write; may be null
};

enum class UnitState { written, kept, failed };  // in a dry run "written" means that it would be

struct UnitOutcome {
  std::string serial;  // empty when the line could not be read
  UnitState state = UnitState::written;
  Error error;  // filled when failed
};

struct BatchTally {
  std::size_t written = 0;
  std::size_t kept = 0;
  std::size_t failed = 0;
  bool stopped = false;

  std::size_t done() const { return written + kept + failed; }
};

// Called after each unit, by one worker at a time.
using OnUnit = std::function<void(const UnitOutcome&, const BatchTally&)>;

// Works until the list ends or `stop` is requested; units in work are then finished. Errors: the folder cannot be made;
// another run writes there.
Result<BatchTally> run_batch(intake::UnitList& units, const BatchOptions& options, const std::stop_token& stop,
                             const OnUnit& on_unit);

}  // namespace atcert::batch
