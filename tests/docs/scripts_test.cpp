// SPDX-License-Identifier: Apache-2.0
// Runs what docs/scripts.md tells its readers to run, as it stands there.
#include <algorithm>

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "docs/document.hpp"

namespace atcert::test {
namespace {

// Members of a step that the text says is in the templates.
void check_in_templates(Workshop& workshop, const Block& block) {
  const auto members = nlohmann::json::parse("{" + block.text + "}");
  const auto& script = workshop.sh("cat mine.json");
  const auto steps = nlohmann::json::parse(script.out, nullptr, true, true)["steps"];
  const bool found = std::any_of(steps.begin(), steps.end(), [&](const nlohmann::json& step) {
    nlohmann::json changed = step;
    changed.update(members);
    return changed == step;
  });
  CHECK(found);
}

}  // namespace

TEST_CASE("the commands of docs/scripts.md do what it says") {
  Workshop workshop;
  workshop.sh("atcert push --creds ./device-42 --port /dev/ttyUSB0");  // for the scripts that need credentials
  REQUIRE(workshop.last().exit_code == 0);
  const std::vector<Entry> entries = {
      {"atcert verify --script aws-iot ...                     # built in, and the default", runs()},
      {"// Joins Wi-Fi and looks a name up. Needs no credentials and no broker.", is_file("wifi-dns.json")},
      {"$ atcert verify --port ./module --script wifi-dns.json --wifi-ssid line --wifi-password-file wifi.txt "
       "--dry-run",
       session()},
      {R"("send": "AT+MQTTCONN=0,${endpoint|quoted},${port},0",)", check_in_templates},
  };
  check_document("docs/scripts.md", entries, workshop);
}

}  // namespace atcert::test
