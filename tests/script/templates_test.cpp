// SPDX-License-Identifier: Apache-2.0
#include "script/templates.hpp"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "base/embedded.hpp"
#include "base/json.hpp"
#include "script/fields.hpp"
#include "script/scripts.hpp"
#include "support/require.hpp"

namespace atcert::script {
namespace {

Given given() {
  Given result;
  result.named.emplace("endpoint", "a1b2c3-ats.iot.eu-central-1.amazonaws.com");
  result.named.emplace("wifi_ssid", "lab, 2nd \"floor\"");
  result.named.emplace("wifi_password", Secret(std::string_view("hunter22")));
  result.named.emplace("nonce", "0123456789abcdef");
  return result;
}

Plan plan_of(std::string_view name, ModuleFacts module, Given values = given()) {
  const Template found = test::require(find_template(name));
  return test::require(prepare(parse_good(std::string(found.content)), std::move(values), std::move(module)));
}

std::vector<std::string> commands(const Plan& plan, bool cleanup) {
  std::vector<std::string> list;
  for (const PlannedStep& step : plan.steps) {
    if (step.cleanup == cleanup) list.push_back(step.command);
  }
  return list;
}

const nlohmann::json& schema() {
  static const nlohmann::json document = [] {
    for (const EmbeddedFile& file : embedded_templates()) {
      if (file.name == "script.schema.json") return nlohmann::json::parse(file.content);
    }
    return nlohmann::json();
  }();
  return document;
}

}  // namespace

TEST_CASE("the tool has both scripts, and names them when another is asked for") {
  CHECK(find_template("aws-iot").ok());
  CHECK(find_template("mqtt-mutual-tls").ok());
  const auto other = find_template("azure");
  REQUIRE_FALSE(other.ok());
  CHECK(other.error().remedy.find("aws-iot, mqtt-mutual-tls") != std::string::npos);
}

TEST_CASE("the AWS script on a release that names the server") {
  const Plan plan = plan_of("aws-iot", new_module());
  const std::vector<std::string> expected = {
      "AT+MQTTCLEAN=0",
      "AT+SYSSTORE?",
      "AT+SYSSTORE=0",
      "AT+CWMODE?",
      "AT+CWMODE=1",
      R"(AT+CWJAP="lab\, 2nd \"floor\"","***",,,,,,15)",
      "AT+CIPSNTPCFG?",
      R"(AT+CIPSNTPCFG=1,0,"pool.ntp.org")",
      "AT+CIPSNTPTIME?",
      R"(AT+MQTTUSERCFG=0,5,"atcert-0123456789abcdef","","",0,0,"")",
      R"(AT+MQTTSNI=0,"a1b2c3-ats.iot.eu-central-1.amazonaws.com")",
      R"(AT+MQTTCONNCFG=0,120,0,"","",0,0)",
      R"(AT+MQTTCONN=0,"a1b2c3-ats.iot.eu-central-1.amazonaws.com",8883,0)",
      R"(AT+MQTTSUB=0,"atcert/0123456789abcdef",1)",
      R"(AT+MQTTPUB=0,"atcert/0123456789abcdef","{\"atcert\":\"0123456789abcdef\"\,\"from\":\"module\"}",1,0)"};
  CHECK(commands(plan, false) == expected);
}

TEST_CASE("the AWS script on a release without server name, long ids and join timeout") {
  ModuleFacts module = old_module();
  module.release = {2, 1, 0, 0};
  const std::vector<std::string> sent = commands(plan_of("aws-iot", std::move(module)), false);
  const auto has = [&](std::string_view start) {
    return std::any_of(sent.begin(), sent.end(),
                       [&](const std::string& command) { return command.starts_with(start); });
  };
  CHECK_FALSE(has("AT+MQTTSNI"));
  CHECK_FALSE(has("AT+MQTTALPN"));
  CHECK(std::find(sent.begin(), sent.end(), R"(AT+CWJAP="lab\, 2nd \"floor\"","***")") != sent.end());
}

TEST_CASE("port 443 is spoken with AWS's protocol name, between AT+MQTTUSERCFG and AT+MQTTCONNCFG") {
  Given values = given();
  values.named.emplace("port", "443");
  const std::vector<std::string> sent = commands(plan_of("aws-iot", new_module(), std::move(values)), false);
  const auto place = [&](std::string_view start) {
    return std::find_if(sent.begin(), sent.end(),
                        [&](const std::string& command) { return command.starts_with(start); });
  };
  REQUIRE(place("AT+MQTTALPN=0,1,\"x-amzn-mqtt-ca\"") != sent.end());
  CHECK(place("AT+MQTTUSERCFG") < place("AT+MQTTALPN"));
  CHECK(place("AT+MQTTALPN") < place("AT+MQTTCONNCFG"));
  CHECK(place("AT+MQTTCONNCFG") < place("AT+MQTTCONN=0,\"a1b2c3"));
}

TEST_CASE("a long client id is sent as data where the release can") {
  Given values = given();
  values.named.emplace("client_id", std::string(128, 'c'));
  const std::vector<std::string> sent = commands(plan_of("aws-iot", new_module(), std::move(values)), false);
  CHECK(std::find(sent.begin(), sent.end(), R"(AT+MQTTUSERCFG=0,5,"","","",0,0,"")") != sent.end());
  CHECK(std::find(sent.begin(), sent.end(), "AT+MQTTLONGCLIENTID=0,128") != sent.end());
  values = given();
  values.named.emplace("client_id", std::string(128, 'c'));
  const std::vector<std::string> old = commands(plan_of("aws-iot", old_module(), std::move(values)), false);
  CHECK(std::find(old.begin(), old.end(), "AT+MQTTLONGCLIENTID=0,128") == old.end());
}

TEST_CASE("the broker script runs for both storage generations and demands nothing of AWS") {
  for (const ModuleFacts& module : {old_module(), new_module()}) {
    Given values = given();
    values.named.insert_or_assign("endpoint", Value("192.168.4.2"));
    const Plan plan = plan_of("mqtt-mutual-tls", module, std::move(values));
    for (const PlannedStep& step : plan.steps) {
      CHECK(step.command.find("amzn") == std::string::npos);
      CHECK_FALSE(step.command.starts_with("AT+MQTTSNI"));
    }
    CHECK(commands(plan, true).size() == 6);
  }
}

TEST_CASE("the schema demands what the parser demands: a step says what its failure means, or goes on") {
  const nlohmann::json expected = nlohmann::json::parse(R"([
    {"required": ["failure"]},
    {"required": ["on_failure"], "properties": {"on_failure": {"const": "continue"}}}])");
  CHECK(schema().at("$defs").at("step").at("anyOf") == expected);
}

TEST_CASE("a message that cannot prove the run is refused, and a missing value names its flag") {
  for (const char* name : {"aws-iot", "mqtt-mutual-tls"}) {
    const auto script = parse_good(std::string(test::require(find_template(name)).content));
    Given values = given();
    values.named.emplace("payload", "hello");
    const auto unproven = prepare(script, std::move(values), new_module());
    REQUIRE_FALSE(unproven.ok());
    CHECK(unproven.error().what.find("\"payload\" does not hold ${nonce}") != std::string::npos);
    values = given();
    values.named.erase("endpoint");
    CHECK(prepare(script, std::move(values), new_module()).error().remedy == "give --endpoint HOST");
    values = given();
    values.named.erase("wifi_ssid");
    CHECK(prepare(script, std::move(values), new_module()).error().remedy == "give --wifi-ssid SSID");
  }
}

TEST_CASE("the schema names exactly the keys that the parser knows") {
  std::set<std::string> objects;
  for (const KeySet& set : known_keys()) {
    const nlohmann::json& definition = schema().at("$defs").at(std::string(set.object));
    CHECK_MESSAGE(definition.at("additionalProperties") == false, set.object);
    std::set<std::string> described;
    for (const auto& [key, value] : definition.at("properties").items()) described.insert(key);
    CHECK_MESSAGE(described == std::set<std::string>(set.keys.begin(), set.keys.end()), set.object);
    objects.emplace(set.object);
  }
  for (const auto& definition : schema().at("$defs").items()) {
    if (definition.value().value("type", "") != "object") continue;
    CHECK_MESSAGE(objects.contains(definition.key()), definition.key());
  }
}

}  // namespace atcert::script
