// SPDX-License-Identifier: Apache-2.0
#include "verbs/job.hpp"

#include <fmt/core.h>

#include "provision/check.hpp"
#include "provision/leave.hpp"
#include "provision/open.hpp"
#include "provision/prove.hpp"
#include "provision/push.hpp"
#include "provision/rate.hpp"
#include "view/causes.hpp"

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

// What a job leaves behind that was ended before its clean-up.
std::string cut_off_remedy(const JobOptions& options) {
  if (options.push)
    return "reset the module; its credentials may be written in part: push them again before it is used";
  return "reset the module before it is used: it may still hold settings of this run";
}

}  // namespace

void add_job_options(Verb& verb, JobOptions& options) {
  verb.add_flag("--dry-run", options.dry_run, "Change nothing; say what would be written and sent");
  add_run_options(verb, options);
}

int run_job(const JobOptions& options, Program& program) {
  RunPlan plan;
  plan.cut_off_remedy = cut_off_remedy(options);
  plan.job = [&]() -> Result<provision::Job> {
    ATCERT_TRY(Input, input, read_input(options, program));
    return job_of(options, std::move(input), program);
  };
  plan.tell = [&](const report::Run& run) { print_summary(program.ui, run, options); };
  return run_plan(options, plan, program);
}

}  // namespace atcert::cli
