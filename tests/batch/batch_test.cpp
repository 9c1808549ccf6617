// SPDX-License-Identifier: Apache-2.0
#include "batch/batch.hpp"

#include <atomic>
#include <set>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/embedded.hpp"
#include "image/layout.hpp"
#include "support/broker.hpp"
#include "support/require.hpp"
#include "support/units.hpp"

namespace atcert::batch {
namespace {

using test::Units;

constexpr unsigned kWorkers = 4;

// One run over the list of `units`.
class Run {
 public:
  explicit Run(const Units& units) : units_(units) {}

  OnUnit on_unit = [](const UnitOutcome&, const BatchTally&) {};
  std::stop_source stop;
  unsigned workers = kWorkers;
  bool force = false;
  bool dry = false;
  std::vector<UnitOutcome> outcomes;

  BatchTally operator()() {
    const auto catalogue = test::require(image::LayoutCatalogue::load(embedded_partitions()));
    const auto found = test::require(catalogue.find("ESP32-WROOM-32", "4.1.1.0"));
    const image::ImageTarget target{found.module, found.release, found.layout};
    intake::UnitList list = test::require(
        intake::UnitList::parse(std::string(as_text(test::content_of(units_.list_path()))), units_.path()));
    const BatchOptions options{.images = {.target = target},
                               .checks = {.now = test::throwaway_options("now").not_before + std::chrono::days(2)},
                               .output = units_.out(),
                               .workers = workers,
                               .dry_run = dry,
                               .force = force};
    return test::require(
        run_batch(list, options, stop.get_token(), [this](const UnitOutcome& outcome, const BatchTally& tally) {
          CHECK_FALSE(reporting_.exchange(true));
          outcomes.push_back(outcome);
          on_unit(outcome, tally);
          reporting_ = false;
        }));
  }

