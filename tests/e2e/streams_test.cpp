// SPDX-License-Identifier: Apache-2.0
// The built tool when it is started without standard input, output or error.
#include <doctest/doctest.h>

#include "e2e/rig.hpp"

namespace atcert::test {
namespace {

// The tool with some of its three streams closed, run by a shell with `redirection`: "<&- >&-".
Outcome run_without(const std::string& redirection, const Arguments& arguments, const ProcessOptions& options = {}) {
  ProcessOptions shell = options;
  shell.program = "/bin/sh";
  shell.arguments = {"-c", "exec \"$0\" \"$@\" " + redirection, ATCERT_BINARY};
  shell.arguments.insert(shell.arguments.end(), arguments.begin(), arguments.end());
  return run(shell);
}

}  // namespace

TEST_CASE("without any stream nothing that is said to a person goes to the module") {
  const Rig rig;
  const ProcessOptions job = rig.provision_options({"-vv"});
  const Outcome outcome = run_without("<&- >&- 2>&-", job.arguments, job);
  CHECK(outcome.all().empty());
  CHECK(outcome.exit_code == 2);  // done, but nobody could read it
  const std::string dialogue = rig.dialogue();
  CHECK(dialogue.find("AT+MQTTPUB") != std::string::npos);
  CHECK(dialogue.find("identify") == std::string::npos);
}

TEST_CASE("without standard error the result is the same") {
  const Rig rig;
  const ProcessOptions job = rig.provision_options({"--json", "-vv"});
  const Outcome outcome = run_without("<&- 2>&-", job.arguments, job);
  CHECK(outcome.exit_code == 0);
  CHECK(document_of(outcome)["exit"]["name"] == "ok");
}

TEST_CASE("a result that has no stream to go to is not taken for delivered") {
  const Outcome outcome = run_without(">&-", {"emulate", "--list-faults"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.find("standard output could not be written") != std::string::npos);
}

TEST_CASE("closed standard input is an empty one") {
  const Outcome outcome = run_without("<&-", {"inspect", "-"});
  CHECK(outcome.exit_code == 3);
}

}  // namespace atcert::test
