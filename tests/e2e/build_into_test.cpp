// SPDX-License-Identifier: Apache-2.0
// atcert build --into and --nvs-keys as their users run them.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/scratch_folder.hpp"
#include "image/nvs_encryption.hpp"
#include "image/nvs_image.hpp"
#include "support/image_data.hpp"
#include "support/process.hpp"
#include "support/require.hpp"

namespace atcert {
namespace {

using nlohmann::json;
using test::Outcome;

const std::string kEcc = ATCERT_SOURCE_DIR "/tests/image/data/ecc/";
constexpr std::size_t kMfgNvs = 0x1f000;
// openssl x509 -noout -fingerprint -sha256 -in tests/image/data/ecc/certificate.pem, and tests/credentials/data/ec.pem
const std::string kOwnCertificate = "42c85ab76a0fe97dfcf3eecff3387bca1b3434ab220056ceee318c15c6bbcae0";
const std::string kOtherCertificate = "f32a3633254420fefc48755d50d5b817adc95a38dab0ddebe4fd826a3fb0f682";

// A folder with a factory image, and what is run on it.
class Bench {
 public:
  explicit Bench(const std::string& image) : original_(test::image_data(image)) {
    if (!write_file(input(), original_)) FAIL("cannot write the image");
  }

  std::string input() const { return (scratch_.path() / "factory.bin").string(); }
  std::string output() const { return (scratch_.path() / "patched.bin").string(); }
  std::string path(const char* name) const { return (scratch_.path() / name).string(); }
  const Bytes& original() const { return original_; }
  // Encrypts mfg_nvs of the image.
  void encrypt(const image::NvsKeys& keys) {
    if (!image::encrypt_nvs(std::span(original_).subspan(kMfgNvs, kMfgNvs), keys).ok()) FAIL("cannot encrypt");
    if (!write_file(input(), original_)) FAIL("cannot write the image");
  }

  Outcome run(std::vector<std::string> more) const {
    std::vector<std::string> all{"build", "--into", input()};
    all.insert(all.end(), more.begin(), more.end());
    return test::run({.arguments = std::move(all)});
  }
  Outcome run_with_credentials(std::vector<std::string> more) const {
    more.insert(more.end(), {"--cert", kEcc + "certificate.pem", "--key", kEcc + "private.pem", "--ca",
                             kEcc + "AmazonRootCA1.pem"});
    return run(std::move(more));
  }
  Bytes written() const { return test::require(read_file(output(), 1 << 21)); }
  bool input_untouched() const { return test::require(read_file(input(), 1 << 21)) == original_; }

 private:
  ScratchFolder scratch_ = test::require(ScratchFolder::create("into"));
  Bytes original_;
};

}  // namespace

TEST_CASE("build --into sets all that at.py sets in mfg_nvs, and the result is the same") {
  const Bench bench("factory/nvs.bin.gz");
  const Outcome outcome = bench.run({"--tx-power",
                                     "60",
                                     "--country-code",
                                     "US",
                                     "--start-channel",
                                     "2",
                                     "--channel-number",
                                     "11",
                                     "--uart-baud",
                                     "921600",
                                     "--uart-tx-pin",
                                     "18",
                                     "--uart-rx-pin",
                                     "19",
                                     "--uart-cts-pin",
                                     "-1",
                                     "--uart-rts-pin",
                                     "-1",
                                     "--module-name",
                                     "MINI-2",
                                     "--gatt-row",
                                     "1=1,16,0x2803,0x01,1,1,08",
                                     "--nvs-update",
                                     "old",
                                     "-o",
                                     bench.output()});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out.find("factory_param/max_tx_power: 78 -> 60") != std::string::npos);
  const auto expected = test::image_data("factory/nvs-patched.bin.gz");
  const auto values = image::read_nvs(ByteView(expected).subspan(kMfgNvs, kMfgNvs));
  const Bytes written = bench.written();
  const auto patched = image::read_nvs(ByteView(written).subspan(kMfgNvs, kMfgNvs));
  for (const auto& item : values.items) {
    if (item.space != "factory_param" && item.space != "ble_data") continue;
    CAPTURE(item.key);
    REQUIRE(patched.find(item.space, item.key) != nullptr);
    CHECK(patched.find(item.space, item.key)->value() == item.value());
  }
  CHECK(bench.input_untouched());
}

