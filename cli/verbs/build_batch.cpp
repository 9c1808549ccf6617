// SPDX-License-Identifier: Apache-2.0
#include "verbs/build_batch.hpp"

#include <filesystem>
#include <thread>

#include <fmt/core.h>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/plural.hpp"
#include "options/common.hpp"
#include "report/json.hpp"
#include "view/findings.hpp"

namespace atcert::cli {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxManifestSize = 256 * 1024 * 1024;
constexpr Milliseconds kRedrawPause{50};
const std::string kName = "build";

Result<intake::UnitList> read_units(const std::string& manifest) {
  ATCERT_TRY(const Bytes, bytes, read_file(manifest, kMaxManifestSize));
  auto units = intake::UnitList::parse(std::string(as_text(bytes)), std::filesystem::path(manifest).parent_path());
  if (!units) units.error().what = fmt::format("{}: {}", manifest, units.error().what);
  return units;
}

// The live line, failures as they come, and the list of them for JSON.
class Reporter {
 public:
  Reporter(Program& program, std::size_t total) : program_(program), total_(total), begun_(program.clock.now()) {}

  void unit(const batch::UnitOutcome& outcome, const batch::BatchTally& tally) {
    if (outcome.state == batch::UnitState::failed) failure(outcome);
    const SteadyTime now = program_.clock.now();
    if (now - shown_at_ < kRedrawPause) return;
    shown_at_ = now;
    const auto elapsed = std::chrono::duration_cast<Milliseconds>(now - begun_).count();
    const auto left =
        elapsed * static_cast<std::int64_t>(total_ - tally.done()) / static_cast<std::int64_t>(tally.done());
    program_.ui.show_live(fmt::format("  {} {} of {}, {} failed, {} left", progress_bar(tally.done(), total_),
                                      tally.done(), counted(total_, "unit"), tally.failed, duration_text(left)));
  }

  void finish(const batch::BatchTally& tally, const batch::BatchOptions& options) {
    Ui& ui = program_.ui;
    ui.clear_live();
    const std::string written = options.dry_run ? "would be written" : "written to " + options.output.string();
    const auto elapsed = std::chrono::duration_cast<Milliseconds>(program_.clock.now() - begun_);
    ui.result(fmt::format("{} {}, {} there already, {} failed, in {}", counted(tally.written, "unit"), written,
                          tally.kept, tally.failed, duration_text(elapsed.count())));
  }

  const json& failures() const { return failures_; }

 private:
  void failure(const batch::UnitOutcome& outcome) {
    Error error = outcome.error;
    if (!outcome.serial.empty()) error.what = fmt::format("unit {}: {}", outcome.serial, error.what);
    program_.ui.failure(error);
    failures_.push_back({{"serial", outcome.serial}, {"error", report::to_json(outcome.error)}});
  }

  Program& program_;
  std::size_t total_;
  SteadyTime begun_;
  SteadyTime shown_at_{};
  json failures_ = json::array();
};

std::optional<Error> error_of(const batch::BatchTally& tally, const std::string& manifest) {
  if (tally.stopped) {
    return Error{ErrorKind::interrupted,
                 "interrupted",
                 fmt::format("interrupted after {}", counted(tally.done(), "unit")),
                 {},
                 "run it again: units that are written are kept"};
  }
  if (tally.failed == 0) return std::nullopt;
  return Error{ErrorKind::units,
               "units_failed",
               fmt::format("{}: {} failed", manifest, counted(tally.failed, "unit")),
               {},
               "mend what failed and run it again: units that are written are kept"};
}

}  // namespace

void add_batch_options(Verb& verb, BatchFlags& flags) {
  const std::string group = "Many units";
  verb.add_option("--manifest", flags.manifest,
                  "Build all units of this list: CSV with the columns serial and creds, or serial, cert, key, ca")
      ->option_text("FILE")
      ->group(group);
  verb.add_option("--jobs", flags.jobs, "How many units at a time; 0 for one a core")
      ->option_text("N [0]")
      ->group(group);
}

int build_batch(const BatchFlags& flags, batch::BatchOptions options, const BatchContext& context, Program& program) {
  auto units = read_units(flags.manifest);
  if (!units) return fail(program.ui, kName, units.error());
  const credentials::Findings findings = context.inputs.findings();
  say_warnings(findings, program.ui);
  const NvsKeysOptions& keys = context.build.nvs_keys;
  if (!options.dry_run) {
    const auto written = write_new_nvs_keys(keys, context.inputs.nvs_keys);
    if (!written) return fail(program.ui, kName, written.error());
  }
  options.undertakings = &program.undertakings;
  options.workers = flags.jobs != 0 ? flags.jobs : std::thread::hardware_concurrency();
  Reporter reporter(program, units->size());
  const auto ended = run_batch(*units, options, program.stop,
                               [&](const auto& unit, const auto& so_far) { reporter.unit(unit, so_far); });
  if (!options.dry_run && (!ended || ended->written == 0)) take_back_new_nvs_keys(keys);
  if (!ended) return fail(program.ui, kName, ended.error());
  const batch::BatchTally& tally = *ended;
  reporter.finish(tally, options);
  const std::optional<Error> error = error_of(tally, flags.manifest);
  if (error) program.ui.failure(*error);
  if (program.ui.json()) {
    json document = report::document(kName, error ? &*error : nullptr);
    document["folder"] = options.output.string();
    document["dry_run"] = options.dry_run;
    document["written"] = tally.written;
    document["kept"] = tally.kept;
    document["failed"] = tally.failed;
    document["failures"] = reporter.failures();
    document["findings"] = to_json(findings);
    program.ui.document(document);
  }
  return error ? static_cast<int>(error->kind) : 0;
}

}  // namespace atcert::cli
