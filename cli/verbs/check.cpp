// SPDX-License-Identifier: Apache-2.0
// atcert check: every offline test of the credentials and of the names used with them, and what this machine sees of
// the cloud with them.
#include <memory>
#include <optional>

#include <fmt/core.h>

#include "base/json.hpp"
#include "cloud/probe_failure.hpp"
#include "credentials/describe.hpp"
#include "options/common.hpp"
#include "options/credentials.hpp"
#include "options/module_limits.hpp"
#include "options/online.hpp"
#include "program.hpp"
#include "report/json.hpp"
#include "view/findings.hpp"
#include "view/probe.hpp"

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
  OnlineOptions online;
};

// What there is to tell, and with what it ends.
struct Checked {
  const Credentials* credentials = nullptr;  // null: the names alone
  Findings findings;
  std::optional<cloud::Probe> seen;
  std::optional<Error> error;
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

std::optional<image::Release> release_of(const credentials::CheckOptions& options) {
  return options.module ? std::optional(options.module->release) : std::nullopt;
}

// Only what is good offline is tried online.
Result<void> look_online(const CheckVerb& verb, Program& program, Checked& checked) {
  ATCERT_TRY(const cloud::Server, server, server_of(verb.online, verb.endpoint));
  ATCERT_TRY(const cloud::ProbeOptions, options, probe_options(verb.online, verb.client_id));
  program.ui.show_live(fmt::format("looking at {}, port {}", server.host, server.port));
  auto seen = cloud::probe(server, checked.credentials, options, program.clock, program.stop);
  program.ui.clear_live();
  if (!seen) return std::move(seen).error();
  checked.seen = std::move(*seen);
  checked.error = cloud::failure_of(*checked.seen, checked.credentials);
  return {};
}

json document_of(const Checked& checked) {
  json document = report::document(kName, checked.error ? &*checked.error : nullptr);
  if (checked.credentials != nullptr) {
    document["items"] = items_json(*checked.credentials);
    document["changes"] = checked.credentials->changes;
    document["notes"] = checked.credentials->notes;
  }
  document["findings"] = to_json(checked.findings);
  if (checked.seen) document["online"] = to_json(*checked.seen);
  return document;
}

std::string verdict_of(const Checked& checked) {
  const bool has_credentials = checked.credentials != nullptr;
  if (!checked.seen) {
    return has_credentials ? "the credentials are good" : "the names are good; no credentials were given";
  }
  const std::string& host = checked.seen->server.host;
  if (!has_credentials) return host + " answers; no credentials were given to try";
  const bool is_connected = checked.seen->mqtt.stage == cloud::Stage::passed;
  return fmt::format("the credentials are good, and {} takes them{}", host,
                     is_connected ? "" : ", as far as TLS tells");
}

int show(const Checked& checked, Ui& ui) {
  if (ui.json()) ui.document(document_of(checked));
  if (checked.credentials != nullptr) print_items(ui, *checked.credentials);
  if (checked.seen) print_probe(ui, *checked.seen);
  for (const Finding& finding : checked.findings) print_finding(ui, finding);
  if (!checked.error) {
    ui.result(Line().add(Style::good, "ok").add(": " + verdict_of(checked)));
    return 0;
  }
  if (checked.seen) ui.failure(*checked.error);  // what is wrong offline was told with the findings
  return static_cast<int>(checked.error->kind);
}

int run_check(const CheckVerb& verb, Program& program) {
  Ui& ui = program.ui;
  ui.configure(verb.output);
  const auto options = options_of(verb, program.clock);
  if (!options) return fail(ui, kName, options.error());
  if (verb.online.online) {
    if (const auto server = server_of(verb.online, verb.endpoint); !server) return fail(ui, kName, server.error());
  }
  Checked checked;
  std::optional<Credentials> credentials;
  if (verb.credentials.source.given() || !options->endpoint) {
    auto loaded = load_credentials(verb.credentials, program, release_of(*options));
    if (!loaded) return fail(ui, kName, loaded.error());
    credentials = std::move(*loaded);
    checked.credentials = &*credentials;
  }
  // The endpoint, the client id and the topic need no credentials.
  checked.findings = credentials ? credentials::check(*credentials, *options) : credentials::check_names(*options);
  checked.error = credentials::first_error(checked.findings);
  if (verb.online.online && !checked.error) {
    if (const auto looked = look_online(verb, program, checked); !looked) return fail(ui, kName, looked.error());
  }
  return show(checked, ui);
}

}  // namespace

void add_check(Verbs& verbs, Program& program) {
  verbs.add(kName, "Test credentials and the endpoint, offline or online", [&program](Verb command) {
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
    add_online_options(command, verb->online);
    add_output_options(command, verb->output);
    command.on_chosen([verb, &program] { return run_check(*verb, program); });
  });
}

}  // namespace atcert::cli
