// SPDX-License-Identifier: Apache-2.0
#include "report/junit.hpp"

#include <doctest/doctest.h>

#include "report/run_fixture.hpp"
#include "support/process.hpp"

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
  CHECK(holds(to_junit(run), "message=\"a\\x01b\""));
}

TEST_CASE("the causes stand behind the test cases") {
  const std::string xml = to_junit(failed_run());
  CHECK(holds(xml, "wifi_wrong_password (likely): the password is &lt;wrong&gt;"));
  CHECK(holds(xml, "evidence: +CWJAP:2 &amp; &lt;more&gt;"));
  CHECK(holds(xml, "</system-out>\n</testsuite>"));
  CHECK_FALSE(holds(to_junit(Run()), "system-out"));
}

// Read by another program's parser: expat, through Python.
TEST_CASE("a file is well-formed XML whatever the text in it") {
  const std::string hostile[] = {"\x1b[31m \x01\x7f",
                                 "\xef\xbf\xbe \xef\xbf\xbf",
                                 "\xc2\x9b\xc2\x85",
                                 "\xff\xfe\xc0\xaf\xed\xa0\x80",
                                 "\u202e\u2028",
                                 "]]> <![CDATA[ <!-- &amp; &#0; \"'",
                                 std::string(1, '\0') + "\r\n\t"};
  for (const std::string& text : hostile) {
    CAPTURE(text);
    Run run = failed_run();
    run.command = run.steps[0].name.step = run.steps[2].name.stage = text;
    run.steps[1].error = {ErrorKind::module, text, text, text, text};
    const test::Outcome read =
        test::run({.arguments = {"-c",
                                 "import sys, xml.etree.ElementTree as tree; "
                                 "print(len(tree.fromstring(sys.stdin.buffer.read()).findall('testcase')))"},
                   .input = to_junit(run),
                   .program = "/usr/bin/python3"});
    CHECK(read.err.empty());
    CHECK(read.out == "3\n");
  }
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
