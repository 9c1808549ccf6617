// SPDX-License-Identifier: Apache-2.0
// atcert check: every offline test of the credentials and of the names used with them.
#include <memory>
#include <optional>

#include <fmt/core.h>

#include "base/json.hpp"
#include "credentials/describe.hpp"
#include "options/common.hpp"
#include "options/credentials.hpp"
#include "options/module_limits.hpp"
#include "program.hpp"
#include "report/json.hpp"
#include "view/findings.hpp"

namespace atcert::cli {
namespace {

using credentials::Credentials;
using credentials::Finding;
using credentials::Findings;
using credentials::Severity;
using nlohmann::json;

struct CheckVerb {
  UiSettings output;
  CredentialOptions credentials;
  std::optional<std::string> endpoint;
  std::optional<std::string> client_id;
  std::optional<std::string> topic;
  std::string module;
  std::string release;
  int days = 30;
};

constexpr const char* kName = "check";

json items_json(const Credentials& credentials) {
  json items = json::array();
  for (const auto& item : credentials::describe(credentials)) {
    json object{{"item", item.item}, {"source", item.source}, {"size", item.size}};
    for (const auto& [name, value] : item.facts) object[name] = value;
    items.push_back(std::move(object));
  }
  return items;
}

void print_items(Ui& ui, const Credentials& credentials) {
  for (const auto& item : credentials::describe(credentials)) {
    ui.result(Line()
                  .add(Style::strong, fmt::format("{:12}", item.item))
                  .add(fmt::format(" {} ({} bytes)", item.source, item.size)));
    for (const auto& [name, value] : item.facts) ui.result(fmt::format("  {:12} {}", name, value));
  }
  for (const std::string& change : credentials.changes) ui.result("changed: " + change);
  for (const std::string& note : credentials.notes) ui.result("note: " + note);
}

void print_finding(Ui& ui, const Finding& finding) {
  if (finding.severity == Severity::error) {
    ui.failure({ErrorKind::input, finding.code, finding.message, {}, finding.remedy});
    return;
  }
  const Style style = finding.severity == Severity::warning ? Style::warning : Style::plain;
  ui.result(Line().add(style, name_of(finding.severity)).add(": " + finding.message));
  if (!finding.remedy.empty()) ui.result("  remedy: " + finding.remedy);
}

// `verdict` is empty when there are errors.
void print_findings(Ui& ui, const Findings& findings, const std::string& verdict) {
  for (const Finding& finding : findings) print_finding(ui, finding);
  if (!verdict.empty()) ui.result(Line().add(Style::good, "ok").add(": " + verdict));
}

Result<credentials::CheckOptions> options_of(const CheckVerb& verb, const Clock& clock) {
  credentials::CheckOptions options = check_options(verb.credentials, clock);
  options.soon = std::chrono::days(verb.days);
  options.endpoint = verb.endpoint;
  options.client_id = verb.client_id;
  options.publish_topic = verb.topic;
  if (verb.module.empty()) return options;
  ATCERT_TRY(credentials::ModuleLimits, limits, module_limits(verb.module, verb.release));
  options.module = std::move(limits);
  return options;
}

// The endpoint, the client id and the topic need no credentials.
int check_names_alone(const credentials::CheckOptions& options, Ui& ui) {
  const Findings findings = credentials::check_names(options);
  const std::optional<Error> error = credentials::first_error(findings);
  if (ui.json()) {
    json document = report::document(kName, error ? &*error : nullptr);
    document["findings"] = to_json(findings);
    ui.document(document);
  }
  print_findings(ui, findings, error ? "" : "the names are good; no credentials were given");
  return error ? static_cast<int>(error->kind) : 0;
}

std::optional<image::Release> release_of(const credentials::CheckOptions& options) {
  return options.module ? std::optional(options.module->release) : std::nullopt;
}

int run_check(const CheckVerb& verb, Program& program) {
  Ui& ui = program.ui;
  ui.configure(verb.output);
  const auto options = options_of(verb, program.clock);
  if (!options) return fail(ui, kName, options.error());
  if (!verb.credentials.source.given() && options->endpoint) return check_names_alone(*options, ui);
  const auto loaded = load_credentials(verb.credentials, program, release_of(*options));
  if (!loaded) return fail(ui, kName, loaded.error());
  const Findings findings = credentials::check(*loaded, *options);
  const std::optional<Error> error = credentials::first_error(findings);
  if (ui.json()) {
    json document = report::document(kName, error ? &*error : nullptr);
    document["items"] = items_json(*loaded);
    document["changes"] = loaded->changes;
    document["notes"] = loaded->notes;
    document["findings"] = to_json(findings);
    ui.document(document);
  }
  print_items(ui, *loaded);
  print_findings(ui, findings, error ? "" : "the credentials are good");
  return error ? static_cast<int>(error->kind) : 0;
}

}  // namespace

void add_check(Verbs& verbs, Program& program) {
  verbs.add(kName, "Test credentials and the endpoint offline", [&program](Verb command) {
    const auto verb = std::make_shared<CheckVerb>();
    add_credential_options(command, verb->credentials);
    const std::string group = "Connection";
    command
        .add_option("--endpoint", verb->endpoint, "Host name of the cloud, e.g. <id>-ats.iot.<region>.amazonaws.com")
        ->option_text("HOST")
        ->group(group);
    command.add_option("--client-id", verb->client_id, "MQTT client id")->option_text("ID")->group(group);
    command.add_option("--topic", verb->topic, "Topic to publish to")->option_text("TOPIC")->group(group);
    command.add_option("--days", verb->days, "Warn of what expires within this many days")
        ->option_text("N [30]")
        ->range(0, 36500)
        ->group("Credentials");
    command.add_option("--module", verb->module, "Module that the credentials are for, e.g. ESP32-C3-MINI-1")
        ->option_text("NAME")
        ->group("Module");
    command.add_option("--release", verb->release, "Its firmware release (default: the newest)")
        ->needs("--module")
        ->option_text("X.Y.Z.W")
        ->group("Module");
    add_output_options(command, verb->output);
    command.on_chosen([verb, &program] { return run_check(*verb, program); });
  });
}

}  // namespace atcert::cli
