// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <map>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace atcert::cli {
namespace {

constexpr int kJsonSchema = 1;

}  // namespace

void add_output_options(CLI::App& verb, UiSettings& settings) {
  static const std::map<std::string, ColorMode> kModes{
      {"auto", ColorMode::automatic}, {"always", ColorMode::always}, {"never", ColorMode::never}};
  const std::string group = "Output";
  verb.add_flag("--json", settings.json, "One JSON document on stdout, nothing else there")->group(group);
  verb.add_flag("-q,--quiet", settings.quiet, "Say only warnings and errors")->group(group);
  verb.add_flag("-v,--verbose", settings.verbosity, "Say more; twice: the AT dialogue too")->group(group);
  verb.add_option("--color", settings.color, "Colours: auto, always or never (NO_COLOR is honoured)")
      ->transform(CLI::CheckedTransformer(kModes))
      ->option_text("WHEN")
      ->group(group);
}

void add_port_options(CLI::App& verb, PortOptions& options) {
  verb.add_option("-p,--port", options.port,
                  "Serial port of the module (env ATCERT_PORT, ESPTOOL_PORT; default: the only one there)")
      ->option_text("PORT")
      ->group("Module");
  verb.add_option("-b,--baud", options.baud, "Baud rate (env ATCERT_BAUD)")
      ->option_text("RATE [115200]")
      ->check(CLI::Range(80U, 5000000U))
      ->envname("ATCERT_BAUD")
      ->group("Module");
}

nlohmann::json json_error(const Error& error) {
  nlohmann::json json{{"kind", name_of(error.kind)}, {"code", error.code}, {"what", error.what}};
  if (!error.cause.empty()) json["cause"] = error.cause;
  if (!error.remedy.empty()) json["remedy"] = error.remedy;
  return json;
}

nlohmann::json json_document(const std::string& command, const Error* error) {
  nlohmann::json document{{"schema", kJsonSchema}, {"command", command}};
  document["exit"] = {{"code", error != nullptr ? static_cast<int>(error->kind) : 0},
                      {"name", error != nullptr ? name_of(error->kind) : "ok"}};
  if (error != nullptr) document["error"] = json_error(*error);
  return document;
}

int fail(Ui& ui, const std::string& command, const Error& error) {
  if (ui.json()) ui.document(json_document(command, &error));
  ui.failure(error);
  return static_cast<int>(error.kind);
}

}  // namespace atcert::cli
