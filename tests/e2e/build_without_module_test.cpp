// SPDX-License-Identifier: Apache-2.0
// atcert build without --module: for a partition table alone, and for no known place in the flash.
#include <filesystem>

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "base/scratch_folder.hpp"
#include "image/nvs_image.hpp"
#include "image/partition_table.hpp"
#include "support/image_data.hpp"
#include "support/process.hpp"
#include "support/require.hpp"
#include "support/units.hpp"

namespace atcert {
namespace {

using nlohmann::json;
using test::content_of;
using test::Outcome;

const std::string kData = ATCERT_SOURCE_DIR "/tests/image/data/";
const std::vector<std::string> kCredentials{"--cert", kData + "ecc/certificate.pem",
                                            "--key",  kData + "ecc/private.pem",
                                            "--ca",   kData + "ecc/AmazonRootCA1.pem"};

class Folder {
 public:
  std::filesystem::path path(const char* name) const { return scratch_.path() / name; }
  std::filesystem::path out(const char* name) const { return path("out") / name; }
  json manifest() const { return json::parse(as_text(content_of(out("manifest.json")))); }

  std::string put(const char* name, std::string_view text) const {
    test::write_text(path(name), text);
    return path(name).string();
  }

  Outcome build(std::vector<std::string> more) const {
    more.insert(more.begin(), {"build", "-o", path("out").string()});
    return test::run({.arguments = std::move(more)});
  }
  Outcome build_with_credentials(std::vector<std::string> more) const {
    more.insert(more.end(), kCredentials.begin(), kCredentials.end());
    return build(std::move(more));
  }

