// SPDX-License-Identifier: Apache-2.0
// atcert emulate: an ESP-AT module on a pseudo-terminal, until Ctrl-C.
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <fmt/core.h>

#include "base/json.hpp"
#include "emulator/firmware_release.hpp"
#include "emulator/host.hpp"
#include "emulator/uart.hpp"
#include "options/address.hpp"
#include "options/common.hpp"
#include "options/script.hpp"
#include "program.hpp"
#include "report/json.hpp"

namespace atcert::cli {
namespace {

using emulator::Options;

constexpr const char* kVerb = "emulate";

struct EmulateFlags {
  UiSettings ui;
  std::string module = "ESP32-WROOM-32";
  std::optional<image::Generation> generation;
  std::string release;
  std::string broker;
  std::vector<std::string> resolved;
  std::vector<std::string> unresolved;
  std::string ssid = "atcert";
  std::string password_file;
  std::vector<std::string> faults;
  bool list_faults = false;
  int baud_rate = 0;  // 0: as its flash says
  emulator::HostOptions host;
};

Error usage_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::usage, std::move(code), std::move(what), {}, std::move(remedy)};
}

// The generation follows from the release, and the other way round.
Result<void> choose_firmware(const EmulateFlags& flags, Options& options) {
  options.generation = flags.generation.value_or(image::Generation::nvs);
  options.release = emulator::default_release(options.generation);
  if (flags.release.empty()) return {};
  ATCERT_TRY(image::Release, release, image::parse_release(flags.release));
  options.release = release;
  if (!flags.generation) options.generation = image::generation_of(release);
  return {};
}

Result<emulator::BrokerAddress> broker_address(const std::string& text, const std::string& given) {
  ATCERT_TRY(Address, address, parse_address(text, given));
  return emulator::BrokerAddress{std::move(address.host), address.port};
}

Result<void> choose_names(const EmulateFlags& flags, Options& options) {
  options.unresolved = flags.unresolved;
  for (const std::string& text : flags.resolved) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return usage_error("resolve_name", fmt::format("--resolve {}: not of the form NAME=HOST:PORT", text),
                         "give it as broker.example=127.0.0.1:8883, for example");
    }
    ATCERT_TRY(emulator::BrokerAddress, address, broker_address(text.substr(equals + 1), "--resolve " + text));
    options.resolved.push_back({text.substr(0, equals), std::move(address)});
  }
  if (flags.broker.empty()) return {};
  ATCERT_TRY(emulator::BrokerAddress, broker, broker_address(flags.broker, "--broker " + flags.broker));
  options.broker = std::move(broker);
  return {};
}

Result<void> choose_faults(const EmulateFlags& flags, Options& options) {
  for (const std::string& text : flags.faults) {
    ATCERT_TRY(const emulator::ChosenFault, chosen, emulator::parse_fault(text));
    options.faults.add(chosen);
  }
  return {};
}

Result<Options> read_options(const EmulateFlags& flags) {
  Options options;
  options.module = flags.module;
  if (flags.baud_rate != 0) options.baud_rate = flags.baud_rate;
  ATCERT_CHECK(choose_firmware(flags, options));
  ATCERT_CHECK(choose_names(flags, options));
  ATCERT_CHECK(choose_faults(flags, options));
  // Without one the network in the air is open.
  ATCERT_TRY(Secret, password, wifi_password(flags.password_file));
  options.access_points.push_back({flags.ssid, std::move(password)});
  return options;
}

nlohmann::json describe(const emulator::FaultArgument& argument) {
  if (argument.placeholder.empty()) return nullptr;
  nlohmann::json described{{"name", argument.placeholder}};
  if (argument.words.empty()) {
    described.update({{"default", argument.usual}, {"min", argument.least}, {"max", argument.most}});
    return described;
  }
  described["choices"] = nlohmann::json::array();
  for (const std::string_view word : argument.words) described["choices"].push_back(word);
  described["default"] = argument.words[static_cast<std::size_t>(argument.usual)];
  return described;
}

// "busy[=N]" with "N is 4 if none is given".
int list_faults(Ui& ui) {
  nlohmann::json document = report::document(kVerb, nullptr);
  document["faults"] = nlohmann::json::array();
  for (const emulator::FaultRow& row : emulator::fault_table()) {
    const emulator::FaultArgument& argument = row.argument;
    std::string name(row.name);
    std::string help(row.help);
    if (!argument.placeholder.empty()) {
      name += fmt::format("[={}]", argument.placeholder);
      help += argument.words.empty() ? fmt::format(" [{}]", argument.usual)
                                     : fmt::format(" [{}]", argument.words[static_cast<std::size_t>(argument.usual)]);
    }
    ui.result(fmt::format("{:<24} {}", name, help));
    document["faults"].push_back({{"name", row.name}, {"argument", describe(argument)}, {"help", row.help}});
  }
  if (ui.json()) ui.document(document);
  return 0;
}

