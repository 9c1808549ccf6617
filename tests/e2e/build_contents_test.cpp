// SPDX-License-Identifier: Apache-2.0
// What atcert build puts into images besides the MQTT credentials: factory parameters, other slots, the values of a
// CSV.
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
const std::string kCertificate = kData + "ecc/certificate.pem";
const std::string kKey = kData + "ecc/private.pem";
const std::string kRoot = kData + "ecc/AmazonRootCA1.pem";
const std::string kIntermediate = kData + "ecc/intermediate.pem";
const std::vector<std::string> kCredentials{"--cert", kCertificate, "--key", kKey, "--ca", kRoot};

class Folder {
 public:
  std::string out() const { return (scratch_.path() / "out").string(); }
  std::string path(const std::string& name) const { return (scratch_.path() / name).string(); }
  bool is_empty() const { return !std::filesystem::exists(out()); }
  Bytes content(const std::string& name) const { return test::require(read_file(out() + "/" + name, 1 << 20)); }

  void put(const std::string& name, const std::string& text) const {
    REQUIRE(write_file(path(name), as_bytes(text)).ok());
  }

  Outcome build(const std::string& module, const std::string& release, std::vector<std::string> more) const {
    more.insert(more.begin(), {"build", "--module", module, "--release", release, "-o", out()});
    return test::run({.arguments = std::move(more)});
  }
  Outcome build_with_credentials(const std::string& module, const std::string& release,
                                 std::vector<std::string> more = {}) const {
    more.insert(more.end(), kCredentials.begin(), kCredentials.end());
    return build(module, release, std::move(more));
  }

 private:
  ScratchFolder scratch_ = test::require(ScratchFolder::create("contents"));
};

std::string text_of(const image::NvsImage& image, const char* space, const char* key) {
  const image::NvsItem* item = image.find(space, key);
  return item == nullptr ? "none" : std::string(item->value().reveal_text());
}

}  // namespace

TEST_CASE("build writes the factory parameters and BLE services that ESP-AT's build writes") {
  const Folder folder;
  const Outcome outcome = folder.build_with_credentials("ESP32-C3-MINI-1", "4.1.1.0");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.find("warning") == std::string::npos);
  const std::string digests(as_text(test::image_data("nvs/stock/mfg_nvs.sha256")));
  const json manifest = json::parse(as_text(folder.content("manifest.json")));
  const std::string line = manifest["files"][0]["sha256"].get<std::string>() + " ESP32-C3-MINI-1 4.1.1.0\n";
  CHECK(digests.find(line) != std::string::npos);
  const Bytes bytes = folder.content("mfg_nvs.bin");
  const auto values = image::read_nvs(bytes);
  CHECK(text_of(values, "factory_param", "module_name") == "MINI-1");
  CHECK(text_of(values, "ble_data", "cfg30") == "30,16,0x2901,0x11,256,1,30");
}

TEST_CASE("--only-credentials makes the image of the credentials alone") {
  const Folder folder;
  CHECK(folder.build_with_credentials("ESP32-WROOM-32", "4.1.1.0", {"--only-credentials"}).exit_code == 0);
  CHECK(folder.content("mfg_nvs.bin") == test::image_data("nvs/new/minimal-ecc.1C000.bin.gz"));
}

TEST_CASE("factory parameters and GATT rows can be set in a new image") {
  const Folder folder;
  const Outcome outcome = folder.build_with_credentials(
      "ESP32-WROOM-32", "3.4.0.0",
      {"--tx-power", "60", "--uart-tx-pin", "5", "--module-name", "MINE", "--gatt-row", "1=1,16,0x2803,0x01,1,1,08"});
  CHECK(outcome.exit_code == 0);
  const Bytes bytes = folder.content("mfg_nvs.bin");
  const auto values = image::read_nvs(bytes);
  CHECK(image::is_clean(values.faults));
  CHECK(text_of(values, "factory_param", "module_name") == "MINE");
  CHECK(text_of(values, "factory_param", "max_tx_power") == "\x3C");
  CHECK(text_of(values, "ble_data", "cfg1") == "1,16,0x2803,0x01,1,1,08");
  CHECK(text_of(values, "ble_data", "cfg0") == "0,16,0x2800,0x01,2,2,A002");
}

