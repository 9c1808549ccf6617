// SPDX-License-Identifier: Apache-2.0
#include "verbs/job_run.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/json.hpp"
#include "base/output.hpp"
#include "base/plural.hpp"
#include "base/time_limit.hpp"
#include "options/outputs.hpp"
#include "report/json.hpp"
#include "report/junit.hpp"
#include "serial/open.hpp"
#include "view/dialogue_writer.hpp"
#include "view/screen.hpp"

namespace atcert::cli {
namespace {

Result<std::unique_ptr<serial::Transport>> open_port(const PortOptions& options, const std::stop_token& stop) {
  ATCERT_TRY(const std::string, name, chosen_port(options));
  return serial::open(name, {.baud = options.baud}, stop);
}

// The place for the JUnit file is tried before the job, so that its end is not lost for a mistyped path.
Result<std::optional<OutputFile>> open_junit(const std::string& path) {
  if (path.empty()) return std::optional<OutputFile>();
  auto file = OutputFile::open(path, Privacy::open);
  if (file) return std::optional(std::move(*file));
  file.error().what = "--junit " + file.error().what;
  return std::move(file).error();
}

struct Outputs {
  std::optional<OutputFile> junit;
  std::unique_ptr<DialogueWriter> log;
};

Result<Outputs> open_outputs(const RunOptions& options, Ui& ui) {
  ATCERT_CHECK(
      keep_apart(std::array{WantedOutput{"--junit", options.junit}, WantedOutput{"--log", options.log}}, ui.json()));
  ATCERT_TRY(auto, junit, open_junit(options.junit));
  ATCERT_TRY(auto, log, DialogueWriter::open(options.log));
  return Outputs{std::move(junit), std::move(log)};
}

// A job that could not tell all of its end has not ended well, whatever it did.
int finish(Ui& ui, report::Run run, Outputs& outputs, const RunPlan& plan) {
  std::vector<Error> further;
  const auto judge = [&](Result<void> written) {
    if (written) return;
    if (run.error) return further.push_back(std::move(written).error());
    run.error = std::move(written).error();
  };
  judge(outputs.log->end());
  if (outputs.junit) judge(outputs.junit->write(as_bytes(report::to_junit(run))));
  if (ui.json()) ui.document(report::to_json(run));
  plan.tell(run);
  for (const Error& error : further) ui.failure(error);
  return run.error ? static_cast<int>(run.error->kind) : 0;
}

std::optional<Milliseconds> time_of(const RunOptions& options) {
  if (options.timeout == 0) return std::nullopt;
  return std::chrono::seconds(options.timeout);
}

// Nobody has interrupted the job: its own limit has.
void tell_time_is_up(report::Run& run, unsigned seconds) {
  const auto failed = std::find_if(run.steps.begin(), run.steps.end(), [](const StepEnd& step) {
    return step.outcome == StepEnd::Outcome::failed && step.error.kind == ErrorKind::interrupted;
  });
  Error& error = *run.error;
  const bool reached = failed == run.steps.end() || failed->name.stage != "identify";
  error.kind = reached ? ErrorKind::module : ErrorKind::no_module;
  error.code = "job_timeout";
  const std::string step = failed == run.steps.end() ? "" : fmt::format(" in \"{}\"", failed->name.step);
  error.what = fmt::format("the {} of --timeout were over{}: {}", counted(seconds, "second"), step, error.what);
  error.cause = "the job takes longer than it was given, or waits for something that does not come";
  error.remedy = "look at what it waited for, or give it more time";
}

report::Run run_with(const RunOptions& options, const provision::Job& job, DialogueWriter& log, Program& program) {
  Screen screen(program.ui, program.clock);
  if (program.ui.verbosity() >= kShowsDialogue) log.show_on(screen);
  const TimeLimit limit(program.stop, time_of(options));
  const provision::Bench bench{[&] { return open_port(options.port, limit.token()); }, program.clock, &log,
                               limit.token()};
  report::Run run = provision::run(job, bench, screen.events());
  screen.finish();
  if (limit.passed() && run.error && run.error->kind == ErrorKind::interrupted) tell_time_is_up(run, options.timeout);
  return run;
}

}  // namespace

void add_run_options(Verb& verb, RunOptions& options) {
  verb.add_option("--junit", options.junit, "Write the steps as a JUnit file")->option_text("FILE")->group("Output");
  verb.add_option("--log", options.log, "Write the serial dialogue with times, without secrets")
      ->option_text("FILE")
      ->group("Output");
  verb.add_option("--timeout", options.timeout, "End the job after so many seconds, clean-up aside (default: never)")
      ->range(1, 86'400)
      ->option_text("SECONDS");
  add_output_options(verb, options.output);
}

int run_plan(const RunOptions& options, const RunPlan& plan, Program& program) {
  Ui& ui = program.ui;
  ui.configure(options.output);
  if (const auto checked = check_port(options.port); !checked) return fail(ui, options.command, checked.error());
  auto outputs = open_outputs(options, ui);
  if (!outputs) return fail(ui, options.command, outputs.error());
  const Result<provision::Job> job = plan.job();
  if (!job) return fail(ui, options.command, job.error());
  report::Run run;
  {
    const auto hold = program.undertakings.begin(plan.cut_off_remedy);
    run = run_with(options, *job, *outputs->log, program);
  }
  return finish(ui, std::move(run), *outputs, plan);
}

}  // namespace atcert::cli