nlohmann::json describe(const EmulateFlags& flags, const Options& options) {
  nlohmann::json document = report::document(kVerb, nullptr);
  document["link"] = flags.host.link;
  document["module"] = options.module;
  document["release"] = to_string(options.release);
  document["generation"] = name_of(options.generation);
  document["ssid"] = flags.ssid;
  return document;
}

void announce(Ui& ui, const EmulateFlags& flags, nlohmann::json module, const std::string& port) {
  ui.result(port);
  const std::string link = flags.host.link.empty() ? "" : fmt::format(" ({})", flags.host.link);
  ui.say(fmt::format("{} with ESP-AT {} on {}{}, until Ctrl-C", module["module"].get<std::string>(),
                     module["release"].get<std::string>(), port, link));
  ui.say(fmt::format("the network in the air is \"{}\"", flags.ssid));
  module["port"] = port;
  if (ui.json()) ui.document(module);
}

int emulate(Program& program, const EmulateFlags& flags) {
  program.ui.configure(flags.ui);
  if (flags.list_faults) return list_faults(program.ui);
  auto options = read_options(flags);
  if (!options) return fail(program.ui, kVerb, options.error());
  nlohmann::json module = describe(flags, *options);
  const auto hold = program.undertakings.begin("remove the link of --link, if there is one");
  auto host = emulator::Host::open(std::move(*options), flags.host);
  if (!host) return fail(program.ui, kVerb, host.error());
  announce(program.ui, flags, std::move(module), (*host)->port());
  const auto end = (*host)->run(program.stop);
  if (end) return 0;
  program.ui.failure(end.error());
  return static_cast<int>(end.error().kind);
}

void add_module_options(Verb& verb, EmulateFlags& flags) {
  static const std::map<std::string, image::Generation> kGenerations{{"pki", image::Generation::pki},
                                                                     {"nvs", image::Generation::nvs}};
  const std::string group = "Module";
  verb.add_option("--module", flags.module, "What module it is")->option_text("NAME [ESP32-WROOM-32]")->group(group);
  verb.add_option("--release", flags.release, "ESP-AT release (default: 2.4.0.0 for pki, 4.1.1.0 for nvs)")
      ->option_text("X.Y.Z.W")
      ->group(group);
  verb.add_choice("--generation", flags.generation, kGenerations,
                  "Where it keeps credentials: pki or nvs (default: as the release does)")
      ->option_text("KIND")
      ->group(group);
  verb.add_option("--flash", flags.host.flash_file, "Keep its flash in this file (default: forget it at the end)")
      ->option_text("FILE")
      ->group(group);
  verb.add_option("--fault", flags.faults, "Something that it does wrong; may be given again")
      ->allow_extra_args(false)
      ->option_text("NAME[=ARG]")
      ->group(group);
  verb.add_flag("--list-faults", flags.list_faults, "Name the faults there are and their arguments, and end")
      ->group(group);
}

void add_world_options(Verb& verb, EmulateFlags& flags) {
  const std::string line = "Port";
  verb.add_option("--link", flags.host.link, "Make a symbolic link to the port while it is there")
      ->option_text("PATH")
      ->group(line);
  verb.add_option("--baud", flags.baud_rate, "Its baud rate at the start, as AT+UART_DEF sets it (default: 115200)")
      ->range(emulator::kMinBaudRate, 5000000)
      ->option_text("RATE")
      ->group(line);
  verb.add_option("--pace", flags.host.pace,
                  "As slow as a line of this baud rate, or of the one that AT+UART_CUR has set (default: as fast as it "
                  "goes)")
      ->range(300, 5000000)
      ->option_text("RATE")
      ->group(line);
  const std::string group = "Network";
  verb.add_option("--broker", flags.broker, "Where every connection goes, whatever name it is for")
      ->option_text("HOST:PORT")
      ->group(group);
  verb.add_option("--resolve", flags.resolved, "Where connections for this name go instead; may be given again")
      ->allow_extra_args(false)
      ->option_text("NAME=HOST:PORT")
      ->group(group);
  verb.add_option("--no-dns", flags.unresolved, "A name that does not resolve; may be given again")
      ->allow_extra_args(false)
      ->option_text("NAME")
      ->group(group);
  verb.add_option("--wifi-ssid", flags.ssid, "The network in the air")->option_text("SSID [atcert]")->group(group);
  verb.add_option("--wifi-password-file", flags.password_file,
                  "File with its password, - for stdin (env ATCERT_WIFI_PASSWORD; without one it is open)")
      ->option_text("FILE")
      ->group(group);
}

}  // namespace

void add_emulate(Verbs& verbs, Program& program) {
  verbs.add(kVerb, "An emulated ESP-AT module on a pseudo-terminal, until Ctrl-C", [&program](Verb verb) {
    const auto flags = std::make_shared<EmulateFlags>();
    add_module_options(verb, *flags);
    add_world_options(verb, *flags);
    add_output_options(verb, flags->ui);
    verb.on_chosen([&program, flags] { return emulate(program, *flags); });
  });
}

}  // namespace atcert::cli
