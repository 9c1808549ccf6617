// SPDX-License-Identifier: Apache-2.0
#include "provision/diagnose.hpp"

#include <algorithm>
#include <utility>

#include "diagnosis/engine.hpp"
#include "diagnosis/gather.hpp"
#include "diagnosis/given.hpp"

namespace atcert::provision {
namespace {

using diagnosis::Confidence;
using diagnosis::Evidence;
using diagnosis::Verdict;

constexpr const char* kStage = "diagnose";
constexpr const char* kWriteRefused = "write_refused";  // module/nvs_store.cpp, pki_store.cpp
constexpr const char* kBeforeThePort = "port";

// Bad input, wrong usage, an interrupt and bugs of ours say all of themselves.
bool is_for_diagnosis(const Error& error) {
  return error.kind == ErrorKind::no_module || error.kind == ErrorKind::module || error.kind == ErrorKind::network ||
         error.kind == ErrorKind::cloud;
}

diagnosis::Identity identity_of(const Context& context) {
  diagnosis::Identity identity = context.witness.module();
  if (!context.module) return identity;
  const module::Module& module = *context.module;
  identity.release = module.identity().release;
  identity.chip = module.identity().chip;
  identity.generation = name_of(module.generation());
  return identity;
}

// Where the script does not ask for the command, only the release tells: AT+MQTTSNI came with 3.3.
void add_commands(const script::ModuleFacts& module, diagnosis::Identity& identity) {
  constexpr image::Release kFirstWithSni{{3, 3, 0, 0}};
  const bool sni = module.has_command("AT+MQTTSNI");
  if (sni || identity.release < kFirstWithSni) identity.sends_sni = sni;
  identity.sends_alpn = module.has_command("AT+MQTTALPN");
}

// What is known without asking anybody.
Evidence seen(const Context& context, const Error& error) {
  Evidence evidence;
  const auto& refused = context.witness.refused_write();
  evidence.symptom = error.code == kWriteRefused && refused ? *refused : context.witness.symptom();
  if (!context.line) evidence.symptom.at = kBeforeThePort;
  evidence.symptom.failure = error.code;
  evidence.dialogue = context.witness.dialogue();
  evidence.module = identity_of(context);
  return evidence;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

void ask_module(Context& context, Failure& failure) {
  const auto due = [&](const diagnosis::Question& question) { return is_due(question, failure.evidence); };
  const auto table = diagnosis::questions();
  if (std::none_of(table.begin(), table.end(), due)) return;
  const auto ask = [&]() -> Result<std::string> {
    auto gathered = diagnosis::gather({context.line->session, *context.module, context.checked.credentials.get()},
                                      table, failure.evidence);
    failure.contents = std::move(gathered.contents);
    // That the Wi-Fi is lost may be said after what broke with it.
    failure.evidence.dialogue = context.witness.dialogue();
    return "asked for " + listed(gathered.asked);
  };
  (void)context.steps.step({kStage, "ask the module"}, ask);
}

// Its own look would tell nothing of a module that has not come so far, or has lost its network on the way.
bool is_about_cloud(const Evidence& evidence) {
  return evidence.symptom.at.starts_with("AT+MQTT") && evidence.symptom.codes.empty() && !evidence.dialogue.wifi_lost;
}

void add_aws(const Context& context, const std::optional<diagnosis::CertificateDescription>& described,
             Evidence& evidence) {
  if (!described) return;
  evidence.aws.status = described->status;
  evidence.aws.mode = described->mode;
  std::optional<std::string> id = evidence.stored.certificate_id;
  if (!id && context.checked.credentials) id = context.checked.credentials->certificate.first().fingerprint;
  if (id) evidence.aws.same = *id == described->id;
}

// What the observer has heard of AWS's own events.
void add_events(const report::Run& record, Evidence& evidence) {
  if (!record.observer) return;
  for (const report::ObserverEvent& event : record.observer->events) {
    if (event.event == "connect_failed") evidence.aws.connect_failure = event.reason;
    if (event.event == "disconnected") evidence.aws.disconnect_cause = event.reason;
  }
}

report::Cause cause_of(const Verdict& verdict) {
  return {verdict.code, verdict.title,   std::string(name_of(verdict.confidence)), verdict.cause, verdict.remedy,
          verdict.tell, verdict.evidence};
}

// Words of who met the failure are kept where they are about the same, or surer.
bool has_own_words(const Error& error, const Failure& failure, const Verdict& first) {
  if (error.cause.empty() || failure.plain) return false;
  return failure.told || error.code == first.code || first.confidence == Confidence::possible;
}

void take(const Verdict& first, const Failure& failure, Error& error) {
  if (has_own_words(error, failure, first)) return;
  error.code = first.code;
  error.kind = first.kind.value_or(error.kind);
  error.cause = (first.confidence == Confidence::possible ? "possibly: " : "") + first.cause;
  error.remedy = first.remedy;
}

// The step that failed says why, too.
void tell_step(report::Run& record, const std::string& what, const Error& error) {
  const auto failed = std::find_if(record.steps.rbegin(), record.steps.rend(), [&](const StepEnd& step) {
    return step.outcome == StepEnd::Outcome::failed && step.error.what == what;
  });
  if (failed != record.steps.rend()) failed->error = error;
}

void conclude(const Failure& failure, report::Run& record) {
  const auto verdicts = diagnosis::diagnose(failure.evidence, diagnosis::rules());
  for (const Verdict& verdict : verdicts) record.causes.push_back(cause_of(verdict));
  if (verdicts.empty()) return;
  take(verdicts.front(), failure, *record.error);
  tell_step(record, record.error->what, *record.error);
}

}  // namespace

void ask_why(Context& context, const script::Plan& plan, const script::Failed& failed) {
  if (!is_for_diagnosis(failed.error)) return;
  Failure& failure = context.failure.emplace();
  failure.evidence = seen(context, failed.error);
  // The causes are of what a module does with a command; of what the observer did its step knows more.
  if (failed.step.observer) failure.evidence.symptom = {};
  failure.evidence.given = diagnosis::given_evidence(plan.values);
  add_commands(plan.module, failure.evidence.module);
  failure.told = failed.told;
  failure.plain = !failure.told && failed.error.code == failed.step.failure.code;
  ask_module(context, failure);
}

Part diagnose(Informants informants) {
  const auto run = [informants = std::move(informants)](Context& context) -> Result<void> {
    if (!is_for_diagnosis(*context.record.error)) return {};
    const bool asked = context.failure.has_value();
    if (!asked) context.failure.emplace().evidence = seen(context, *context.record.error);
    Failure& failure = *context.failure;
    failure.evidence.given = diagnosis::given_evidence(context.checked.values);
    if (!asked && context.module && context.record.error->kind == ErrorKind::module) ask_module(context, failure);
    if (informants.host && is_about_cloud(failure.evidence)) look_from_host(*informants.host, context, failure);
    add_aws(context, informants.described, failure.evidence);
    add_events(context.record, failure.evidence);
    conclude(failure, context.record);
    return {};
  };
  return {Part::When::failed, run};
}

}  // namespace atcert::provision