TEST_CASE("--slot makes every slot as ESP-AT's build makes it") {
  const Folder folder;
  const std::string pair = "=" + kCertificate + "," + kCertificate;
  const Outcome outcome = folder.build_with_credentials(
      "ESP32-WROOM-32", "4.0.0.0",
      {"--slot", "client_cert" + pair,          "--slot", "client_key=" + kKey,
       "--slot", "client_key=" + kKey,          "--slot", "client_ca=" + kRoot + "," + kIntermediate,
       "--slot", "server_cert=" + kCertificate, "--slot", "server_key=" + kKey,
       "--slot", "server_ca=" + kRoot,          "--slot", "wpa_ent_cert=" + kCertificate,
       "--slot", "wpa_ent_key=" + kKey,         "--slot", "wpa2_ca=" + kIntermediate});
  CHECK(outcome.exit_code == 0);
  CHECK(folder.content("mfg_nvs.bin") == test::image_data("nvs/stock/all-slots.4.0.0.0.bin.gz"));
}

TEST_CASE("--slot takes a file with a comma in its name") {
  const Folder folder;
  const std::string root(as_text(test::image_data("ecc/AmazonRootCA1.pem")));
  folder.put("roots,all.pem", root);
  folder.put("roots", "not this one");
  const Outcome whole =
      folder.build("ESP32-WROOM-32", "4.1.1.0", {"--slot", "client_ca=" + folder.path("roots,all.pem")});
  CHECK(whole.exit_code == 0);
  const Bytes bytes = folder.content("mfg_nvs.bin");
  CHECK(text_of(image::read_nvs(bytes), "client_ca", "client_ca") == root);
  const Outcome list =
      folder.build("ESP32-WROOM-32", "4.1.1.0", {"--slot", "client_ca=" + folder.path("roots,all.pem") + "," + kRoot});
  CHECK(list.exit_code == 3);
  CHECK(list.err.find("roots: holds") != std::string::npos);
}

