// SPDX-License-Identifier: Apache-2.0
// atcert build as its users run it.
#include <sys/stat.h>

#include <filesystem>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/scratch_folder.hpp"
#include "support/process.hpp"
#include "support/require.hpp"

namespace atcert {
namespace {

using nlohmann::json;
using test::Outcome;

const std::string kData = ATCERT_SOURCE_DIR "/tests/image/data/";

std::vector<std::string> arguments(std::vector<std::string> more) {
  std::vector<std::string> all = {"build",
                                  "--cert",
                                  kData + "ecc/certificate.pem",
                                  "--key",
                                  kData + "ecc/private.pem",
                                  "--ca",
                                  kData + "ecc/AmazonRootCA1.pem"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

Outcome build(std::vector<std::string> more) {
  return test::run({.arguments = arguments(std::move(more))});
}

Bytes content(const std::filesystem::path& path) {
  return test::require(read_file(path.string(), 1 << 20));
}

unsigned mode(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

}  // namespace

TEST_CASE("build writes the PKI bins of a release, flash_args and a manifest") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("build"));
  const auto folder = scratch.path() / "out";
  const Outcome outcome = build({"--module", "ESP32-WROOM-32", "--release", "2.4.0.0", "-o", folder.string()});
  CHECK(outcome.exit_code == 0);
  for (const std::string name : {"mqtt_ca.bin", "mqtt_cert.bin", "mqtt_key.bin"}) {
    CHECK(content(folder / name) == content(kData + "pki/cert-only-ecc/" + name));
  }
  CHECK(mode(folder / "mqtt_key.bin") == 0600);
  CHECK(mode(folder / "mqtt_ca.bin") == 0644);
  CHECK(as_text(content(folder / "flash_args")) ==
        "0x3b000 mqtt_ca.bin\n0x37000 mqtt_cert.bin\n0x39000 mqtt_key.bin\n");
  const json manifest = json::parse(as_text(content(folder / "manifest.json")));
  CHECK(manifest["module"] == "ESP32-WROOM-32");
  CHECK(manifest["files"].size() == 3);
}

TEST_CASE("build writes mfg_nvs.bin from 3.1 on, and tells of it as JSON") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("build"));
  const auto folder = scratch.path() / "out";
  const Outcome outcome =
      build({"--module", "esp32c3 mini-1", "--release", "v4.1.1.0", "-o", folder.string(), "--json"});
  CHECK(outcome.exit_code == 0);
  const json document = json::parse(outcome.out);
  CHECK(document["exit"]["name"] == "ok");
  CHECK(document["written"] == true);
  CHECK(document["manifest"] == json::parse(as_text(content(folder / "manifest.json"))));
  CHECK(document["manifest"]["files"][0]["address"] == "0x1f000");
  CHECK(content(folder / "mfg_nvs.bin").size() == 124 * 1024);
  CHECK(mode(folder / "mfg_nvs.bin") == 0600);
}

TEST_CASE("build warns of what flashing mfg_nvs.bin removes") {
  const Outcome nvs =
      build({"--module", "ESP32-C3-MINI-1", "--release", "4.1.1", "--only-credentials", "--dry-run", "--json"});
  CHECK(nvs.exit_code == 0);
  CHECK(nvs.err.find("flashing it removes those of the module") != std::string::npos);
  CHECK(nvs.err.find("leave out --only-credentials, or put the credentials into the factory image") !=
        std::string::npos);
  const json findings = json::parse(nvs.out)["findings"];
  REQUIRE_FALSE(findings.empty());
  CHECK(findings.back()["code"] == "nvs_replaced");
  CHECK(findings.back()["severity"] == "warning");
  const Outcome pki = build({"--module", "ESP32-C3-MINI-1", "--release", "2.4.0.0", "--dry-run"});
  CHECK(pki.exit_code == 0);
  CHECK(pki.err.find("flashing it removes") == std::string::npos);
  const Outcome whole = build({"--module", "ESP32-C3-MINI-1", "--release", "4.1.1", "--dry-run"});
  CHECK(whole.exit_code == 0);
  CHECK(whole.err.find("flashing it removes") == std::string::npos);
  const Outcome unknown = build({"--module", "ESP32-S2-WROOM", "--release", "4.1.1.0", "--dry-run"});
  CHECK(unknown.exit_code == 0);
  CHECK(unknown.err.find("Espressif's sources have none of ESP32-S2-WROOM") != std::string::npos);
}

