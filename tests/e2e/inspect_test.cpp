// SPDX-License-Identifier: Apache-2.0
// atcert inspect as its users run it.
#include <sys/stat.h>

#include <filesystem>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/scratch_folder.hpp"
#include "image/nvs_image.hpp"
#include "support/image_data.hpp"
#include "support/process.hpp"
#include "support/require.hpp"

namespace atcert {
namespace {

using nlohmann::json;
using test::Outcome;

const std::string kData = ATCERT_SOURCE_DIR "/tests/image/data/";

Outcome inspect(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "inspect");
  return test::run({.arguments = std::move(arguments)});
}

Bytes content(const std::filesystem::path& path) {
  return test::require(read_file(path.string(), 1 << 20));
}

std::string built_nvs(const std::filesystem::path& folder, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"build",
                                     "--cert",
                                     kData + "ecc/certificate.pem",
                                     "--key",
                                     kData + "ecc/private.pem",
                                     "--ca",
                                     kData + "ecc/AmazonRootCA1.pem",
                                     "--module",
                                     "ESP32-C3-MINI-1",
                                     "--only-credentials",
                                     "-o",
                                     folder.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome built = test::run({.arguments = std::move(arguments)});
  REQUIRE(built.exit_code == 0);
  return (folder / "mfg_nvs.bin").string();
}

}  // namespace

TEST_CASE("inspect shows what is in an image, and no key") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("inspect"));
  const Outcome outcome = inspect({built_nvs(scratch.path() / "out")});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find("CN=AWS IoT Certificate") != std::string::npos);
  CHECK(outcome.out.find("mqtt_cert/mqtt_cert and mqtt_key/mqtt_key belong together") != std::string::npos);
  const std::string key(as_text(content(kData + "ecc/private.pem")));
  CHECK(outcome.all().find(key.substr(40, 40)) == std::string::npos);
}

TEST_CASE("inspect describes damage as far as it can read, and exits 3") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("inspect"));
  Bytes image = content(built_nvs(scratch.path() / "out"));
  image[64 + 5 * 32] ^= 0x40;
  const auto path = (scratch.path() / "damaged.bin").string();
  REQUIRE(write_file(path, image).ok());
  const Outcome outcome = inspect({path, "--json"});
  CHECK(outcome.exit_code == 3);
  const json document = json::parse(outcome.out);
  CHECK(document["exit"]["name"] == "input");
  CHECK(document["faults"][0]["offset"] == 64 + 32);
  CHECK(document["items"].size() == 2);
}

TEST_CASE("an image that is cut is recognised by its beginning") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("inspect"));
  const Bytes image = content(built_nvs(scratch.path() / "out"));
  const auto path = (scratch.path() / "cut.bin").string();
  for (const std::size_t size : {32U, 500U, 4097U}) {
    CAPTURE(size);
    REQUIRE(write_file(path, ByteView(image).first(size)).ok());
    const Outcome outcome = inspect({path});
    CHECK(outcome.exit_code == 3);
    CHECK(outcome.out.find("NVS partition") != std::string::npos);
    CHECK(outcome.out.find("the last page is cut") != std::string::npos);
    CHECK(outcome.err.find("encrypted") == std::string::npos);
  }
}

TEST_CASE("a PKI bin whose certificate is damaged exits 3") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("inspect"));
  const Bytes good = content(kData + "pki/cert-only-ecc/mqtt_ca.bin");
  const auto path = (scratch.path() / "mqtt_ca.bin").string();
  for (const std::size_t at : {14U, 60U}) {  // in the BEGIN line, in the Base64 behind it
    CAPTURE(at);
    Bytes image = good;
    image[at] ^= 0x02;
    REQUIRE(write_file(path, image).ok());
    const Outcome outcome = inspect({path});
    CHECK(outcome.exit_code == 3);
    CHECK(outcome.out.find("PKI bin") != std::string::npos);
    CHECK(outcome.err.find("0 is damaged") != std::string::npos);
  }
}

TEST_CASE("inspect extracts the items, keys for their owner only") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("inspect"));
  const auto folder = scratch.path() / "items";
  CHECK(inspect({built_nvs(scratch.path() / "out"), "--extract", folder.string()}).exit_code == 0);
  const auto key = folder / "01-mqtt_key.mqtt_key.pem";
  CHECK(content(key) == content(kData + "ecc/private.pem"));
  struct stat status {};
  REQUIRE(stat(key.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);
}

