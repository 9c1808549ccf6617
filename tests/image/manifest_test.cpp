// SPDX-License-Identifier: Apache-2.0
#include "image/manifest.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"

namespace atcert::image {
namespace {

std::vector<ImageFile> two_files() {
  std::vector<ImageFile> files;
  files.push_back({"mqtt_ca.bin", "mqtt_ca", ImagePlace{0x3B000, 0x2000}, false, Secret(std::string_view("abc"))});
  files.push_back({"mqtt_key.bin", "mqtt_key", ImagePlace{0x39000, 0x2000}, true, Secret(std::string_view("key"))});
  return files;
}

}  // namespace

TEST_CASE("flash_args has an address and a file a line, as esptool reads them") {
  CHECK(flash_args_of(two_files()) == "0x3b000 mqtt_ca.bin\n0x39000 mqtt_key.bin\n");
}

TEST_CASE("there are no flash_args without an address for every file") {
  std::vector<ImageFile> files = two_files();
  files[1].place.reset();
  CHECK_FALSE(flash_args_of(files).has_value());
}

TEST_CASE("the manifest says what was built for what") {
  const ImageTarget target{ModuleKind{"ESP32-WROOM-32", "ESP32", "module_esp32_default", {{4, 1, 1, 0}}, {}},
                           {{2, 4, 0, 0}},
                           Layout{"L01", {}, {}}};
  const auto manifest = manifest_of(target, two_files(), CertificateNote{"ab12", "CN=unit", "2049-12-31T23:59:59Z"});
  CHECK(manifest["kind"] == "atcert-images");
  CHECK(manifest["schema"] == 1);
  CHECK(manifest["module"] == "ESP32-WROOM-32");
  CHECK(manifest["release"] == "2.4.0.0");
  CHECK(manifest["generation"] == "pki");
  CHECK(manifest["layout"] == "L01");
  CHECK(manifest["certificate"]["sha256"] == "ab12");
  REQUIRE(manifest["files"].size() == 2);
  CHECK(manifest["files"][0]["address"] == "0x3b000");
  CHECK(manifest["files"][0]["size"] == 3);
  // SHA-256 of "abc": FIPS 180-2, appendix B.1.
  CHECK(manifest["files"][0]["sha256"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(manifest["files"][0]["private_key"] == false);
  CHECK(manifest["files"][1]["private_key"] == true);
}

}  // namespace atcert::image