TEST_CASE("a folder with images for other firmware is refused and stays as it is") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("build"));
  for (const std::string first : {"2.4.0.0", "4.1.1.0"}) {
    CAPTURE(first);
    const auto folder = scratch.path() / first;
    REQUIRE(build({"--module", "ESP32-C3-MINI-1", "--release", first, "-o", folder.string()}).exit_code == 0);
    const Bytes manifest = content(folder / "manifest.json");
    const std::string second = first == "2.4.0.0" ? "4.1.1.0" : "2.4.0.0";
    const Outcome other = build({"--module", "ESP32-C3-MINI-1", "--release", second, "-o", folder.string()});
    CHECK(other.exit_code == 2);
    CHECK(other.err.find("is of an earlier build") != std::string::npos);
    CHECK(content(folder / "manifest.json") == manifest);
    CHECK(build({"--module", "ESP32-C3-MINI-1", "--release", first, "-o", folder.string()}).exit_code == 0);
  }
}

TEST_CASE("build with a partition table of the user's own") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("build"));
  const auto table = (scratch.path() / "table.csv").string();
  const std::string_view csv = "mfg_nvs, data, nvs, 0x50000, 0x1C000,\n";
  REQUIRE(write_file(table, as_bytes(csv)).ok());
  const auto folder = scratch.path() / "out";
  const Outcome outcome = build({"--module", "ESP32-WROOM-32", "--partition-table", table, "-o", folder.string()});
  CHECK(outcome.exit_code == 0);
  CHECK(as_text(content(folder / "flash_args")) == "0x50000 mfg_nvs.bin\n");
}

TEST_CASE("bad input stops build before anything is written") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("build"));
  const auto folder = scratch.path() / "out";
  const struct {
    std::vector<std::string> arguments;
    int exit_code;
    const char* words;
  } cases[] = {
      {{"--module", "ESP32-WROOM-33", "-o", folder.string()}, 2, "did you mean ESP32-WROOM-32"},
      {{"--module", "MINI-1", "-o", folder.string()}, 2, "ESP32-MINI-1, ESP32-C3-MINI-1"},
      {{"--module", "ESP32-WROOM-32", "--release", "9.9.9.9", "-o", folder.string()}, 2, "no layout"},
      {{"--module", "ESP-WROOM-02", "--release", "2.0.0.0", "-o", folder.string()}, 3, "has no partition for MQTT"},
      {{"--module", "ESP32-WROOM-32", "--partition-table", kData + "README.md", "-o", folder.string()},
       3,
       "README.md: line 3"},
      {{"--module", "ESP32-WROOM-32"}, 2, "-o DIR"},
      {{"-o", folder.string()}, 2, "--module NAME"},
      {{"--module", "ESP32-C3", "-o", folder.string()}, 2, "did you mean ESP32-C3-MINI-1"},
      {{"--module", "ESP32-WROOM-32", "--nvs-update", "new", "-o", folder.string()}, 2, "goes together with --into"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.words);
    const Outcome outcome = build(each.arguments);
    CHECK(outcome.exit_code == each.exit_code);
    CHECK(outcome.err.find(each.words) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder));
  }
}

TEST_CASE("a key of another certificate stops build") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("build"));
  const auto folder = scratch.path() / "out";
  const Outcome outcome = test::run(
      {.arguments = {"build", "--cert", kData + "ecc/intermediate.pem", "--key", kData + "ecc/private.pem", "--ca",
                     kData + "ecc/AmazonRootCA1.pem", "--module", "ESP32-WROOM-32", "-o", folder.string()}});
  CHECK(outcome.exit_code == 3);
  CHECK_FALSE(std::filesystem::exists(folder));
}

TEST_CASE("a dry run writes nothing, and the modules can be listed") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("build"));
  const auto folder = scratch.path() / "out";
  const Outcome dry = build({"--module", "ESP32-WROOM-32", "-o", folder.string(), "--dry-run"});
  CHECK(dry.exit_code == 0);
  CHECK(dry.out.find("mfg_nvs.bin") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder));
  const Outcome list = test::run({.arguments = {"build", "--list-modules", "--json"}});
  CHECK(list.exit_code == 0);
  const Outcome text = test::run({.arguments = {"build", "--list-modules"}});
  CHECK(text.out.find("DEFAULT") != std::string::npos);
  CHECK(text.err.find("DEFAULT is what build takes") != std::string::npos);
  const json modules = json::parse(list.out)["modules"];
  CHECK(modules.size() == 36);
  CHECK(modules[0]["module"] == "ESP32-WROOM-32");
  CHECK(modules[0]["newest"] == "4.1.1.0");
}

}  // namespace atcert
