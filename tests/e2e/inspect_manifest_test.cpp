// SPDX-License-Identifier: Apache-2.0
// atcert inspect of manifest.json and the files beside it.
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

const std::string kEcc = ATCERT_SOURCE_DIR "/tests/image/data/ecc/";

// A folder that build has filled with three PKI bins.
class Bench {
 public:
  Bench() {
    const Outcome built = test::run({.arguments = {"build", "--cert", kEcc + "certificate.pem", "--key",
                                                   kEcc + "private.pem", "--ca", kEcc + "AmazonRootCA1.pem", "--module",
                                                   "ESP32-C3-MINI-1", "--release", "2.4.0.0", "-o", folder()}});
    REQUIRE(built.exit_code == 0);
  }

  std::string folder() const { return (scratch_.path() / "out").string(); }
  std::string path(const char* name) const { return folder() + "/" + name; }
  Bytes content(const char* name) const { return test::require(read_file(path(name), 1 << 20)); }
  void put(const char* name, ByteView bytes) const { REQUIRE(write_file(path(name), bytes).ok()); }
  Outcome inspect(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"inspect", path("manifest.json")});
    return test::run({.arguments = std::move(more)});
  }

 private:
  ScratchFolder scratch_ = test::require(ScratchFolder::create("manifest"));
};

}  // namespace

TEST_CASE("inspect of a manifest says what was built for what, and that the files are good") {
  const Bench bench;
  const Outcome outcome = bench.inspect();
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find("ESP32-C3-MINI-1 (ESP32C3, module_esp32c3_default)") != std::string::npos);
  CHECK(outcome.out.find("CN=AWS IoT Certificate") != std::string::npos);
  CHECK(outcome.out.find("0x03a000  mqtt_key.bin       240 bytes  good") != std::string::npos);
  CHECK(test::run({.arguments = {"inspect", bench.folder()}}).exit_code == 0);
  const json document = json::parse(bench.inspect({"--json"}).out);
  CHECK(document["kind"] == "manifest");
  CHECK(document["release"] == "2.4.0.0");
  REQUIRE(document["files"].size() == 3);
  CHECK(document["files"][2]["name"] == "mqtt_key.bin");
  CHECK(document["files"][2]["address"] == 0x3A000);
  CHECK(document["files"][2]["state"] == "good");
}

TEST_CASE("a file that is not what the manifest says exits 3") {
  const Bench bench;
  const Bytes good = bench.content("mqtt_ca.bin");
  Bytes flipped = good;
  flipped[500] ^= 1;
  const std::pair<ByteView, const char*> cases[] = {{flipped, "wrong_digest"},
                                                    {ByteView(good).first(99), "wrong_size"}};
  for (const auto& [bytes, state] : cases) {
    bench.put("mqtt_ca.bin", bytes);
    const Outcome outcome = bench.inspect({"--json"});
    CHECK(outcome.exit_code == 3);
    const json document = json::parse(outcome.out);
    CHECK(document["error"]["code"] == "manifest_file");
    CHECK(document["files"].dump().find(state) != std::string::npos);
  }
  std::filesystem::remove(bench.path("mqtt_ca.bin"));
  const Outcome missing = bench.inspect();
  CHECK(missing.exit_code == 3);
  CHECK(missing.err.find("mqtt_ca.bin is missing") != std::string::npos);
}

TEST_CASE("inspect of a folder without a manifest asks for a file") {
  const Bench bench;
  std::filesystem::remove(bench.path("manifest.json"));
  const Outcome outcome = test::run({.arguments = {"inspect", bench.folder()}});
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.err.find(bench.folder() + ": the folder holds no manifest.json") != std::string::npos);
  CHECK(outcome.err.find("remedy: name a file") != std::string::npos);
}

TEST_CASE("a manifest that is cut or leads elsewhere is refused") {
  const Bench bench;
  const Bytes good = bench.content("manifest.json");
  bench.put("manifest.json", ByteView(good).first(400));
  const Outcome cut = bench.inspect();
  CHECK(cut.exit_code == 3);
  CHECK(cut.err.find("manifest.json: line ") != std::string::npos);
  CHECK(cut.err.find("not JSON: it ends too early") != std::string::npos);
  bench.put("manifest.json", ByteView(good).first(40));
  const Outcome short_cut = bench.inspect();
  CHECK(short_cut.exit_code == 3);
  CHECK(short_cut.err.find("not JSON: it ends too early") != std::string::npos);
  std::string elsewhere(as_text(good));
  elsewhere.replace(elsewhere.find("mqtt_ca.bin"), 11, "../secret.k");
  bench.put("manifest.json", as_bytes(elsewhere));
  const Outcome led = bench.inspect();
  CHECK(led.exit_code == 3);
  CHECK(led.err.find("'../secret.k' is no name of a file") != std::string::npos);
}

}  // namespace atcert
