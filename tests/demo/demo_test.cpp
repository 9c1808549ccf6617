// SPDX-License-Identifier: Apache-2.0
#include "demo/demo.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "support/require.hpp"

namespace atcert::demo {
namespace {

namespace fs = std::filesystem;
using test::require;

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

}  // namespace

TEST_CASE("modules of both generations get their credentials and reach the broker") {
  const SystemClock clock;
  const auto scenery = require(Scenery::set_up(clock.wall()));
  for (const auto generation : {image::Generation::pki, image::Generation::nvs}) {
    Events nobody;
    const report::Run run = provision(generation, scenery, clock, {nobody, nullptr, {}});
    const std::string failure = run.error ? run.error->what : "";
    CAPTURE(failure);
    CHECK_FALSE(run.error.has_value());
    REQUIRE(run.module.has_value());
    CHECK(run.module->generation == name_of(generation));
    CHECK(run.slots.size() == 3);
    CHECK(run.findings.empty());
  }
}

TEST_CASE("the credentials have the names that AWS gives its downloads, and go with the scenery") {
  fs::path folder;
  {
    const auto scenery = require(Scenery::set_up(SystemClock().wall()));
    folder = scenery.credentials();
    const auto names = names_in(folder);
    REQUIRE(names.size() == 3);
    CHECK(names.contains("AmazonRootCA1.pem"));
    const std::string other =
        *std::find_if(names.begin(), names.end(), [](const auto& name) { return name[0] != 'A'; });
    const std::string id = other.substr(0, 64);
    CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(names.contains(id + "-certificate.pem.crt"));
    CHECK(names.contains(id + "-private.pem.key"));
  }
  CHECK_FALSE(fs::exists(folder));
}

TEST_CASE("a stop request ends the job as interrupted") {
  const SystemClock clock;
  const auto scenery = require(Scenery::set_up(clock.wall()));
  std::stop_source stop;
  stop.request_stop();
  Events nobody;
  const report::Run run = provision(image::Generation::nvs, scenery, clock, {nobody, nullptr, stop.get_token()});
  REQUIRE(run.error.has_value());
  CHECK(run.error->kind == ErrorKind::interrupted);
}

}  // namespace atcert::demo
