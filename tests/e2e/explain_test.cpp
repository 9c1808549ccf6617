// SPDX-License-Identifier: Apache-2.0
// atcert explain: codes, the list of them, and codes that there are not.
#include <doctest/doctest.h>

#include "e2e/rig.hpp"

namespace atcert::test {

TEST_CASE("a code is explained with its symptom, cause, remedy and what tells it apart") {
  const Outcome outcome = run({{"explain", "wifi_wrong_password"}});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  for (const char* words : {"wifi_wrong_password: the Wi-Fi password is wrong", "+CWJAP:2", "cause", "remedy",
                            "told by", "must hold", "source", "<wifi_ssid>"}) {
    CAPTURE(words);
    CHECK(outcome.out.find(words) != std::string::npos);
  }
}

TEST_CASE("without a code all are listed, and in the document they are whole") {
  const Outcome list = run({{"explain"}});
  const Outcome told = run({{"explain", "--json"}});
  CHECK(list.exit_code == 0);
  const auto causes = document_of(told)["causes"];
  CHECK(causes.size() > 90);
  for (const auto& cause : causes) {
    const auto code = cause["code"].get<std::string>();
    CAPTURE(code);
    CHECK(list.out.find("\n  " + code + " ") != std::string::npos);
    for (const char* member : {"title", "symptom", "confidence", "cause", "remedy", "tell"}) {
      CHECK_FALSE(cause[member].get<std::string>().empty());
    }
  }
}

TEST_CASE("a code that there is not is answered with those that are near") {
  const Outcome outcome = run({{"explain", "wifi_wrong_pasword"}});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.find("did you mean wifi_wrong_password") != std::string::npos);
  const Outcome far = run({{"explain", "--json", "zzzzzzzzzzzzzz"}});
  CHECK(far.exit_code == 2);
  CHECK(document_of(far)["error"]["code"] == "unknown_cause");
  CHECK(document_of(far)["error"]["remedy"] == "atcert explain lists them all");
}

}  // namespace atcert::test