 private:
  ScratchFolder scratch_ = test::require(ScratchFolder::create("bare"));
};

std::vector<std::string> csv_and_size(const char* csv, const char* size) {
  return {"--nvs-csv", kData + "nvs/" + csv + ".csv", "--size", size};
}

}  // namespace

TEST_CASE("a CSV and a size make what nvs_partition_gen makes, placed nowhere") {
  const struct {
    const char* csv;
    const char* size;
    std::vector<std::string> release;
    const char* expected;
  } cases[] = {{"types", "0x1C000", {}, "nvs/new/types.1C000.bin.gz"},
               {"types", "112K", {"--release", "4.0.0.0"}, "nvs/old/types.1C000.bin.gz"},
               {"edge-tail0", "20K", {"--release", "4.1.1"}, "nvs/new/edge-tail0.5000.bin.gz"}};
  for (const auto& each : cases) {
    CAPTURE(each.expected);
    const Folder folder;
    std::vector<std::string> arguments = csv_and_size(each.csv, each.size);
    arguments.insert(arguments.end(), each.release.begin(), each.release.end());
    const Outcome outcome = folder.build(arguments);
    CHECK(outcome.exit_code == 0);
    CHECK(content_of(folder.out("mfg_nvs.bin")) == test::image_data(each.expected));
    CHECK_FALSE(std::filesystem::exists(folder.out("flash_args")));
    CHECK(outcome.out.find("0x") == std::string::npos);
    CHECK(outcome.err.find("write_flash") == std::string::npos);
    const json manifest = folder.manifest();
    for (const char* name : {"module", "chip", "config", "layout"}) CHECK(manifest[name].is_null());
    CHECK(manifest["files"][0]["address"].is_null());
    CHECK(manifest["files"][0]["partition_size"].is_null());
  }
}

TEST_CASE("what is placed nowhere is said and inspected without an address") {
  const Folder folder;
  std::vector<std::string> arguments = csv_and_size("types", "0x1C000");
  arguments.emplace_back("--json");
  const json built = json::parse(folder.build(arguments).out);
  CHECK(built["manifest"] == folder.manifest());
  const std::string manifest = folder.out("manifest.json").string();
  const Outcome shown = test::run({.arguments = {"inspect", manifest}});
  CHECK(shown.exit_code == 0);
  CHECK(shown.out.find("module      none given") != std::string::npos);
  CHECK(shown.out.find("layout      none given\n") != std::string::npos);
  CHECK(shown.out.find("nowhere   mfg_nvs.bin   114688 bytes  good") != std::string::npos);
  const json inspected = json::parse(test::run({.arguments = {"inspect", manifest, "--json"}}).out);
  CHECK(inspected["module"].is_null());
  CHECK(inspected["release"] == "5.0.1.0");
  CHECK(inspected["files"][0]["address"].is_null());
}

TEST_CASE("flash_args of an earlier build do not stay beside an image that is placed nowhere") {
  const Folder folder;
  REQUIRE(folder.build_with_credentials({"--module", "ESP32-WROOM-32"}).exit_code == 0);
  REQUIRE(std::filesystem::exists(folder.out("flash_args")));
  auto words = csv_and_size("types", "0x1C000");
  CHECK(folder.build(words).exit_code == 9);  // the image there is that of a certificate
  CHECK(std::filesystem::exists(folder.out("flash_args")));
  words.emplace_back("--force");
  CHECK(folder.build(words).exit_code == 0);
  CHECK_FALSE(std::filesystem::exists(folder.out("flash_args")));
  CHECK(folder.manifest()["module"].is_null());
}

TEST_CASE("a partition table does without a module: it has the addresses and sizes") {
  const Folder folder;
  const std::string csv = folder.put("table.csv", "mfg_nvs, data, nvs, 0x50000, 0x1C000,\n");
  const auto partitions = test::require(image::parse_partition_csv("mfg_nvs, data, nvs, 0x50000, 0x1C000,\n"));
  const Bytes binary = test::require(image::write_partition_table(partitions, true));
  for (const std::string& table : {csv, folder.put("table.bin", as_text(binary))}) {
    CAPTURE(table);
    const Outcome outcome = folder.build_with_credentials({"--partition-table", table, "--release", "4.1.1.0"});
    CHECK(outcome.exit_code == 0);
    CHECK(content_of(folder.out("mfg_nvs.bin")) == test::image_data("nvs/new/minimal-ecc.1C000.bin.gz"));
    CHECK(as_text(content_of(folder.out("flash_args"))) == "0x50000 mfg_nvs.bin\n");
    CHECK(folder.manifest()["module"].is_null());
    CHECK(folder.manifest()["layout"] == "given");
    CHECK(outcome.err.find("lacks factory parameters, because no module is given: ") != std::string::npos);
    CHECK(outcome.err.find("to keep them, give --module, or ") != std::string::npos);
  }
}

TEST_CASE("a partition table of old firmware takes PKI bins and sets their limits") {
  const Folder folder;
  const std::string table = folder.put("table.csv",
                                       "mqtt_cert, 0x40, 8, 0x37000, 0x1000,\nmqtt_key, 0x40, 9, 0x39000, 0x1000,\n"
                                       "mqtt_ca, 0x40, 10, 0x3B000, 0x1000,\n");
  const Outcome outcome = folder.build_with_credentials({"--partition-table", table, "--release", "2.4.0.0"});
  CHECK(outcome.exit_code == 0);
  CHECK(content_of(folder.out("mqtt_ca.bin")) == test::image_data("pki/cert-only-ecc/mqtt_ca.bin"));
  const std::string root(as_text(test::image_data("ecc/AmazonRootCA1.pem")));
  const std::string large = folder.put("large.pem", root + root + root + root);
  const Outcome refused = folder.build({"--partition-table", table, "--release", "2.4.0.0", "--cert", kCredentials[1],
                                        "--key", kCredentials[3], "--ca", large});
  CHECK(refused.exit_code == 3);
  CHECK(refused.err.find("that firmware 2.4.0.0 has for it") != std::string::npos);
  const Outcome newest = folder.build_with_credentials({"--partition-table", table});
  CHECK(newest.exit_code == 3);
  CHECK(newest.err.find("has no partition mfg_nvs") != std::string::npos);
}

TEST_CASE("what a build without a module lacks is named, and nothing is written") {
  const Folder folder;
  const std::string csv = kData + "nvs/types.csv";
  const struct {
    std::vector<std::string> arguments;
    int exit_code;
    const char* words;
  } cases[] = {
      {{"--nvs-csv", csv}, 2, "or --partition-table FILE"},
      {{"--size", "0x1C000"}, 2, "no module is given"},
      {kCredentials, 2, "no module is given"},
      {{"--nvs-csv", csv, "--size", "0x1C000", "--release", "2.4.0.0"}, 2, "has no mfg_nvs"},
      {{"--nvs-csv", csv, "--size", "0x1C000", "--release", "four"}, 2, "four"},
      {{"--nvs-csv", csv, "--size", "0x1C001"}, 3, "a multiple of 0x1000"},
      {{"--nvs-csv", csv, "--size", "0xFFFFF000"}, 3, "mfg_nvs: an image of 0xFFFFF000 bytes fits no flash"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.words);
    const Outcome outcome = folder.build(each.arguments);
    CHECK(outcome.exit_code == each.exit_code);
    CHECK(outcome.err.find(each.words) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path("out")));
  }
}

TEST_CASE("many units are placed nowhere as one is, with credentials of their own") {
  const test::Units units(3);
  const std::vector<std::string> arguments{
      "build",   "--manifest", units.list_path().string(), "--nvs-csv", kData + "nvs/types.csv", "--size",
      "0x1C000", "-o",         units.out().string(),       "--json"};
  const json document = json::parse(test::run({.arguments = arguments}).out);
  CHECK(document["written"] == 3);
  for (const char* unit : {"unit-0", "unit-1", "unit-2"}) {
    CAPTURE(unit);
    CHECK_FALSE(std::filesystem::exists(units.out(unit) / "flash_args"));
    const Bytes bytes = content_of(units.out(unit) / "mfg_nvs.bin");
    CHECK(image::read_nvs(bytes).find("mqtt_key", "mqtt_key") != nullptr);
    CHECK(json::parse(as_text(content_of(units.out(unit) / "manifest.json")))["files"][0]["address"].is_null());
  }
  test::write_text(units.out("unit-1") / "flash_args", "0x0 mfg_nvs.bin\n");
  const json again = json::parse(test::run({.arguments = arguments}).out);
  CHECK(again["kept"] == 2);
  CHECK(again["written"] == 1);
  CHECK_FALSE(std::filesystem::exists(units.out("unit-1") / "flash_args"));
}

}  // namespace atcert
