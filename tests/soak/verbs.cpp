// SPDX-License-Identifier: Apache-2.0
#include "soak/verbs.hpp"

#include <algorithm>

namespace atcert::soak {
namespace {

const std::vector<std::string> kModule = {"--module", "ESP32-C3-MINI-1"};
const std::vector<Output> kJobOutputs = {{"dialogue.log", OutputKind::report, "--log"},
                                         {"steps.xml", OutputKind::report, "--junit"}};

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// Short waits, so that a module that says nothing costs seconds.
std::vector<std::string> job(std::vector<std::string> arguments) {
  return joined(std::move(arguments), {"--json", "-p", "@port"});
}

std::vector<std::string> connecting(std::vector<std::string> arguments) {
  return joined(job(std::move(arguments)), {"--endpoint", kEndpoint, "--wifi-ssid", kNetwork, "--wifi-password-file",
                                            "@wifi.txt", "--set", "wifi_timeout=5", "--set", "sntp_attempts=2", "--set",
                                            "connect_timeout=5", "--set", "message_timeout=5"});
}

std::vector<Verb> all_verbs() {
  const auto ms = [](int count) { return Milliseconds(count); };
  return {
      {"check", {"check", "--creds", "@creds", "--json"}, {}, false, false, ms(10)},
      {"check --online",
       {"check", "--creds", "@creds", "--endpoint", kEndpoint, "--online", "--broker", "@broker", "--json"},
       {},
       false,
       false,
       ms(150)},
      {"build",
       joined({"build", "--creds", "@creds"}, kModule),
       {{"out", OutputKind::set, "-o"}},
       false,
       false,
       ms(15)},
      {"build --manifest",
       joined({"build", "--manifest", "@units.csv"}, kModule),
       {{"out", OutputKind::sets, "-o"}},
       false,
       false,
       ms(25)},
      {"build --into",
       {"build", "--creds", "@creds", "--into", "@factory.bin"},
       {{"patched.bin", OutputKind::key_file, "-o"}},
       false,
       false,
       ms(20)},
      {"inspect", {"inspect", "@factory.bin"}, {{"items", OutputKind::items, "--extract"}}, false, false, ms(15)},
      {"push", job({"push", "--creds", "@creds"}), kJobOutputs, true, false, ms(150)},
      {"info", job({"info"}), kJobOutputs, true, false, ms(150)},
      {"verify", connecting({"verify"}), kJobOutputs, true, false, ms(300)},
      {"verify --observe",
       joined(connecting({"verify"}), {"--observe", "--observer-creds", "@creds", "--observer-broker", "@broker"}),
       kJobOutputs, true, false, ms(400)},
      {"provision", connecting({"provision", "--creds", "@creds"}), kJobOutputs, true, false, ms(400)},
      {"emulate",
       {"emulate", "--wifi-password-file", "@wifi.txt"},
       {{"link", OutputKind::link, "--link"}, {"flash.bin", OutputKind::key_file, "--flash"}},
       false,
       true,
       ms(100)},
      {"demo", {"demo"}, {}, false, false, ms(1500)},
      {"explain", {"explain", "--json"}, {}, false, false, ms(10)},
      {"version", {"version", "--json"}, {}, false, false, ms(5)},
      {"help", {"--help"}, {}, false, false, ms(5)},
  };
}

}  // namespace

std::vector<std::string> Verb::arguments_in(const Scene& scene) const {
  std::vector<std::string> all;
  for (const auto& argument : arguments) {
    if (argument == "@broker") {
      all.push_back(scene.broker());
    } else {
      all.push_back(argument.starts_with('@') ? scene.at(argument.substr(1)) : argument);
    }
  }
  for (const auto& output : outputs) {
    all.push_back(output.option);
    all.push_back(scene.at(output.name));
  }
  return all;
}

bool Verb::prints_json() const {
  return std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
}

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all = all_verbs();
  return all;
}

}  // namespace atcert::soak
