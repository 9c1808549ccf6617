// SPDX-License-Identifier: Apache-2.0
#include "report/json.hpp"

#include <ctime>
#include <utility>

#include <fmt/core.h>

#include "base/json.hpp"

namespace atcert::report {
namespace {

using nlohmann::json;

constexpr int kSchema = 1;

const char* name_of(StepEnd::Outcome outcome) {
  switch (outcome) {
    case StepEnd::Outcome::passed:
      return "passed";
    case StepEnd::Outcome::failed:
      return "failed";
    case StepEnd::Outcome::skipped:
      return "skipped";
  }
  return "failed";
}

json step_json(const StepEnd& step) {
  json object{{"stage", step.name.stage},
              {"step", step.name.step},
              {"outcome", name_of(step.outcome)},
              {"duration_ms", step.duration.count()}};
  if (!step.detail.empty()) object["detail"] = step.detail;
  if (step.outcome == StepEnd::Outcome::failed) object["error"] = to_json(step.error);
  return object;
}

json credentials_json(const CredentialFacts& facts) {
  return {{"subject", facts.subject},    {"issuer", facts.issuer},         {"key", facts.key},
          {"sha256", facts.fingerprint}, {"not_before", facts.not_before}, {"not_after", facts.not_after},
          {"ca", facts.authority}};
}

json module_json(const ModuleFacts& facts) {
  json object{{"port", facts.port}, {"chip", facts.chip},         {"release", facts.release},
              {"name", facts.name}, {"firmware", facts.firmware}, {"generation", facts.generation}};
  if (!facts.mac.empty()) object["mac"] = facts.mac;
  return object;
}

json slot_json(const SlotFacts& slot) {
  json object{{"slot", slot.slot}, {"size", slot.size}, {"state", slot.state}};
  const std::pair<const char*, const std::string&> facts[] = {
      {"problem", slot.problem},           {"subject", slot.subject},     {"sha256", slot.fingerprint},
      {"not_before", slot.not_before},     {"not_after", slot.not_after}, {"key", slot.key},
      {"key_sha256", slot.key_fingerprint}};
  for (const auto& [name, value] : facts) {
    if (!value.empty()) object[name] = value;
  }
  return object;
}

json cause_json(const Cause& cause) {
  return {{"code", cause.code},     {"title", cause.title}, {"confidence", cause.confidence}, {"cause", cause.cause},
          {"remedy", cause.remedy}, {"tell", cause.tell},   {"evidence", cause.evidence}};
}

template <typename Items, typename ToJson>
json array_of(const Items& items, ToJson to) {
  json array = json::array();
  for (const auto& item : items) array.push_back(to(item));
  return array;
}

json event_json(const ObserverEvent& event) {
  json object{{"event", event.event}, {"client_id", event.client_id}};
  if (!event.reason.empty()) object["reason"] = event.reason;
  if (!event.principal.empty()) object["principal"] = event.principal;
  return object;
}

json observer_json(const ObserverFacts& observer) {
  return {{"client_id", observer.client_id},
          {"hears_events", observer.hears_events},
          {"events", array_of(observer.events, event_json)}};
}

}  // namespace

json document(const std::string& command, const Error* error) {
  json head{{"schema", kSchema}, {"command", command}};
  head["exit"] = {{"code", error != nullptr ? static_cast<int>(error->kind) : 0},
                  {"name", error != nullptr ? atcert::name_of(error->kind) : "ok"}};
  if (error != nullptr) head["error"] = to_json(*error);
  return head;
}

json to_json(const Error& error) {
  json object{{"kind", atcert::name_of(error.kind)}, {"code", error.code}, {"what", error.what}};
  if (!error.cause.empty()) object["cause"] = error.cause;
  if (!error.remedy.empty()) object["remedy"] = error.remedy;
  return object;
}

json to_json(const Finding& finding) {
  return {
      {"severity", finding.severity}, {"code", finding.code}, {"message", finding.message}, {"remedy", finding.remedy}};
}

json to_json(const Run& run) {
  json object = document(run.command, run.error ? &*run.error : nullptr);
  object["started"] = iso_time(run.started);
  object["duration_ms"] = run.duration.count();
  if (run.credentials) object["credentials"] = credentials_json(*run.credentials);
  if (run.module) object["module"] = module_json(*run.module);
  if (run.observer) object["observer"] = observer_json(*run.observer);
  object["slots"] = array_of(run.slots, slot_json);
  object["findings"] = array_of(run.findings, [](const Finding& finding) { return to_json(finding); });
  object["notes"] = run.notes;
  if (run.key_fits_certificate) object["key_fits_certificate"] = *run.key_fits_certificate;
  object["not_put_back"] = run.left;
  if (!run.causes.empty()) object["diagnosis"] = array_of(run.causes, cause_json);
  object["steps"] = array_of(run.steps, step_json);
  return object;
}

std::string iso_time(WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

}  // namespace atcert::report
