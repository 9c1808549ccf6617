// SPDX-License-Identifier: Apache-2.0
// Faults by name and argument.
#include "emulator/faults.hpp"

#include <doctest/doctest.h>

#include "support/require.hpp"

namespace atcert::emulator {

TEST_CASE("a fault is named with an argument, or without one for the usual") {
  const ChosenFault plain = test::require(parse_fault("silent"));
  CHECK(plain.fault == Fault::silent);
  const ChosenFault usual = test::require(parse_fault("busy"));
  CHECK(usual.fault == Fault::busy);
  CHECK(usual.argument == 4);
  CHECK(test::require(parse_fault("busy=2")).argument == 2);
  CHECK(test::require(parse_fault("wrong-clock=-60")).argument == -60);
  CHECK(test::require(parse_fault("prompt=bare")).argument == static_cast<int>(PromptForm::bare));
  CHECK(test::require(parse_fault("prompt=late")).argument == static_cast<int>(PromptForm::late));
  CHECK(test::require(parse_fault("wifi-lost=publish")).argument == static_cast<int>(LossMoment::publish));
}

TEST_CASE("every fault is found by its name, and explains itself") {
  for (const FaultRow& row : fault_table()) {
    CAPTURE(row.name);
    CHECK(test::require(parse_fault(row.name)).fault == row.fault);
    CHECK_FALSE(row.help.empty());
    if (row.argument.words.empty()) {
      CHECK(row.argument.usual >= row.argument.least);
      CHECK(row.argument.usual <= row.argument.most);
    }
    for (const std::string_view word : row.argument.words) CHECK(row.help.find(word) != std::string_view::npos);
  }
}

TEST_CASE("an unknown fault is answered with the one that was meant") {
  const auto remedy_for = [](std::string_view given) {
    const auto fault = parse_fault(given);
    REQUIRE_FALSE(fault.ok());
    CHECK(fault.error().kind == ErrorKind::usage);
    CHECK(fault.error().code == "fault_unknown");
    return fault.error().remedy;
  };
  CHECK(remedy_for("no-stnp").find("did you mean no-sntp") != std::string::npos);
  CHECK(remedy_for("BUSY").find("did you mean busy") != std::string::npos);
  CHECK(remedy_for("prompts=bare").find("did you mean prompt") != std::string::npos);
  CHECK(parse_fault("").error().remedy.find("--list-faults") != std::string::npos);
}

TEST_CASE("a bad argument is refused with those that there are") {
  for (const char* given : {"silent=1", "busy=", "busy=0", "busy=x", "busy=4x", "busy= 4", "busy=99999999999",
                            "prompt=", "prompt=1", "noise=1001", "wrong-baud=79", "join-code=5"}) {
    CAPTURE(given);
    const auto fault = parse_fault(given);
    REQUIRE_FALSE(fault.ok());
    CHECK(fault.error().kind == ErrorKind::usage);
    CHECK(fault.error().code == "fault_argument");
    CHECK_FALSE(fault.error().remedy.empty());
  }
  CHECK(parse_fault("noise=0").error().remedy.find("from 1 to 1000") != std::string::npos);
  CHECK(parse_fault("prompt=x").error().remedy.find("own-line") != std::string::npos);
}

TEST_CASE("a fault happens so many times, or always, and another at its Nth moment") {
  FaultSet faults;
  CHECK_FALSE(faults.happens(Fault::join_fails));
  faults.add({Fault::join_fails, 2});
  CHECK(faults.happens(Fault::join_fails));
  CHECK(faults.happens(Fault::join_fails));
  CHECK_FALSE(faults.happens(Fault::join_fails));
  faults.add({Fault::brown_out, 0});
  for (int i = 0; i < 10; ++i) CHECK(faults.happens(Fault::brown_out));
  faults.add({Fault::stuck, 2});
  CHECK_FALSE(faults.reached(Fault::stuck));
  CHECK_FALSE(faults.over(Fault::stuck));
  CHECK(faults.reached(Fault::stuck));
  CHECK(faults.over(Fault::stuck));
  CHECK_FALSE(faults.reached(Fault::stuck));
  CHECK_FALSE(faults.reached(Fault::unplugged));
}

}  // namespace atcert::emulator
