// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <map>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "report/json.hpp"

namespace atcert::cli {
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

int fail(Ui& ui, const std::string& command, const Error& error) {
  if (ui.json()) ui.document(report::document(command, &error));
  ui.failure(error);
  return static_cast<int>(error.kind);
}

}  // namespace atcert::cli
