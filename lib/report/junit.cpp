// SPDX-License-Identifier: Apache-2.0
#include "report/junit.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/core.h>

#include "base/text.hpp"
#include "report/json.hpp"

namespace atcert::report {
namespace {

// Text from anywhere as text of XML 1.0, which has no characters for most controls, not even as references.
std::string xml(std::string_view text) {
  std::string escaped;
  for (const char character : printable(text)) {
    switch (character) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += character;
    }
  }
  return escaped;
}

std::string seconds(Milliseconds duration) {
  return fmt::format("{:.3f}", std::chrono::duration<double>(duration).count());
}

std::string failure_xml(const char* element, const Error& error) {
  return fmt::format("    <{0} type=\"{1}\" message=\"{2}\">cause: {3}\nremedy: {4}</{0}>\n", element, xml(error.code),
                     xml(error.what), xml(error.cause), xml(error.remedy));
}

std::string case_xml(const StepEnd& step) {
  std::string text = fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"{}\"", xml(step.name.stage),
                                 xml(step.name.step), seconds(step.duration));
  if (step.outcome == StepEnd::Outcome::passed) return text + "/>\n";
  text += ">\n";
  text += step.outcome == StepEnd::Outcome::failed ? failure_xml("failure", step.error) : "    <skipped/>\n";
  return text + "  </testcase>\n";
}

// Why it failed, as the causes have it: for who reads the file, not for the server's statistics.
std::string causes_xml(const std::vector<Cause>& causes) {
  if (causes.empty()) return {};
  std::string text = "  <system-out>";
  for (const Cause& cause : causes) {
    text += xml(fmt::format("{} ({}): {}", cause.code, cause.confidence, cause.cause)) + "\n";
    for (const std::string& evidence : cause.evidence) text += xml("  evidence: " + evidence) + "\n";
    text += xml("  told by: " + cause.tell) + "\n";
  }
  return text + "</system-out>\n";
}

long count(const Run& run, StepEnd::Outcome outcome) {
  return std::count_if(run.steps.begin(), run.steps.end(),
                       [outcome](const StepEnd& step) { return step.outcome == outcome; });
}

}  // namespace

std::string to_junit(const Run& run) {
  const long failures = count(run, StepEnd::Outcome::failed);
  // An error that no step holds (an interrupt, say) must not make a green file.
  const bool outside_steps = run.error.has_value() && failures == 0;
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  text += fmt::format(
      "<testsuite name=\"atcert {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\" "
      "timestamp=\"{}\">\n",
      xml(run.command), run.steps.size() + (outside_steps ? 1 : 0), failures, outside_steps ? 1 : 0,
      count(run, StepEnd::Outcome::skipped), seconds(run.duration), iso_time(run.started));
  for (const StepEnd& step : run.steps) text += case_xml(step);
  if (outside_steps) {
    text += fmt::format("  <testcase classname=\"{}\" name=\"run\" time=\"{}\">\n", xml(run.command),
                        seconds(run.duration));
    text += failure_xml("error", *run.error) + "  </testcase>\n";
  }
  return text + causes_xml(run.causes) + "</testsuite>\n";
}

}  // namespace atcert::report
