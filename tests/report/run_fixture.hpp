// SPDX-License-Identifier: Apache-2.0
// A run with one passed, one failed and one skipped step.
#pragma once

#include "report/run.hpp"

namespace atcert::report {

inline Run failed_run() {
  Run run;
  run.command = "provision";
  run.started = WallTime(std::chrono::seconds(1700000000));  // 2023-11-14T22:13:20Z, by date -u -d @1700000000
  run.duration = Milliseconds(2500);
  run.module =
      ModuleFacts{"./module", "ESP32C3", "4.1.1.0", "MINI-1", "4.1.1.0(ba4dd0e - ESP32C3)", "nvs", "02:00:00:00:00:42"};
  run.slots = {{"mqtt_ca", 1188, "equal"}};
  const Error error{ErrorKind::network, "wifi_wrong_password", "AT+CWJAP: +CWJAP:2, ERROR",
                    "the password is <wrong> & short", "check the password"};
  run.steps = {{{"identify", "read the firmware release"}, StepEnd::Outcome::passed, Milliseconds(20), "4.1.1.0", {}},
               {{"verify", "join \"the\" Wi-Fi"}, StepEnd::Outcome::failed, Milliseconds(2000), "", error},
               {{"verify", "subscribe"}, StepEnd::Outcome::skipped, Milliseconds(0), "", {}}};
  run.error = error;
  run.causes = {{"wifi_wrong_password",
                 "the Wi-Fi password is wrong",
                 "likely",
                 error.cause,
                 error.remedy,
                 "a telephone",
                 {"+CWJAP:2 & <more>"}}};
  return run;
}

}  // namespace atcert::report