 private:
  const Units& units_;
  std::atomic<bool> reporting_ = false;
};

bool complete(const std::filesystem::path& folder) {
  std::error_code error;
  return std::filesystem::file_size(folder / "mfg_nvs.bin", error) == 0x1C000 && exists(folder / "flash_args") &&
         exists(folder / "manifest.json");
}

}  // namespace

TEST_CASE("many workers make every unit once, and report one at a time") {
  const Units units(40);
  Run run(units);
  const BatchTally tally = run();
  CHECK(tally.written == 40);
  CHECK(tally.done() == 40);
  CHECK_FALSE(tally.stopped);
  std::set<std::string> serials;
  for (const UnitOutcome& outcome : run.outcomes) {
    serials.insert(outcome.serial);
    CHECK(outcome.state == UnitState::written);
    CHECK(complete(units.out(outcome.serial)));
  }
  CHECK(serials.size() == 40);
}

TEST_CASE("a stop leaves whole units only, and the next run makes the others") {
  const Units units(40);
  Run first(units);
  first.on_unit = [&](const UnitOutcome&, const BatchTally& tally) {
    if (tally.done() == 3) first.stop.request_stop();
  };
  const BatchTally stopped = first();
  CHECK(stopped.stopped);
  CHECK(stopped.written >= 3);
  CHECK(stopped.written < 3 + kWorkers);  // each worker may have had one more in work
  for (const auto& folder : std::filesystem::directory_iterator(units.out())) CHECK(complete(folder));
  const BatchTally rest = Run(units)();
  CHECK(rest.kept == stopped.written);
  CHECK(rest.written == 40 - stopped.written);
}

TEST_CASE("of units with the same certificate none is made, however many workers there are") {
  for (const unsigned workers : {1U, 2U, kWorkers}) {
    Units units(3);
    std::string list = "serial,creds\nunit-1,creds/unit-1\n";
    for (int i = 0; i < 12; ++i) list += fmt::format("copy-{},creds/unit-0\n", i);
    units.write_list(list + "unit-2,creds/unit-2\n");
    Run run(units);
    run.workers = workers;
    const BatchTally tally = run();
    CHECK(tally.written == 2);
    CHECK(tally.failed == 12);
    for (const UnitOutcome& outcome : run.outcomes) {
      if (outcome.state != UnitState::failed) continue;
      CHECK(outcome.error.kind == ErrorKind::taken);
      CHECK(outcome.error.code == "certificate_twice");
      CHECK_FALSE(exists(units.out(outcome.serial)));
      if (outcome.serial != "copy-0") CHECK(outcome.error.what.find("copy-0 (in line 3)") != std::string::npos);
    }
    CHECK(Run(units)().kept == 2);  // and none the second time
    CHECK(std::distance(std::filesystem::directory_iterator(units.out()), {}) == 2);
  }
}

TEST_CASE("a certificate that is in a folder already goes into no other unit, whatever list it is in") {
  Units units(2);
  REQUIRE(Run(units)().written == 2);
  units.make("unit-9");
  units.write_list("serial,creds\nother,creds/unit-0\nunit-9,creds/unit-9\n");
  for (const bool force : {false, true}) {
    Run run(units);
    run.force = force;
    const BatchTally tally = run();
    CHECK(tally.failed == 1);
    CHECK(run.outcomes.size() == 2);
    CHECK_FALSE(exists(units.out("other")));
  }
  // Also where the manifest is lost, and only the image can tell; not where the unit itself is made anew.
  std::filesystem::remove(units.out("unit-0") / "manifest.json");
  CHECK(Run(units)().failed == 1);
  units.write_list("serial,creds\nunit-0,creds/unit-0\n");
  CHECK(Run(units)().written == 1);
}

TEST_CASE("two units do not change their certificates, not even by force") {
  Units units(2);
  REQUIRE(Run(units)().written == 2);
  const Bytes before = test::content_of(units.out("unit-0") / "mfg_nvs.bin");
  units.write_list("serial,creds\nunit-0,creds/unit-1\nunit-1,creds/unit-0\n");
  for (const bool force : {false, true}) {
    Run run(units);
    run.force = force;
    CHECK(run().failed == 2);
    CHECK(test::content_of(units.out("unit-0") / "mfg_nvs.bin") == before);
  }
}

TEST_CASE("a serial whose folder holds another certificate is refused, and made anew by force") {
  Units units(2);
  REQUIRE(Run(units)().written == 2);
  const Bytes before = test::content_of(units.out("unit-0") / "mfg_nvs.bin");
  units.make("unit-0");
  Run refused(units);
  CHECK(refused().failed == 1);
  CHECK(test::content_of(units.out("unit-0") / "mfg_nvs.bin") == before);
  for (const UnitOutcome& outcome : refused.outcomes) {
    if (outcome.state == UnitState::failed) CHECK(outcome.error.kind == ErrorKind::taken);
  }
  Run forced(units);
  forced.force = true;
  const BatchTally tally = forced();
  CHECK(tally.written == 1);
  CHECK(tally.kept == 1);
  CHECK(test::content_of(units.out("unit-0") / "mfg_nvs.bin") != before);
}

TEST_CASE("a serial that differs by case from a folder that is there is refused with its line") {
  Units units(2);
  REQUIRE(Run(units)().written == 2);
  units.make("new");
  units.write_list("serial,creds\nUNIT-0,creds/new\n");
  Run run(units);
  CHECK(run().failed == 1);
  CHECK(run.outcomes.front().error.what.starts_with("line 2: the output folder holds unit-0"));
  CHECK_FALSE(exists(units.out("UNIT-0")));
}

TEST_CASE("certificates are found in every form of credentials before the first unit is made") {
  Units units(4);
  // A chain, a second certificate beside it, and a CA that is none of the other units'.
  const auto certificate = [&](const char* unit) { return units.credentials(unit) / "device.pem.crt"; };
  const std::string chain = std::string(as_text(test::content_of(certificate("unit-1")))) +
                            std::string(as_text(test::content_of(units.credentials("unit-1") / "ca.pem")));
  test::write_text(certificate("unit-1"), chain);
  test::write_text(units.credentials("unit-2") / "readme.txt", "the CA lies in the other folder");
  units.write_list(
      "serial,creds,cert,key,ca\n"
      "a,creds/unit-0,,,\n"
      "b,,creds/unit-1/device.pem.crt,creds/unit-1/private.pem.key,creds/unit-0/ca.pem\n"
      "c,creds/unit-2,,,\n"
      "d,creds/unit-3,,,\n"
      "b-again,creds/unit-1,,,\n"
      "c-again,,creds/unit-2/device.pem.crt,creds/unit-2/private.pem.key,creds/unit-0/ca.pem\n");
  Run run(units);
  run.workers = 1;
  CHECK(run().written == 2);
  std::vector<std::string> codes;
  for (const UnitOutcome& outcome : run.outcomes) codes.push_back(outcome.error.code);
  const std::string twice = "certificate_twice";
  CHECK(codes == std::vector<std::string>{"", twice, twice, "", twice, twice});
}

TEST_CASE("of two runs into one folder the second is refused") {
  const Units units(2);
  Run first(units);
  bool refused = false;
  first.workers = 1;
  first.on_unit = [&](const UnitOutcome&, const BatchTally& tally) {
    if (tally.done() != 1) return;
    intake::UnitList list = test::require(intake::UnitList::parse("serial,creds\nx,creds/unit-1\n", units.path()));
    const auto catalogue = test::require(image::LayoutCatalogue::load(embedded_partitions()));
    const auto found = test::require(catalogue.find("ESP32-WROOM-32", "4.1.1.0"));
    const image::ImageTarget target{found.module, found.release, found.layout};
    const BatchOptions options{.images = {.target = target}, .checks = {}, .output = units.out()};
    const auto second = run_batch(list, options, {}, [](const auto&, const auto&) {});
    refused = !second && second.error().code == "folder_busy";
  };
  CHECK(first().written == 2);
  CHECK(refused);
}

TEST_CASE("a CA that cannot be taken fails the units that name it, and no others") {
  Units units(4);
  std::string list = "serial,cert,key,ca\n";
  for (int i = 0; i < 4; ++i) {
    list += fmt::format("unit-{0},creds/unit-{0}/device.pem.crt,creds/unit-{0}/private.pem.key,{1}\n", i,
                        i < 2 ? "creds/unit-0/private.pem.key" : "creds/unit-0/ca.pem");
  }
  units.write_list(list);
  Run run(units);
  const BatchTally tally = run();
  CHECK(tally.failed == 2);
  CHECK(tally.written == 2);
  for (const UnitOutcome& outcome : run.outcomes) {
    if (outcome.state == UnitState::failed) CHECK(outcome.error.code == "key_as_certificate");
  }
}

}  // namespace atcert::batch
