// SPDX-License-Identifier: Apache-2.0
#include "report/junit.hpp"

#include <doctest/doctest.h>

#include "report/run_fixture.hpp"

namespace atcert::report {
namespace {

bool holds(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("steps are test cases with their stage as class name") {
  const std::string xml = to_junit(failed_run());
  CHECK(holds(xml, "tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\" time=\"2.500\""));
  CHECK(holds(xml, "<testcase classname=\"identify\" name=\"read the firmware release\" time=\"0.020\"/>"));
  CHECK(holds(xml, "<skipped/>"));
}

TEST_CASE("text is escaped for XML") {
  const std::string xml = to_junit(failed_run());
  CHECK(holds(xml, "name=\"join &quot;the&quot; Wi-Fi\""));
  CHECK(holds(xml, "the password is &lt;wrong&gt; &amp; short"));
  Run run = failed_run();
  run.steps[1].error.what = std::string("a\x01") + "b";
  CHECK(holds(to_junit(run), "message=\"a?b\""));
}

TEST_CASE("an error outside the steps makes the file red") {
  Run run;
  run.command = "provision";
  run.error = Error{ErrorKind::interrupted, "interrupted", "interrupted", "", "run again"};
  const std::string xml = to_junit(run);
  CHECK(holds(xml, "tests=\"1\" failures=\"0\" errors=\"1\""));
  CHECK(holds(xml, "<error type=\"interrupted\""));
}

}  // namespace atcert::report
