// SPDX-License-Identifier: Apache-2.0
// read_manifest(): what build writes is read, and what anybody may have changed is refused with its reason.
#include <functional>

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "image/manifest.hpp"

namespace atcert::image {
namespace {

using nlohmann::json;

const std::string kDigest(64, 'a');

json sound_manifest() {
  const ImageTarget target{ModuleKind{"ESP32-WROOM-32", "ESP32", "module_esp32_default", {{4, 1, 1, 0}}, {}},
                           {{2, 4, 0, 0}},
                           Layout{"L01", {}, {}}};
  std::vector<ImageFile> files;
  files.push_back({"mqtt_ca.bin", "mqtt_ca", ImagePlace{0x3B000, 0x2000}, false, Secret(std::string_view("abc"))});
  return manifest_of(target, files, CertificateNote{kDigest, "CN=unit", "2049-12-31T23:59:59Z"});
}

// The error's words after `change`; "none" without one.
std::string error_after(const std::function<void(json&)>& change) {
  json manifest = sound_manifest();
  change(manifest);
  const auto read = read_manifest(manifest.dump());
  return read ? "none" : read.error().what;
}

}  // namespace

TEST_CASE("a manifest of build is read") {
  const auto manifest = read_manifest(sound_manifest().dump(2));
  REQUIRE(manifest.ok());
  CHECK(manifest->module == "ESP32-WROOM-32");
  CHECK(manifest->release == "2.4.0.0");
  CHECK(manifest->layout == "L01");
  REQUIRE(manifest->certificate.has_value());
  CHECK(manifest->certificate->subject == "CN=unit");
  REQUIRE(manifest->files.size() == 1);
  CHECK(manifest->files[0].address == 0x3B000);
  CHECK(manifest->files[0].size == 3);
  CHECK(manifest->files[0].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("images without credentials have a manifest without a certificate") {
  json manifest = sound_manifest();
  manifest["certificate"] = nullptr;
  const auto read = read_manifest(manifest.dump());
  REQUIRE(read.ok());
  CHECK_FALSE(read->certificate.has_value());
}

TEST_CASE("what nobody knows is null in a manifest, and read as nothing") {
  const ImageTarget nowhere{{}, {{5, 0, 1, 0}}, {}};
  std::vector<ImageFile> files;
  files.push_back({"mfg_nvs.bin", "mfg_nvs", {}, true, Secret(std::string_view("abc"))});
  const json manifest = manifest_of(nowhere, files, {});
  for (const char* name : {"module", "chip", "config", "layout"}) CHECK(manifest.at(name).is_null());
  CHECK(manifest["files"][0].at("address").is_null());
  CHECK(manifest["files"][0].at("partition_size").is_null());
  const auto read = read_manifest(manifest.dump());
  REQUIRE(read.ok());
  CHECK_FALSE(read->module.has_value());
  CHECK_FALSE(read->chip.has_value());
  CHECK_FALSE(read->config.has_value());
  CHECK_FALSE(read->layout.has_value());
  CHECK(read->release == "5.0.1.0");
  CHECK_FALSE(read->files[0].address.has_value());
}

TEST_CASE("a manifest that is cut says where") {
  const std::string text = sound_manifest().dump(2);
  const auto cut = read_manifest(text.substr(0, 200));
  REQUIRE_FALSE(cut.ok());
  CHECK(cut.error().what == "line 8: not JSON: it ends too early");
  for (std::size_t size = 0; size < text.size(); ++size) CHECK_FALSE(read_manifest(text.substr(0, size)).ok());
}

TEST_CASE("what is missing or bad in a manifest is named with its line") {
  CHECK(error_after([](json&) {}) == "none");
  CHECK(error_after([](json& m) { m["kind"] = "other"; }) == "line 1: no manifest: its 'kind' is not atcert-images");
  CHECK(error_after([](json& m) { m["schema"] = 2; }) == "the manifest has schema 2, this atcert reads 1");
  CHECK(error_after([](json& m) { m.erase("schema"); }) == "line 1: \"schema\" is missing");
  CHECK(error_after([](json& m) { m["release"] = 4; }) == "line 1: \"release\" must be a string, not a number");
  CHECK(error_after([](json& m) { m["release"] = nullptr; }) == "line 1: \"release\" must be a string, not null");
  CHECK(error_after([](json& m) { m.erase("module"); }) == "line 1: \"module\" is missing");
  CHECK(error_after([](json& m) { m["files"][0].erase("address"); }) == "line 1: \"address\" is missing");
  CHECK(error_after([](json& m) { m.erase("files"); }) == "line 1: \"files\" is missing");
  CHECK(error_after([](json& m) { m["files"] = 1; }) == "line 1: \"files\" must be a list, not a number");
  CHECK(error_after([](json& m) { m["files"][0] = 1; }) == "line 1: a file of the manifest is an object, not a number");
  CHECK(error_after([](json& m) { m["files"][0]["size"] = -1; }) ==
        "line 1: \"size\" must be a whole number from 0, not a negative or broken number");
  CHECK(error_after([](json& m) { m["files"][0]["address"] = "12"; }) == "line 1: the address '12' is none");
  CHECK(error_after([](json& m) { m["files"][0]["address"] = "0x123456789"; }) ==
        "line 1: the address '0x123456789' is none");
  CHECK(error_after([](json& m) { m["files"][0]["sha256"] = "ab"; }) == "line 1: 'ab' is no SHA-256");
  CHECK(error_after([](json& m) { m["certificate"] = 1; }) ==
        "line 1: the certificate of a manifest is an object, not a number");
}

TEST_CASE("a number that is out of range is refused with its line") {
  std::string text = sound_manifest().dump(2);
  const std::size_t at = text.find("\"size\": 3");
  REQUIRE(at != std::string::npos);
  text.replace(at, 9, "\"size\": 1e999");
  const auto read = read_manifest(text);
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().kind == ErrorKind::input);
  CHECK(read.error().what == "line 17: a number that is out of range");
}

TEST_CASE("names of files do not lead out of the manifest's folder") {
  for (const char* name : {"", ".", "..", "../key.pem", "/etc/passwd", "a/b"}) {
    CAPTURE(name);
    CHECK(error_after([&](json& m) {
            m["files"][0]["name"] = name;
          }).ends_with("is no name of a file in the manifest's folder"));
  }
}

TEST_CASE("a manifest is recognised sound or cut, other JSON is not") {
  const std::string text = sound_manifest().dump(2);
  CHECK(looks_like_manifest(as_bytes(text)));
  CHECK(looks_like_manifest(as_bytes("\n " + text.substr(0, 400))));
  CHECK(looks_like_manifest(as_bytes(text.substr(0, 20))));
  CHECK(looks_like_manifest(as_bytes("{ \"schema\"")));
  CHECK_FALSE(looks_like_manifest(as_bytes("{ \"schem")));
  CHECK_FALSE(looks_like_manifest(as_bytes("{\"other\": \"schema\"")));
  CHECK_FALSE(looks_like_manifest(as_bytes("{\"certificatePem\": \"\"}")));
  CHECK_FALSE(looks_like_manifest(as_bytes("atcert-images")));
  CHECK_FALSE(looks_like_manifest({}));
}

}  // namespace atcert::image