TEST_CASE("build --into sets all that at.py sets in the partition of old firmware") {
  const Bench bench("factory/pki.bin.gz");
  const Outcome outcome = bench.run({"--tx-power",
                                     "60",
                                     "--country-code",
                                     "US",
                                     "--start-channel",
                                     "2",
                                     "--channel-number",
                                     "11",
                                     "--uart-port",
                                     "0",
                                     "--uart-baud",
                                     "921600",
                                     "--uart-tx-pin",
                                     "18",
                                     "--uart-rx-pin",
                                     "19",
                                     "--uart-cts-pin",
                                     "-1",
                                     "--uart-rts-pin",
                                     "-1",
                                     "--uart-tx-control-pin",
                                     "3",
                                     "--uart-rx-control-pin",
                                     "1",
                                     "--platform",
                                     "PLATFORM_ESP32",
                                     "--module-name",
                                     "MINI-2",
                                     "-o",
                                     bench.output()});
  CHECK(outcome.exit_code == 0);
  CHECK(bench.written() == test::image_data("factory/pki-patched.bin.gz"));
}

TEST_CASE("build --into puts credentials into either generation, and tells the diff as JSON without secrets") {
  for (const std::string image : {"factory/nvs.bin.gz", "factory/pki.bin.gz"}) {
    CAPTURE(image);
    const Bench bench(image);
    const Outcome outcome =
        bench.run_with_credentials({"--slot", "server", "--release", "2.4.0.0", "-o", bench.output(), "--json"});
    CHECK(outcome.exit_code == 0);
    const json document = json::parse(outcome.out);
    CHECK(document["written"] == true);
    REQUIRE_FALSE(document["changes"].empty());
    CHECK(document["changes"][0].contains("before"));
    CHECK(outcome.all().find("PRIVATE KEY") == std::string::npos);
    struct stat status {};
    REQUIRE(stat(bench.output().c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600);
  }
}

TEST_CASE("build --into puts files into slots of either generation") {
  const std::string cas = "client_ca=AmazonRootCA1," + kEcc + "AmazonRootCA1.pem";
  for (const std::string image : {"factory/nvs.bin.gz", "factory/pki.bin.gz"}) {
    CAPTURE(image);
    const Bench bench(image);
    CHECK(bench.run({"--slot", cas, "-o", bench.output()}).exit_code == 0);
    const Outcome again =
        bench.run({"--slot", cas, "--slot", "mqtt_key=" + kEcc + "private.pem", "-o", bench.output()});
    CHECK(again.exit_code == 3);
    CHECK(again.err.find("0 certificates and 1 key are") != std::string::npos);
  }
  const Bench bench("factory/nvs.bin.gz");
  const std::string twice = "=" + kEcc + "certificate.pem," + kEcc + "certificate.pem";
  const std::string keys = "=" + kEcc + "private.pem," + kEcc + "private.pem";
  const Outcome two = bench.run({"--slot", "server_cert" + twice, "--slot", "server_key" + keys, "-o", bench.output()});
  CHECK(two.exit_code == 0);
  CHECK(two.out.find("server_key/server_key.1: none -> 227 bytes") != std::string::npos);
  const Outcome single = bench.run({"--slot", "mqtt_cert" + twice, "--slot", "mqtt_key" + keys, "--dry-run"});
  CHECK(single.exit_code == 3);
  CHECK(single.err.find("mqtt_cert holds one item") != std::string::npos);
}

TEST_CASE("what is there already is said, and the copy is the same") {
  const Bench bench("factory/pki.bin.gz");
  const Outcome outcome = bench.run_with_credentials({"-o", bench.output()});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.find("nothing changes") != std::string::npos);
  CHECK(bench.written() == bench.original());
}

