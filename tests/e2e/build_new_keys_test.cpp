// SPDX-License-Identifier: Apache-2.0
// atcert build --make-nvs-keys: no image without its keys, and no keys without an image.
#include <filesystem>

#include <doctest/doctest.h>

#include "image/nvs_encryption.hpp"
#include "image/nvs_image.hpp"
#include "support/process.hpp"
#include "support/require.hpp"
#include "support/units.hpp"

namespace atcert {
namespace {

using test::content_of;
using test::Outcome;
using test::Units;

// Units, and the file for new keys beside them.
class Bench {
 public:
  explicit Bench(int count) : units(count) {}

  Units units;

  std::string keys() const { return (units.path() / "keys.bin").string(); }
  bool keys_are_there() const { return std::filesystem::exists(keys()); }
  std::filesystem::path out(const char* name) const { return units.out() / name; }

  Outcome build(std::vector<std::string> more) const {
    more.insert(more.begin(), {"build", "--module", "ESP32-C3-MINI-1", "--nvs-keys", keys(), "--make-nvs-keys"});
    return test::run({.arguments = std::move(more)});
  }
  Outcome build_one(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"--creds", units.credentials("unit-0").string(), "-o", units.out().string()});
    return build(std::move(more));
  }
  Outcome build_all(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"--manifest", units.list_path().string(), "-o", units.out().string()});
    return build(std::move(more));
  }

  bool opens(const std::filesystem::path& image) const {
    const auto made = test::require(image::NvsKeys::from_partition(content_of(keys())));
    Bytes bytes = content_of(image);
    return image::decrypt_nvs(bytes, made).ok() && image::read_nvs(bytes).find("mqtt_key", "mqtt_key") != nullptr;
  }
};

}  // namespace

TEST_CASE("new NVS keys open the image that was made with them") {
  const Bench bench(1);
  CHECK(bench.build_one().exit_code == 0);
  CHECK(bench.opens(bench.out("mfg_nvs.bin")));
}

TEST_CASE("a build that fails leaves no new NVS keys behind") {
  const Bench bench(1);
  CHECK(bench.build_one({"--size", "0x1000"}).exit_code == 3);  // too small
  CHECK_FALSE(bench.keys_are_there());
  CHECK(bench.build_one({"--release", "2.4.0.0"}).exit_code == 2);
  CHECK_FALSE(bench.keys_are_there());
  CHECK(bench.build_one({"--dry-run"}).exit_code == 0);
  CHECK_FALSE(bench.keys_are_there());
  CHECK(bench
            .build({"--creds", bench.units.credentials("unit-0").string(), "-o",
                    (bench.units.list_path() / "out").string()})
            .exit_code == 2);
  CHECK_FALSE(bench.keys_are_there());
  std::filesystem::create_directories(bench.out("mfg_nvs.bin"));  // no file can take its place
  CHECK(bench.build_one().exit_code == 2);
  CHECK_FALSE(bench.keys_are_there());
}

TEST_CASE("NVS keys never take the place of the image that they open, nor it theirs") {
  const Bench bench(1);
  const Outcome outcome =
      test::run({.arguments = {"build", "--creds", bench.units.credentials("unit-0").string(), "--module",
                               "ESP32-C3-MINI-1", "-o", bench.units.out().string(), "--make-nvs-keys", "--nvs-keys",
                               (bench.units.out() / "." / "mfg_nvs.bin").string()}});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.find("is the image's own file") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(bench.out("mfg_nvs.bin")));
}

TEST_CASE("neither an image nor its new NVS keys stay when what belongs beside it cannot be written") {
  const Bench bench(1);
  std::filesystem::create_directories(bench.out("manifest.json"));
  CHECK(bench.build_one().exit_code == 2);
  CHECK_FALSE(std::filesystem::exists(bench.out("mfg_nvs.bin")));
  CHECK_FALSE(bench.keys_are_there());
}

TEST_CASE("new NVS keys of a batch are there if any unit has an image") {
  Bench bench(2);
  bench.units.write_list("number,creds\n1,creds/unit-0\n");
  CHECK(bench.build_all().exit_code == 3);
  CHECK_FALSE(bench.keys_are_there());
  bench.units.write_list("serial,creds\nunit-0,creds/none\nunit-1,creds/none\n");
  CHECK(bench.build_all().exit_code == 8);
  CHECK_FALSE(bench.keys_are_there());
  bench.units.write_list("serial,creds\nunit-0,creds/unit-0\n");
  CHECK(bench.build_all({"--dry-run"}).exit_code == 0);
  CHECK_FALSE(bench.keys_are_there());
  std::filesystem::create_directories(bench.units.out("unit-0") / "manifest.json");
  CHECK(bench.build_all().exit_code == 8);
  CHECK_FALSE(std::filesystem::exists(bench.units.out("unit-0") / "mfg_nvs.bin"));
  CHECK_FALSE(bench.keys_are_there());
  bench.units.write_list("serial,creds\nunit-0,creds/none\nunit-1,creds/unit-1\n");
  CHECK(bench.build_all().exit_code == 8);
  CHECK(bench.opens(bench.units.out("unit-1") / "mfg_nvs.bin"));
}

}  // namespace atcert
