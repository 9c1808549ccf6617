// SPDX-License-Identifier: Apache-2.0
#include "options/common.hpp"

#include <cstdlib>
#include <map>
#include <vector>

#include "base/json.hpp"
#include "report/json.hpp"
#include "serial/port_list.hpp"
#include "serial/port_name.hpp"

namespace atcert::cli {
namespace {

// Ports that are built in (/dev/ttyS0) are there on every computer and seldom lead anywhere.
Result<std::vector<std::string>> usb_ports() {
  ATCERT_TRY(const auto, ports, serial::list_ports());
  std::vector<std::string> names;
  for (const serial::PortInfo& port : ports) {
    if (port.usb) names.push_back(port.name);
  }
  return names;
}

// Empty: none is named.
std::string named_port(const PortOptions& options) {
  if (!options.port.empty()) return options.port;
  for (const char* name : {"ATCERT_PORT", "ESPTOOL_PORT"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  }
  return {};
}

}  // namespace

void add_output_options(Verb& verb, UiSettings& settings) {
  static const std::map<std::string, ColorMode> kModes{
      {"auto", ColorMode::automatic}, {"always", ColorMode::always}, {"never", ColorMode::never}};
  const std::string group = "Output";
  verb.add_flag("--json", settings.json, "One JSON document on stdout, nothing else there")->group(group);
  verb.add_flag("-q,--quiet", settings.quiet, "On stderr, say only warnings and errors")->group(group);
  verb.add_flag("-v,--verbose", settings.verbosity, "Say more; -vv shows the AT dialogue of a job")->group(group);
  verb.add_choice("--color", settings.color, kModes, "Colours: auto, always or never (NO_COLOR is honoured)")
      ->option_text("WHEN")
      ->group(group);
}

void add_port_options(Verb& verb, PortOptions& options) {
  verb.add_option("-p,--port", options.port,
                  "Port of the module: a device, socket://HOST:PORT or rfc2217://HOST:PORT (env ATCERT_PORT, "
                  "ESPTOOL_PORT; default: the only one there)")
      ->option_text("PORT")
      ->group("Module");
  verb.add_option("-b,--baud", options.baud, "Baud rate (env ATCERT_BAUD)")
      ->option_text("RATE [115200]")
      ->range(80, 5000000)
      ->envname("ATCERT_BAUD")
      ->group("Module");
}

Result<void> check_port(const PortOptions& options) {
  ATCERT_CHECK(serial::parse_port_name(named_port(options)));
  return {};
}

Result<std::string> chosen_port(const PortOptions& options) {
  if (std::string name = named_port(options); !name.empty()) return name;
  ATCERT_TRY(const auto, ports, usb_ports());
  if (ports.size() == 1) return ports.front();
  std::string names;
  for (const std::string& port : ports) names += " " + port;
  return Error{ErrorKind::usage,
               "no_port",
               ports.empty() ? "no port was named, and no USB serial port is there"
                             : "no port was named, and there are several:" + names,
               {},
               "name the port of the module with --port"};
}

int fail(Ui& ui, const std::string& command, const Error& error) {
  if (ui.json()) ui.document(report::document(command, &error));
  ui.failure(error);
  return static_cast<int>(error.kind);
}

}  // namespace atcert::cli