TEST_CASE("a dry run prints the diff alone") {
  const Bench bench("factory/nvs.bin.gz");
  const Outcome outcome = bench.run({"--module-name", "X", "--dry-run"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == "mfg_nvs  factory_param/module_name: MINI-1 -> X\n");
  CHECK_FALSE(std::filesystem::exists(bench.output()));
}

TEST_CASE("bad input to build --into leaves no file behind, and the image as it was") {
  const Bench bench("factory/nvs.bin.gz");
  const struct {
    std::vector<std::string> arguments;
    int exit_code;
    const char* words;
  } cases[] = {
      {{"-o", bench.output()}, 2, "nothing to put into the image"},
      {{"--tx-power", "85", "-o", bench.output()}, 3, "40 to 84"},
      {{"--tx-power", "60"}, 2, "-o FILE"},
      {{"--tx-power", "60", "-o", bench.input()}, 2, "never changed"},
      {{"--gatt-row", "x", "-o", bench.output()}, 2, "gatts_data.csv"},
      {{"--uart-tx-control-pin", "1", "-o", bench.output()}, 3, "has no tx_control_pin"},
      {{"--tx-power", "60", "--nvs-update", "mixed", "-o", bench.output()}, 2, "in-place"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.words);
    const Outcome outcome = bench.run(each.arguments);
    CHECK(outcome.exit_code == each.exit_code);
    CHECK(outcome.err.find(each.words) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(bench.output()));
  }
  CHECK(bench.input_untouched());
}

TEST_CASE("new NVS keys are made once, and encrypt what build makes") {
  const Bench bench("factory/nvs.bin.gz");
  const auto build = [&](std::vector<std::string> more) {
    more.insert(more.end(),
                {"--cert", kEcc + "certificate.pem", "--key", kEcc + "private.pem", "--ca", kEcc + "AmazonRootCA1.pem",
                 "--nvs-keys", bench.path("keys.bin"), "-o", bench.path("out")});
    more.insert(more.begin(), "build");
    return test::run({.arguments = std::move(more)});
  };
  CHECK(build({"--module", "ESP32-C3-MINI-1", "--make-nvs-keys"}).exit_code == 0);
  const auto keys =
      test::require(image::NvsKeys::from_partition(test::require(read_file(bench.path("keys.bin"), 4096))));
  Bytes encrypted = test::require(read_file(bench.path("out/mfg_nvs.bin"), 1 << 20));
  CHECK_FALSE(image::is_clean(image::read_nvs(encrypted).faults));
  REQUIRE(image::decrypt_nvs(encrypted, keys).ok());
  CHECK(image::read_nvs(encrypted).find("mqtt_key", "mqtt_key") != nullptr);
  const Outcome again = build({"--module", "ESP32-C3-MINI-1", "--make-nvs-keys"});
  CHECK(again.exit_code == 2);
  CHECK(again.err.find("is there already") != std::string::npos);
  CHECK(build({"--module", "ESP32-C3-MINI-1", "--release", "2.4.0.0"}).exit_code == 2);
}

TEST_CASE("build --into decrypts mfg_nvs, patches it and encrypts it again") {
  Bench bench("factory/nvs.bin.gz");
  const std::string keys_file = ATCERT_SOURCE_DIR "/tests/image/data/nvs/encrypted/keys.bin";
  const auto keys = test::require(image::NvsKeys::from_partition(test::require(read_file(keys_file, 4096))));
  bench.encrypt(keys);

  const Outcome closed = bench.run({"--module-name", "X", "-o", bench.output()});
  CHECK(closed.exit_code == 3);
  CHECK(closed.err.find("mfg_nvs at 0x1F000: no entry can be read") != std::string::npos);
  CHECK(closed.err.find("--nvs-keys FILE") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(bench.output()));

  const Outcome opened = bench.run({"--module-name", "X", "--nvs-keys", keys_file, "-o", bench.output()});
  CHECK(opened.exit_code == 0);
  CHECK(opened.out == "mfg_nvs  factory_param/module_name: MINI-1 -> X\n");
  Bytes written = bench.written();
  CHECK_FALSE(image::is_clean(image::read_nvs(ByteView(written).subspan(kMfgNvs, kMfgNvs)).faults));
  CHECK(std::equal(written.begin(), written.begin() + kMfgNvs, bench.original().begin()));
  REQUIRE(image::decrypt_nvs(std::span(written).subspan(kMfgNvs, kMfgNvs), keys).ok());
  const auto patched = image::read_nvs(ByteView(written).subspan(kMfgNvs, kMfgNvs));
  CHECK(image::is_clean(patched.faults));
  CHECK(patched.find("factory_param", "module_name")->value().reveal_text() == "X");
  CHECK(patched.find("mqtt_key", "mqtt_key") != nullptr);
  CHECK(bench.input_untouched());
}

TEST_CASE("build --into refuses NVS keys that do not fit, and leaves nothing behind") {
  const Bench bench("factory/nvs.bin.gz");
  const std::string keys = ATCERT_SOURCE_DIR "/tests/image/data/nvs/encrypted/keys.bin";
  const Outcome plain = bench.run({"--module-name", "X", "--nvs-keys", keys, "-o", bench.output()});
  CHECK(plain.exit_code == 3);
  CHECK(plain.err.find("is not encrypted") != std::string::npos);
  const std::string made = bench.path("made.bin");
  const Outcome none = bench.run({"--module-name", "X", "--nvs-keys", made, "--make-nvs-keys", "-o", bench.output()});
  CHECK(none.exit_code == 2);
  CHECK(none.err.find("leave out --make-nvs-keys") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(made));
  CHECK_FALSE(std::filesystem::exists(bench.output()));
}

TEST_CASE("build --into replaces no file of another device unless it is told to") {
  for (const char* image : {"factory/nvs.bin.gz", "factory/pki.bin.gz"}) {
    CAPTURE(std::string(image));
    const Bench bench(image);
    const std::string others = ATCERT_SOURCE_DIR "/tests/credentials/data/";
    REQUIRE(bench
                .run({"--cert", others + "ec.pem", "--key", others + "ec.key", "--ca", others + "ca.pem", "-o",
                      bench.output()})
                .exit_code == 0);
    const Bytes other = bench.written();
    const Outcome refused = bench.run_with_credentials({"-o", bench.output(), "--json"});
    CHECK(refused.exit_code == 9);
    const auto error = json::parse(refused.out)["error"];
    CHECK(error["code"] == "file_taken");
    const std::string what = error["what"];
    const std::size_t ours = what.find("what is to be written is a factory image");
    CHECK(error["remedy"].get<std::string>().find("--force") != std::string::npos);
    CHECK(what.find(kOtherCertificate) < ours);
    // The old firmware's image has the certificate in another slot, where it stays.
    CHECK((what.find(kOwnCertificate, ours) != std::string::npos) == (image == std::string("factory/nvs.bin.gz")));
    CHECK(bench.written() == other);
    CHECK(bench.run_with_credentials({"-o", bench.output(), "--dry-run"}).exit_code == 9);

    CHECK(bench.run_with_credentials({"-o", bench.output(), "--force"}).exit_code == 0);
    const Bytes first = bench.written();
    CHECK(first != other);
    CHECK(bench.run_with_credentials({"-o", bench.output()}).exit_code == 0);  // the same again
    CHECK(bench.written() == first);
    CHECK(bench.run_with_credentials({"-o", bench.output(), "--tx-power", "60"}).exit_code == 0);  // the same device
    CHECK(bench.written() != first);
  }
  const Bench bench("factory/nvs.bin.gz");
  REQUIRE(write_file(bench.output(), as_bytes("notes of the shift")).ok());
  const Outcome refused = bench.run_with_credentials({"-o", bench.output()});
  CHECK(refused.exit_code == 9);
  CHECK(refused.err.find("holds what is no image") != std::string::npos);
}

}  // namespace atcert
