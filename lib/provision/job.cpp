// SPDX-License-Identifier: Apache-2.0
#include "provision/job.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/core.h>

#include "at/session.hpp"
#include "credentials/describe.hpp"
#include "credentials/firmware.hpp"
#include "module/credential_store.hpp"
#include "module/module.hpp"
#include "provision/push.hpp"
#include "provision/steps.hpp"
#include "script/plan.hpp"
#include "script/runner.hpp"

namespace atcert::provision {
namespace {

// Two minutes: cli/interrupt.cpp ends the process then.
constexpr const char* kFinishingWrite =
    "interrupted; finishing the write, which takes seconds at 115200 baud, two minutes at most; the module must not be "
    "left with half of it";

// Proof that a message is this run's own.
Result<std::string> new_nonce(RandomSource source) {
  std::array<std::uint8_t, 8> random{};
  ATCERT_CHECK(fill_random(random, source));
  std::string text;
  for (const std::uint8_t byte : random) text += fmt::format("{:02x}", byte);
  return text;
}

report::CredentialFacts facts_of(const credentials::Credentials& credentials) {
  const credentials::CertificateFacts& certificate = credentials.certificate.first();
  return {certificate.subject,
          certificate.issuer,
          certificate.key.name,
          certificate.fingerprint,
          credentials::to_text(certificate.not_before),
          credentials::to_text(certificate.not_after),
          credentials.ca.first().subject};
}

report::ModuleFacts facts_of(const module::Module& module, const std::string& port) {
  const module::Identity& identity = module.identity();
  return {port,
          identity.chip,
          to_string(identity.release),
          identity.module_name,
          identity.firmware,
          std::string(name_of(module.generation()))};
}

// "ESP32C3 4.1.1.0 (MINI-1), nvs"; old releases do not name the chip, some builds not the module.
std::string described(const report::ModuleFacts& facts) {
  const std::string chip = facts.chip.empty() ? "" : facts.chip + " ";
  const std::string name = facts.name.empty() ? "" : " (" + facts.name + ")";
  return fmt::format("{}{}{}, {}", chip, facts.release, name, facts.generation);
}

class JobRun {
 public:
  JobRun(Job job, const Bench& bench, Steps& steps, report::Run& record)
      : job_(std::move(job)), bench_(bench), steps_(steps), record_(record) {}

  Result<void> all() {
    ATCERT_CHECK(check());
    ATCERT_CHECK(open());
    Result<void> result = with_module();
    leave();
    if (!result && result.error().kind == ErrorKind::interrupted) tell_what_is_left(result.error());
    return result;
  }

 private:
  // Everything that can be known to be bad before the port is opened.
  Result<void> check() {
    if (job_.credentials) {
      record_.credentials = facts_of(*job_.credentials);
      ATCERT_CHECK(steps_.step({"check", "credentials"}, [this] { return check_credentials(); }));
    } else {
      ATCERT_CHECK(steps_.step({"check", "endpoint and names"}, [this] { return check_names(); }));
    }
    if (job_.script) {
      ATCERT_CHECK(steps_.step({"check", "connection script"}, [this] { return check_script(); }));
    }
    return {};
  }

  Result<std::string> check_credentials() {
    for (const std::string& change : job_.credentials->changes) steps_.note(change);
    ATCERT_CHECK(judge(credentials::check(*job_.credentials, job_.check)));
    const credentials::CertificateFacts& certificate = job_.credentials->certificate.first();
    return fmt::format("{}, valid until {}", certificate.key.name, credentials::to_text(certificate.not_after));
  }

  // The release is known now, and with it the library that is to read them.
  Result<std::string> check_reading() {
    const image::Release& release = module_->identity().release;
    ATCERT_CHECK(judge(credentials::check_firmware(*job_.credentials, release)));
    return fmt::format("release {} does", to_string(release));
  }

  Result<std::string> check_names() {
    ATCERT_CHECK(judge(credentials::check_names(job_.check)));
    return job_.check.endpoint.value_or("");
  }

  // Records what was found; errors end the job.
  Result<void> judge(const credentials::Findings& findings) {
    for (const credentials::Finding& finding : findings) {
      record_.findings.push_back(
          {std::string(name_of(finding.severity)), finding.code, finding.message, finding.remedy});
      if (finding.severity == credentials::Severity::warning) steps_.warning(finding.message);
    }
    if (auto error = credentials::first_error(findings)) return *std::move(error);
    return {};
  }

  Result<std::string> check_script() {
    ATCERT_TRY(std::string, nonce, new_nonce(bench_.random));
    job_.given.offered.insert_or_assign("nonce", std::move(nonce));
    ATCERT_TRY(script::Values, values, script::resolve(*job_.script, std::move(job_.given)));
    values_ = std::move(values);
    return job_.script->title;
  }

  Result<void> open() {
    return steps_.step({"identify", "open the port"}, [this]() -> Result<std::string> {
      ATCERT_TRY(auto, port, bench_.open_port());
      port_ = std::move(port);
      session_.emplace(*port_, bench_.clock, bench_.log, bench_.stop);
      hide_secrets();
      return port_->name();
    });
  }

