// SPDX-License-Identifier: Apache-2.0
#include "report/json.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "report/run_fixture.hpp"

namespace atcert::report {

TEST_CASE("a document repeats the exit code by number and name") {
  const Error error{ErrorKind::module, "write_refused", "refused", "", "try again"};
  CHECK(document("push", &error)["exit"] == nlohmann::json{{"code", 5}, {"name", "module"}});
  CHECK(document("push", nullptr)["exit"] == nlohmann::json{{"code", 0}, {"name", "ok"}});
  CHECK_FALSE(document("push", nullptr).contains("error"));
}

TEST_CASE("a failed run tells the step, its error and the slots") {
  const nlohmann::json json = to_json(failed_run());
  CHECK(json["schema"] == 1);
  CHECK(json["started"] == "2023-11-14T22:13:20Z");
  CHECK(json["error"]["code"] == "wifi_wrong_password");
  CHECK(json["steps"].size() == 3);
  CHECK(json["steps"][1]["outcome"] == "failed");
  CHECK(json["steps"][1]["error"]["kind"] == "network");
  CHECK(json["slots"][0] == nlohmann::json{{"slot", "mqtt_ca"}, {"size", 1188}, {"state", "equal"}});
  CHECK(json["module"]["generation"] == "nvs");
}

TEST_CASE("what an observer heard is told where there was one") {
  CHECK_FALSE(to_json(Run{}).contains("observer"));
  Run run;
  run.observer = {"watcher", true, {{"connect_failed", "device-42", "AUTHORIZATION_FAILED", ""}}};
  const nlohmann::json observer = to_json(run)["observer"];
  CHECK(observer["client_id"] == "watcher");
  CHECK(observer["hears_events"] == true);
  CHECK(observer["events"] ==
        nlohmann::json{{{"event", "connect_failed"}, {"client_id", "device-42"}, {"reason", "AUTHORIZATION_FAILED"}}});
}

TEST_CASE("lists are there even when they are empty, so that readers need no special case") {
  const nlohmann::json json = to_json(Run{});
  for (const char* key : {"slots", "findings", "notes", "steps"}) CHECK(json[key].is_array());
}

TEST_CASE("the causes of a failure stand in their order, with what speaks for them") {
  const auto json = to_json(failed_run());
  REQUIRE(json["diagnosis"].size() == 1);
  CHECK(json["diagnosis"][0]["code"] == "wifi_wrong_password");
  CHECK(json["diagnosis"][0]["confidence"] == "likely");
  CHECK(json["diagnosis"][0]["evidence"][0] == "+CWJAP:2 & <more>");
  CHECK_FALSE(to_json(Run()).contains("diagnosis"));
}

}  // namespace atcert::report
