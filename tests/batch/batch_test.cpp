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
                               .workers = kWorkers,
                               .dry_run = dry};
    return run_batch(list, options, stop.get_token(), [this](const UnitOutcome& outcome, const BatchTally& tally) {
      CHECK_FALSE(reporting_.exchange(true));
      outcomes.push_back(outcome);
      on_unit(outcome, tally);
      reporting_ = false;
    });
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

TEST_CASE("of units with the same certificate one is made, whoever comes first") {
  Units units(1);
  std::string list = "serial,creds\n";
  for (int i = 0; i < 12; ++i) list += fmt::format("copy-{},creds/unit-0\n", i);
  units.write_list(list);
  Run run(units);
  const BatchTally tally = run();
  CHECK(tally.written == 1);
  CHECK(tally.failed == 11);
  for (const UnitOutcome& outcome : run.outcomes) {
    if (outcome.state == UnitState::failed) CHECK(outcome.error.code == "certificate_twice");
  }
}

TEST_CASE("a dry run tells of a doubled certificate, and writes nothing") {
  Units units(2);
  units.write_list("serial,creds\nfirst,creds/unit-0\nother,creds/unit-1\nsecond,creds/unit-0\n");
  Run run(units);
  run.dry = true;
  const BatchTally tally = run();
  CHECK(tally.done() == 3);
  CHECK(tally.failed >= 1);
  for (const UnitOutcome& outcome : run.outcomes) {
    if (outcome.serial == "other") CHECK(outcome.state == UnitState::written);
    if (outcome.state == UnitState::failed) CHECK(outcome.error.code == "certificate_twice");
  }
  CHECK_FALSE(exists(units.out()));
}

TEST_CASE("a unit without its manifest is not taken for made") {
  const Units units(1);
  CHECK(Run(units)().written == 1);
  CHECK(Run(units)().kept == 1);
  std::filesystem::remove(units.out("unit-0") / "manifest.json");
  CHECK(Run(units)().written == 1);
  CHECK(complete(units.out("unit-0")));
}

TEST_CASE("where an image cannot be written no manifest says that it stands") {
  const Units units(1);
  std::filesystem::create_directories(units.out("unit-0") / "mfg_nvs.bin" / "in the way");
  Run run(units);
  run();
  CHECK(exists(units.out("unit-0") / "manifest.json") == complete(units.out("unit-0")));
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