  // All of them, before the first byte comes in.
  void hide_secrets() {
    if (job_.credentials) session_->hide(job_.credentials->key.pem);
    for (const auto& [name, value] : values_) {
      if (const Secret* secret = std::get_if<Secret>(&value)) session_->hide(*secret);
    }
  }

  Result<void> with_module() {
    ATCERT_CHECK(identify());
    if (job_.push) ATCERT_CHECK(push_credentials());
    if (job_.script) ATCERT_CHECK(verify());
    return {};
  }

  Result<void> identify() {
    return steps_.step({"identify", "read the firmware release"}, [this]() -> Result<std::string> {
      auto module = module::Module::identify(*session_);
      if (!module) return unchanged(std::move(module).error());
      module_ = std::move(*module);
      record_.module = facts_of(*module_, port_->name());
      return described(*record_.module);
    });
  }

  // A stop request waits until the credentials are in: all of them take seconds, and a part of them is of no use.
  Result<void> push_credentials() {
    if (bench_.stop.stop_requested()) return interrupted("interrupted; nothing was changed", "run it again");
    std::optional<at::Session::Uninterrupted> whole;
    if (!job_.dry_run) whole.emplace(*session_, [this] { steps_.note(kFinishingWrite); });
    ATCERT_CHECK(steps_.step({"push", "see that the firmware reads them"}, [this] { return check_reading(); }));
    const auto store = module::make_store(*module_, *session_);
    ATCERT_CHECK(push(*store, *job_.credentials, {job_.force, job_.dry_run}, steps_, record_.slots));
    if (job_.dry_run || !bench_.stop.stop_requested()) return {};
    return interrupted("interrupted; the module holds the new credentials, they were not verified",
                       "run \"atcert verify\" to prove that it reaches the cloud with them");
  }

  Result<void> verify() {
    ATCERT_TRY(const script::Plan, plan, script::prepare(job_.script, {std::move(values_), {}}, script_facts()));
    if (job_.dry_run) {
      for (const script::PlannedStep& step : plan.steps) tell_planned(step);
      return {};
    }
    verified_ = true;
    script::Outcome outcome = script::run(plan, *session_, steps_);
    for (const Error& error : outcome.cleanup) {
      steps_.note("clean-up: " + error.what);
      left_.push_back(error.what);
    }
    return std::move(outcome.result);
  }

  void tell_planned(const script::PlannedStep& planned) {
    const script::RunOptions stages;
    StepEnd end;
    end.name = {planned.cleanup ? stages.cleanup_stage : stages.stage, planned.step->name};
    end.outcome = StepEnd::Outcome::skipped;
    end.detail = "would send " + planned.command;
    steps_.step_started(end.name);
    steps_.step_ended(end);
  }

  script::ModuleFacts script_facts() const {
    script::ModuleFacts facts;
    const auto& numbers = module_->identity().release.numbers;
    std::copy(numbers.begin(), numbers.end(), facts.release.begin());
    facts.generation = name_of(module_->generation());
    facts.has_command = [this](std::string_view command) { return module_->has_command(command); };
    return facts;
  }

  // Puts the module's own settings back, also after a failure or an interrupt.
  void leave() {
    if (!module_) return;
    if (bench_.stop.stop_requested()) session_->hurry();
    const at::Session::Uninterrupted whole(*session_);
    if (const auto result = module_->restore(*session_); !result) {
      steps_.note("the module's echo and log settings could not be put back: " + result.error().what);
      left_.push_back("its echo and log settings");
    }
  }

  // Who interrupts a job must know whether the module can be used as it is.
  void tell_what_is_left(Error& error) const {
    if (left_.empty()) {
      if (verified_) error.what += "; the module was left clean";
      return;
    }
    error.what += "; not put back: ";
    for (std::size_t i = 0; i < left_.size(); ++i) error.what += (i == 0 ? "" : "; ") + left_[i];
    error.remedy = "reset the module before it is used";
  }

  static Error unchanged(Error error) {
    const bool restored = error.what.find("could not be put back") == std::string::npos;
    if (error.kind == ErrorKind::interrupted && restored) error.what += "; nothing was changed";
    return error;
  }

  static Error interrupted(std::string what, std::string remedy) {
    return {ErrorKind::interrupted, "interrupted", std::move(what), {}, std::move(remedy)};
  }

  Job job_;
  const Bench& bench_;
  Steps& steps_;
  report::Run& record_;
  script::Values values_;
  std::unique_ptr<serial::Transport> port_;
  std::optional<at::Session> session_;
  std::optional<module::Module> module_;
  bool verified_ = false;          // the script was begun
  std::vector<std::string> left_;  // what could not be put back
};

}  // namespace

report::Run run(Job job, const Bench& bench, Events& events) {
  report::Run record;
  record.command = job.command;
  record.started = bench.clock.wall();
  const SteadyTime start = bench.clock.now();
  Steps steps(record, events, bench.clock);
  if (const Result<void> result = JobRun(std::move(job), bench, steps, record).all(); !result) {
    record.error = result.error();
  }
  record.duration = std::chrono::duration_cast<Milliseconds>(bench.clock.now() - start);
  return record;
}

}  // namespace atcert::provision