TEST_CASE("--slot makes PKI bins of several items for old firmware") {
  const Folder folder;
  const Outcome outcome = folder.build_with_credentials(
      "ESP32-WROOM-32", "3.0.0.0",
      {"--slot", "client_cert=" + kCertificate + "," + kCertificate, "--slot", "client_key=" + kKey + "," + kKey,
       "--slot", "client_ca=" + kRoot + "," + kIntermediate});
  CHECK(outcome.exit_code == 0);
  for (const std::string name : {"client_ca", "client_cert", "client_key", "mqtt_ca", "mqtt_cert", "mqtt_key"}) {
    CAPTURE(name);
    CHECK(folder.content(name + ".bin") == test::image_data("pki/typed-ecc/" + name + ".bin"));
  }
  struct stat status {};
  REQUIRE(stat((folder.out() + "/client_key.bin").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);
  CHECK(as_text(folder.content("flash_args")).find("0x2c000 client_key.bin\n") != std::string::npos);
}

TEST_CASE("--slot NAME sends the credentials there, and slots need no credentials") {
  const Folder folder;
  CHECK(folder.build_with_credentials("ESP32-WROOM-32", "2.4.0.0", {"--slot", "client"}).exit_code == 0);
  CHECK(as_text(folder.content("flash_args")) ==
        "0x2e000 client_ca.bin\n0x2a000 client_cert.bin\n0x2c000 client_key.bin\n");
  const Folder other;
  const Outcome ca = other.build("ESP32-WROOM-32", "5.0.1.0", {"--slot", "https_ca=AmazonRootCA1"});
  CHECK(ca.exit_code == 0);
  CHECK(json::parse(as_text(other.content("manifest.json")))["certificate"].is_null());
  const Bytes bytes = other.content("mfg_nvs.bin");
  CHECK(image::read_nvs(bytes).find("https_ca", "https_ca") != nullptr);
}

TEST_CASE("--nvs-csv makes the image that nvs_partition_gen makes of it") {
  const struct {
    const char* csv;
    const char* size;
    const char* release;
    const char* expected;
  } cases[] = {{"types", "0x1C000", "4.1.1.0", "nvs/new/types.1C000.bin.gz"},
               {"types", "", "4.0.0.0", "nvs/old/types.1C000.bin.gz"},
               {"edge-tail0", "20K", "5.0.1.0", "nvs/new/edge-tail0.5000.bin.gz"},
               {"blob-3968", "20480", "3.1.0.0", "nvs/old/blob-3968.5000.bin.gz"}};
  for (const auto& each : cases) {
    CAPTURE(each.expected);
    const Folder folder;
    std::vector<std::string> arguments{"--nvs-csv", kData + "nvs/" + each.csv + ".csv"};
    if (*each.size != '\0') arguments.insert(arguments.end(), {"--size", each.size});
    const Outcome outcome = folder.build("ESP32-WROOM-32", each.release, arguments);
    CHECK(outcome.exit_code == 0);
    CHECK(folder.content("mfg_nvs.bin") == test::image_data(each.expected));
    CHECK(as_text(folder.content("flash_args")) == "0x21000 mfg_nvs.bin\n");
  }
}

TEST_CASE("--nvs-csv and --nvs-keys together make what nvs_partition_gen encrypts") {
  const Folder folder;
  for (const std::string release : {"4.0.0.0", "4.1.1.0"}) {
    CAPTURE(release);
    const Outcome outcome = folder.build("ESP32-WROOM-32", release,
                                         {"--nvs-csv", kData + "nvs/minimal-ecc.csv", "--size", "0x3000", "--nvs-keys",
                                          kData + "nvs/encrypted/keys.bin"});
    CHECK(outcome.exit_code == 0);
    const std::string style = release == "4.0.0.0" ? "old" : "new";
    CHECK(folder.content("mfg_nvs.bin") == test::image_data("nvs/encrypted/" + style + "/minimal-ecc.3000.bin.gz"));
  }
}

TEST_CASE("what is rewritten is said, and --verbatim refuses it") {
  const Folder folder;
  folder.put("text.pem", "\xef\xbb\xbf" + std::string(as_text(test::image_data("ecc/AmazonRootCA1.pem"))));
  const std::vector<std::string> slot{"--slot", "server_ca=" + folder.path("text.pem"), "--json"};
  const Outcome rewritten = folder.build("ESP32-WROOM-32", "4.1.1.0", slot);
  CHECK(rewritten.exit_code == 0);
  CHECK(rewritten.err.find("text.pem: rewritten: it begins with a byte order mark") != std::string::npos);
  CHECK(json::parse(rewritten.out)["changes"].size() == 1);
  const Outcome refused = folder.build("ESP32-WROOM-32", "4.1.1.0", {slot[0], slot[1], "--verbatim"});
  CHECK(refused.exit_code == 3);
}

TEST_CASE("credentials replace those of the CSV, and the rest of it stays") {
  const Folder folder;
  folder.put("old.pem", "old");
  folder.put(
      "values.csv",
      "key,type,encoding,value\nmqtt_ca,namespace,,\nmqtt_ca.0,file,binary,old.pem\nmqtt_ca.1,file,binary,old.pem\n"
      "factory_param,namespace,,\nmodule_name,data,string,MINE\n");
  const Outcome outcome =
      folder.build_with_credentials("ESP32-WROOM-32", "4.1.1.0", {"--nvs-csv", folder.path("values.csv")});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.find("warning") == std::string::npos);
  const Bytes bytes = folder.content("mfg_nvs.bin");
  const auto values = image::read_nvs(bytes);
  CHECK(values.items.size() == 4);
  CHECK(Bytes(to_bytes(values.find("mqtt_ca", "mqtt_ca")->value().reveal())) ==
        test::image_data("ecc/AmazonRootCA1.pem"));
  CHECK(text_of(values, "factory_param", "module_name") == "MINE");
}

TEST_CASE("a bad CSV is named with its line, and nothing is written") {
  const Folder folder;
  const struct {
    const char* rows;
    const char* words;
  } cases[] = {
      {"s,namespace,,\nk,data,u8,256\n", "bad.csv: line 3: the value of 'k' is no u8"},
      {"s,namespace,,\nk,file,binary,none.pem\n", "bad.csv: line 3: "},
      {"k,data,u8,1\n", "bad.csv: line 2: a value without a key or before the first namespace"},
      {"s,namespace,,\nk,data,u8,1\nk,data,u8,2\n", "bad.csv: line 4: NVS key s/k is given twice"},
      {"s,namespace,,\nlonger-than-any-key,data,u8,1\n", "bad.csv: line 3: 'longer-than-any-key' is no NVS key"},
      {"longer-than-any-space,namespace,,\n", "bad.csv: line 2: 'longer-than-any-space' is no NVS namespace"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.words);
    folder.put("bad.csv", std::string("key,type,encoding,value\n") + each.rows);
    const Outcome outcome = folder.build("ESP32-WROOM-32", "4.1.1.0", {"--nvs-csv", folder.path("bad.csv")});
    CHECK(outcome.exit_code == 3);
    CHECK(outcome.err.find(each.words) != std::string::npos);
    CHECK(outcome.err.find("remedy:") != std::string::npos);
    CHECK(folder.is_empty());
  }
}