TEST_CASE("inspect reads certificates and keys, and refuses what is neither") {
  CHECK(inspect({kData + "ecc/private.pem"}).out.find("P-256") != std::string::npos);
  CHECK(inspect({kData + "ecc/AmazonRootCA1.pem"}).out.find("not_after") != std::string::npos);
  const Outcome unknown = inspect({kData + "README.md"});
  CHECK(unknown.exit_code == 3);
  CHECK(unknown.err.find("not an image, a certificate or a key") != std::string::npos);
}

TEST_CASE("inspect tells the parameters of old firmware in words") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("inspect"));
  const auto path = (scratch.path() / "factory_param.bin").string();
  const Bytes factory = test::image_data("factory/pki.bin.gz");
  REQUIRE(write_file(path, ByteView(factory).subspan(0x31000, 0x1000)).ok());
  const Outcome outcome = inspect({path});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find("factory_param partition") != std::string::npos);
  CHECK(outcome.out.find("max_tx_power    number  78 (19.5 dBm)") != std::string::npos);
  const json document = json::parse(inspect({path, "--json"}).out);
  CHECK(document["kind"] == "factory_param partition");
  CHECK(document["items"][1]["name"] == "max_tx_power");
  CHECK(document["items"][1]["value"] == "78");
  CHECK(document["items"][1]["words"] == "19.5 dBm");
}

TEST_CASE("a certificate and a key that do not belong together exit 3") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("inspect"));
  const Bytes certificate = content(kData + "ecc/intermediate.pem");
  const Bytes key = content(kData + "ecc/private.pem");
  const image::NvsValue values[] = {{"mqtt_cert", "mqtt_cert", image::NvsType::blob, certificate},
                                    {"mqtt_key", "mqtt_key", image::NvsType::blob, key}};
  const auto nvs = test::require(image::generate_nvs(values, 0x4000, image::NvsStyle::new_style));
  const auto path = (scratch.path() / "mfg_nvs.bin").string();
  REQUIRE(write_file(path, nvs.reveal()).ok());
  const Outcome outcome = inspect({path, "--json"});
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.err.find("mqtt_cert/mqtt_cert and mqtt_key/mqtt_key do not belong together") != std::string::npos);
  const json document = json::parse(outcome.out);
  CHECK(document["error"]["code"] == "pair_mismatch");
  CHECK(document["pairs"][0]["belong"] == false);
}

TEST_CASE("what is nothing that inspect knows is said as it is") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("inspect"));
  const auto path = (scratch.path() / "file").string();
  const std::pair<Bytes, const char*> cases[] = {
      {{}, "is empty"}, {Bytes(4096, 0xFF), "erased flash"}, {Bytes(64, 'x'), "not an image"}};
  for (const auto& [bytes, words] : cases) {
    REQUIRE(write_file(path, bytes).ok());
    const Outcome outcome = inspect({path});
    CHECK(outcome.exit_code == 3);
    CHECK(outcome.err.find(words) != std::string::npos);
  }
}

TEST_CASE("names in an image steer nothing and make no lines of their own") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("inspect"));
  const image::NvsValue hostile{"a\nok: good", "k\r\x1b[31m", image::NvsType::string, as_bytes("v")};
  const Secret image = test::require(image::generate_nvs({&hostile, 1}, 0x4000, image::NvsStyle::new_style));
  const std::string path = scratch.path() / "nvs.bin";
  REQUIRE(write_file(path, image.reveal()));
  for (const char* color : {"never", "always"}) {
    const Outcome people = inspect({path, "--color", color});
    CHECK(people.out.find("a\\nok: good/k\\r\\x1b[31m") != std::string::npos);
    CHECK(people.out.find("\nok: good") == std::string::npos);
  }
  CHECK(inspect({path, "--color", "never"}).out.find('\x1b') == std::string::npos);
  const json document = json::parse(inspect({path, "--json"}).out);
  CHECK(document["items"][0]["name"] == "a\\nok: good/k\\r\\x1b[31m");
}

}  // namespace atcert
