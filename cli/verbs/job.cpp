// SPDX-License-Identifier: Apache-2.0
#include "verbs/job.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/core.h>

#include "base/json.hpp"
#include "base/output.hpp"
#include "base/plural.hpp"
#include "base/time_limit.hpp"
#include "options/outputs.hpp"
#include "provision/check.hpp"
#include "provision/leave.hpp"
#include "provision/open.hpp"
#include "provision/prove.hpp"
#include "provision/push.hpp"
#include "provision/rate.hpp"
#include "report/json.hpp"
#include "report/junit.hpp"
#include "serial/open.hpp"
#include "view/causes.hpp"
#include "view/dialogue_writer.hpp"
#include "view/progress.hpp"

namespace atcert::cli {
namespace {

// The parts that were read from files and flags; all of it good in itself, though not yet judged together.
struct Input {
  std::shared_ptr<const credentials::Credentials> credentials;  // null: none were given
  std::shared_ptr<const script::Script> script;                 // null: the job does not verify
  script::Given given;
  provision::Informants informants;
  module::Speed speed;
  std::optional<provision::ObserverSettings> observer;  // none: nobody watches
};

Result<Input> read_input(const JobOptions& options, Program& program) {
  Input input;
  ATCERT_TRY(const module::Speed, speed, chosen_speed(options.speed));
  input.speed = speed;
  if (options.credentials.source.from_standard_input() > 0 && options.script.wifi_password_file == "-") {
    return Error{ErrorKind::usage,
                 "stdin_twice",
                 "the credentials and --wifi-password-file both come from standard input",
                 {},
                 "give the password in a file or in ATCERT_WIFI_PASSWORD"};
  }
  if (options.push || options.credentials.source.given()) {
    ATCERT_TRY(credentials::Credentials, loaded, load_credentials(options.credentials, program));
    input.credentials = std::make_shared<const credentials::Credentials>(std::move(loaded));
  }
  if (options.verify) {
    ATCERT_TRY(script::Script, script, load_script(options.script));
    ATCERT_TRY(script::Given, given, script_values(options.script, script));
    input.script = std::make_shared<const script::Script>(std::move(script));
    input.given = std::move(given);
    ATCERT_TRY(provision::Informants, asked, informants(options.diagnosis));
    input.informants = std::move(asked);
  }
  if (options.observer.observe) {
    ATCERT_TRY(provision::ObserverSettings, settings, observer_settings(options.observer, input.credentials, program));
    input.observer = std::move(settings);
  }
  return input;
}

void put_if_given(std::optional<std::string>& to, const std::string& value) {
  if (!value.empty()) to = value;
}

credentials::CheckOptions check_options_of(const JobOptions& options, const Program& program) {
  credentials::CheckOptions check = check_options(options.credentials, program.clock);
  put_if_given(check.endpoint, options.script.endpoint);
  put_if_given(check.client_id, options.script.client_id);
  put_if_given(check.publish_topic, options.script.topic);
  return check;
}

provision::Job job_of(const JobOptions& options, Input input, const Program& program) {
  provision::Job job{options.command, {}};
  const credentials::CheckOptions check = check_options_of(options, program);
  const auto rewrite = options.force ? provision::Rewrite::all : provision::Rewrite::different;
  job.parts.push_back(input.credentials ? provision::check_credentials(std::move(input.credentials), check)
                                        : provision::check_names(check));
  if (input.script) job.parts.push_back(provision::check_script(std::move(input.script), std::move(input.given)));
  const bool watches = input.observer && !options.dry_run;
  if (watches) job.parts.push_back(provision::connect_observer(*std::move(input.observer)));
  job.parts.push_back(provision::open_module());
  if (options.push) job.parts.push_back(provision::raise_rate(input.speed));
  job.parts.push_back(provision::identify_module());
  if (options.push) {
    job.parts.push_back(options.dry_run ? provision::compare_credentials(rewrite)
                                        : provision::push_credentials(rewrite));
    job.parts.push_back(provision::return_rate());
  }
  if (options.verify) {
    job.parts.push_back(options.dry_run ? provision::tell_script(options.observer.observe) : provision::prove());
  }
  if (watches) job.parts.push_back(provision::dismiss_observer());
  job.parts.push_back(provision::diagnose(std::move(input.informants)));
  job.parts.push_back(provision::leave_module());
  return job;
}

Result<std::unique_ptr<serial::Transport>> open_port(const PortOptions& options, const std::stop_token& stop) {
  ATCERT_TRY(const std::string, name, chosen_port(options));
  return serial::open(name, {.baud = options.baud}, stop);
}

// Of a script of the user's own nobody knows what it proves.
std::string proof(const JobOptions& options) {
  const ScriptOptions& script = options.script;
  if (!script.templates.empty() || script.script.find_first_of("/.") != std::string::npos) {
    return fmt::format("the script {} passed", script.script);
  }
  return options.observer.observe ? "messages went both ways between module and broker"
                                  : "the module's message came round";
}

std::string verdict(const JobOptions& options) {
  if (options.dry_run) return "nothing was changed (--dry-run)";
  if (!options.verify) return "the module holds the credentials";
  return options.push ? "the module holds the credentials, and " + proof(options) : proof(options);
}

void print_slots(Ui& ui, const report::Run& run) {
  for (const report::SlotFacts& slot : run.slots) {
    ui.result(fmt::format("  {:<10} {:>5} bytes  {}", slot.slot, slot.size, slot.state));
  }
}

void print_summary(Ui& ui, const report::Run& run, const JobOptions& options) {
  if (run.error) {
    if (!run.slots.empty()) {
      ui.say("the module's slots:");
      for (const report::SlotFacts& slot : run.slots) ui.say(fmt::format("  {:<10} {}", slot.slot, slot.state));
    }
    ui.failure(*run.error);
    say_causes(run.causes, ui);
    return;
  }
  print_slots(ui, run);
  ui.result(Line()
                .add(Style::good, "ok")
                .add(fmt::format(": {} ({})", verdict(options), duration_text(run.duration.count()))));
}

std::optional<Milliseconds> time_of(const JobOptions& options) {
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

// What a job leaves behind that was ended before its clean-up.
std::string cut_off_remedy(const JobOptions& options) {
  if (options.push)
    return "reset the module; its credentials may be written in part: push them again before it is used";
  return "reset the module before it is used: it may still hold settings of this run";
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

Result<Outputs> open_outputs(const JobOptions& options, Ui& ui) {
  ATCERT_CHECK(
      keep_apart(std::array{WantedOutput{"--junit", options.junit}, WantedOutput{"--log", options.log}}, ui.json()));
  ATCERT_TRY(auto, junit, open_junit(options.junit));
  ATCERT_TRY(auto, log, DialogueWriter::open(options.log, ui));
  return Outputs{std::move(junit), std::move(log)};
}

// A job that could not tell all of its end has not ended well, whatever it did.
int finish(Ui& ui, report::Run run, Outputs& outputs, const JobOptions& options) {
  std::vector<Error> further;
  const auto judge = [&](Result<void> written) {
    if (written) return;
    if (run.error) return further.push_back(std::move(written).error());
    run.error = std::move(written).error();
  };
  judge(outputs.log->end());
  if (outputs.junit) judge(outputs.junit->write(as_bytes(report::to_junit(run))));
  if (ui.json()) ui.document(report::to_json(run));
  print_summary(ui, run, options);
  for (const Error& error : further) ui.failure(error);
  return run.error ? static_cast<int>(run.error->kind) : 0;
}

}  // namespace

void add_job_options(Verb& verb, JobOptions& options) {
  verb.add_option("--junit", options.junit, "Write the steps as a JUnit file")->option_text("FILE")->group("Output");
  verb.add_option("--log", options.log, "Write the serial dialogue with times, without secrets")
      ->option_text("FILE")
      ->group("Output");
  verb.add_option("--timeout", options.timeout, "End the job after so many seconds, clean-up aside (default: never)")
      ->range(1, 86'400)
      ->option_text("SECONDS");
  verb.add_flag("--dry-run", options.dry_run, "Change nothing; say what would be written and sent");
  add_output_options(verb, options.output);
}

int run_job(const JobOptions& options, Program& program) {
  Ui& ui = program.ui;
  ui.configure(options.output);
  if (const auto checked = check_port(options.port); !checked) return fail(ui, options.command, checked.error());
  auto outputs = open_outputs(options, ui);
  if (!outputs) return fail(ui, options.command, outputs.error());
  Result<Input> input = read_input(options, program);
  if (!input) return fail(ui, options.command, input.error());
  Progress progress(ui, program.clock);
  const TimeLimit limit(program.stop, time_of(options));
  const provision::Bench bench{[&] { return open_port(options.port, limit.token()); }, program.clock,
                               outputs->log.get(), limit.token()};
  report::Run run;
  {
    const auto hold = program.undertakings.begin(cut_off_remedy(options));
    run = provision::run(job_of(options, std::move(*input), program), bench, progress);
  }
  progress.finish();
  if (limit.passed() && run.error && run.error->kind == ErrorKind::interrupted) tell_time_is_up(run, options.timeout);
  return finish(ui, std::move(run), *outputs, options);
}

}  // namespace atcert::cli