TEST_CASE("what does not go together stops build before anything is written") {
  const Folder folder;
  folder.put("values.csv", "key,type,encoding,value\ns,namespace,,\nk,data,u8,1\n");
  const std::string csv = folder.path("values.csv");
  const struct {
    const char* release;
    std::vector<std::string> arguments;
    int exit_code;
    const char* words;
  } cases[] = {
      {"4.1.1.0", {}, 2, "no credentials are given"},
      {"4.1.1.0", {"--slot", "client_crt=" + kKey}, 2, "did you mean client_cert"},
      {"4.1.1.0", {"--slot", "clint"}, 2, "did you mean client"},
      {"4.1.1.0", {"--slot", "client"}, 2, "no credentials are given for slot client"},
      {"4.1.1.0", {"--slot", "client_ca="}, 2, "no file is named"},
      {"4.1.1.0", {"--slot", "client_ca=none.pem"}, 3, "none.pem"},
      {"4.1.1.0", {"--slot", "client_cert=" + kKey}, 3, "private.pem: holds"},
      {"4.1.1.0", {"--slot", "client_key=" + kCertificate}, 3, "certificate.pem: holds"},
      {"4.1.1.0", {"--slot", "client_cert=" + kCertificate}, 3, "1 certificate and 0 keys"},
      {"4.1.1.0", {"--slot", "client_cert=" + kIntermediate, "--slot", "client_key=" + kKey}, 3, "does not belong"},
      {"4.0.0.0", {"--slot", "https_ca=" + kRoot}, 3, "release 4.0.0.0 has no slot https_ca"},
      {"2.4.0.0", {"--slot", "https_ca=" + kRoot}, 3, "has no partition https_ca"},
      {"2.4.0.0", {"--nvs-csv", csv}, 2, "has no mfg_nvs"},
      {"2.4.0.0", {"--tx-power", "60"}, 2, "put factory parameters into its factory image"},
      {"4.1.1.0", {"--nvs-csv", folder.path("none.csv")}, 3, "none.csv"},
      {"4.1.1.0", {"--nvs-csv", csv, "--size", "many"}, 2, "'many' is no size"},
      {"4.1.1.0", {"--nvs-csv", csv, "--size", "0x1001"}, 3, "a multiple of 0x1000"},
      {"4.1.1.0", {"--nvs-csv", csv, "--size", "0x20000"}, 3, "does not fit a partition of 0x1C000"},
      {"4.1.1.0", {"--nvs-csv", csv, "--only-credentials"}, 2, "leave out --only-credentials"},
      {"4.1.1.0", {"--tx-power", "85"}, 3, "40 to 84"},
      {"4.1.1.0", {"--nvs-csv", csv, "--into", csv}, 2, "makes a new mfg_nvs.bin"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.words);
    const Outcome outcome = folder.build("ESP32-WROOM-32", each.release, each.arguments);
    CHECK(outcome.exit_code == each.exit_code);
    CHECK(outcome.err.find(each.words) != std::string::npos);
    CHECK(folder.is_empty());
  }
  const Outcome https = folder.build_with_credentials("ESP32-WROOM-32", "2.4.0.0", {"--slot", "https"});
  CHECK(https.exit_code == 3);
  CHECK(https.err.find("has no partition for https credentials") != std::string::npos);
  const Outcome twice = folder.build_with_credentials("ESP32-WROOM-32", "4.1.1.0", {"--slot", "mqtt_ca=" + kRoot});
  CHECK(twice.exit_code == 2);
  CHECK(twice.err.find("are for the same slots") != std::string::npos);
}

TEST_CASE("every unit of a list gets the slots and parameters of the command line") {
  const Folder folder;
  folder.put("units.csv", "serial,cert,key,ca\nA1," + kCertificate + "," + kKey + "," + kRoot + "\n");
  const Outcome outcome = folder.build("ESP32-WROOM-32", "4.1.1.0",
                                       {"--manifest", folder.path("units.csv"), "--slot", "server_ca=" + kRoot,
                                        "--slot", "client", "--module-name", "MINE"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.find("warning") == std::string::npos);
  const Bytes bytes = folder.content("A1/mfg_nvs.bin");
  const auto values = image::read_nvs(bytes);
  CHECK(values.find("server_ca", "server_ca") != nullptr);
  CHECK(values.find("client_key", "client_key") != nullptr);
  CHECK(values.find("mqtt_key", "mqtt_key") == nullptr);
  CHECK(text_of(values, "factory_param", "module_name") == "MINE");
}

}  // namespace atcert
