// SPDX-License-Identifier: Apache-2.0
// atcert inspect --nvs-keys as its users run it.
#include <doctest/doctest.h>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/scratch_folder.hpp"
#include "image/nvs_encryption.hpp"
#include "support/image_data.hpp"
#include "support/process.hpp"
#include "support/require.hpp"

namespace atcert {
namespace {

using nlohmann::json;
using test::Outcome;

const std::string kData = ATCERT_SOURCE_DIR "/tests/image/data/";
const std::string kKeys = kData + "nvs/encrypted/keys.bin";
constexpr std::size_t kMfgNvs = 0x1F000;  // its offset and its size

// A folder with a factory image and its partition mfg_nvs, encrypted, and other keys.
class Bench {
 public:
  Bench() {
    const auto keys = test::require(image::NvsKeys::from_partition(test::require(read_file(kKeys, 4096))));
    Bytes factory = test::image_data("factory/nvs.bin.gz");
    put("plain.bin", ByteView(factory).subspan(kMfgNvs, kMfgNvs));
    REQUIRE(image::encrypt_nvs(std::span(factory).subspan(kMfgNvs, kMfgNvs), keys).ok());
    put("factory.bin", factory);
    put("mfg_nvs.bin", ByteView(factory).subspan(kMfgNvs, kMfgNvs));
    Bytes other(image::kNvsKeysSize, 1);
    other[0] = 2;
    put("other_keys.bin", test::require(image::NvsKeys::from_bytes(other)).partition().reveal());
  }

  std::string path(const char* name) const { return (scratch_.path() / name).string(); }

 private:
  void put(const char* name, ByteView bytes) { REQUIRE(write_file(path(name), bytes).ok()); }

  ScratchFolder scratch_ = test::require(ScratchFolder::create("inspect"));
};

Outcome inspect(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "inspect");
  return test::run({.arguments = std::move(arguments)});
}

}  // namespace

TEST_CASE("inspect --nvs-keys reads an encrypted partition, alone and in a factory image") {
  const Bench bench;
  for (const char* name : {"mfg_nvs.bin", "factory.bin"}) {
    CAPTURE(name);
    const Outcome outcome = inspect({bench.path(name), "--nvs-keys", kKeys});
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.out.find("encrypted") != std::string::npos);
    CHECK(outcome.out.find("CN=AWS IoT Certificate") != std::string::npos);
    CHECK(outcome.out.find("mqtt_cert/mqtt_cert and mqtt_key/mqtt_key belong together") != std::string::npos);
    const json document = json::parse(inspect({bench.path(name), "--nvs-keys", kKeys, "--json"}).out);
    CHECK(document["nvs"][0]["encrypted"] == true);
    CHECK(document["items"].size() > 10);
  }
}

TEST_CASE("inspect of an encrypted partition without keys asks for them") {
  const Bench bench;
  for (const char* name : {"mfg_nvs.bin", "factory.bin"}) {
    CAPTURE(name);
    const Outcome outcome = inspect({bench.path(name), "--json"});
    CHECK(outcome.exit_code == 3);
    CHECK(outcome.err.find("give its keys with --nvs-keys FILE") != std::string::npos);
    const json document = json::parse(outcome.out);
    CHECK(document["error"]["code"] == "nvs_encrypted");
    CHECK(document["items"].empty());
  }
}

TEST_CASE("NVS keys that do not fit are refused with the reason") {
  const Bench bench;
  const struct {
    std::string file;
    std::string keys;
    const char* code;
  } cases[] = {
      {bench.path("mfg_nvs.bin"), bench.path("other_keys.bin"), "nvs_keys_wrong"},
      {bench.path("factory.bin"), bench.path("other_keys.bin"), "nvs_keys_wrong"},
      {bench.path("mfg_nvs.bin"), kData + "ecc/AmazonRootCA1.pem", "nvs_keys_crc"},
      {bench.path("plain.bin"), kKeys, "nvs_not_encrypted"},
      {kData + "pki/typed-ecc/mqtt_key.bin", kKeys, "nvs_keys_unused"},
      {kData + "ecc/certificate.pem", kKeys, "nvs_keys_unused"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.file);
    const Outcome outcome = inspect({each.file, "--nvs-keys", each.keys, "--json"});
    CHECK(outcome.exit_code == 3);
    CHECK(json::parse(outcome.out)["error"]["code"] == each.code);
  }
}

}  // namespace atcert
