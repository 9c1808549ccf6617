// SPDX-License-Identifier: Apache-2.0
#include "image/credential_images.hpp"

#include <doctest/doctest.h>

#include "image/image_support.hpp"

namespace atcert::image {
namespace {

struct Inputs {
  Bytes certificate = test_data("ecc/certificate.pem");
  Bytes key = test_data("ecc/private.pem");
  Bytes ca = test_data("ecc/AmazonRootCA1.pem");

  std::vector<SlotItem> items() const { return credential_items({certificate, key, ca}); }
};

ModuleLayout layout_of(std::string_view module, std::string_view release) {
  const auto catalogue = LayoutCatalogue::load(embedded_partitions());
  REQUIRE(catalogue.ok());
  auto found = catalogue->find(module, release);
  REQUIRE(found.ok());
  return std::move(*found);
}

}  // namespace

TEST_CASE("up to 3.0 credentials are three PKI bins, as AtPKI.py makes them") {
  const Inputs in;
  const struct {
    const char* release;
    const char* folder;
  } cases[] = {{"2.4.0.0", "pki/cert-only-ecc/"}, {"3.0.0.0", "pki/typed-ecc/"}};
  for (const auto& each : cases) {
    CAPTURE(each.release);
    const ModuleLayout wroom = layout_of("ESP32-WROOM-32", each.release);
    const auto files = make_images(in.items(), wroom.layout, wroom.release);
    REQUIRE(files.ok());
    REQUIRE(files->size() == 3);
    for (const ImageFile& file : *files) {
      CHECK(file.bytes.equals(test_data(each.folder + file.name)));
      CHECK(file.has_key == (file.name == "mqtt_key.bin"));
    }
    CHECK((*files)[0].place->address == 0x3B000);
    CHECK((*files)[1].place->address == 0x37000);
    CHECK((*files)[2].place->address == 0x39000);
  }
}

TEST_CASE("padded PKI bins fill their partitions") {
  const Inputs in;
  const ModuleLayout wroom = layout_of("ESP32-WROOM-32", "2.4.0.0");
  const auto files = make_images(in.items(), wroom.layout, wroom.release, {.padded = true});
  REQUIRE(files.ok());
  for (const ImageFile& file : *files) {
    CHECK(file.bytes.size() == 0x2000);
    CHECK(file.bytes.reveal().back() == 0xFF);
  }
}

TEST_CASE("from 3.1 credentials are one NVS image, in the page style of the release") {
  const Inputs in;
  const ModuleLayout wroom = layout_of("ESP32-WROOM-32", "4.1.1.0");  // its mfg_nvs has 0x1C000 bytes
  for (const char* release : {"3.1.0.0", "3.4.0.0", "4.0.0.0"}) {
    const auto files = make_images(in.items(), wroom.layout, *parse_release(release));
    REQUIRE(files.ok());
    REQUIRE(files->size() == 1);
    CHECK((*files)[0].bytes.equals(test_data("nvs/old/minimal-ecc.1C000.bin.gz")));
    CHECK((*files)[0].place->address == 0x21000);
    CHECK((*files)[0].has_key);
  }
  for (const char* release : {"4.1.0.0", "5.0.1.0"}) {
    const auto files = make_images(in.items(), wroom.layout, *parse_release(release));
    REQUIRE(files.ok());
    CHECK((*files)[0].bytes.equals(test_data("nvs/new/minimal-ecc.1C000.bin.gz")));
  }
}

TEST_CASE("for a target with a layout the image has the layout's size and place") {
  const Inputs in;
  const ModuleLayout mini = layout_of("ESP32-C3-MINI-1", "3.3.0.0");
  const auto files = make_images(in.items(), ImageTarget{mini.module, mini.release, mini.layout});
  REQUIRE(files.ok());
  REQUIRE(files->size() == 1);
  REQUIRE(files->front().place.has_value());
  CHECK(files->front().place->address == mini.layout.find("mfg_nvs")->offset);
  CHECK(files->front().bytes.size() == mini.layout.find("mfg_nvs")->size);
}

TEST_CASE("without a layout the NVS image has the size that is given, and no place") {
  const Inputs in;
  const ImageTarget nowhere{{}, *parse_release("4.1.1.0"), {}};
  const auto files = make_images(in.items(), nowhere, {.nvs_size = 0x1C000});
  REQUIRE(files.ok());
  REQUIRE(files->size() == 1);
  CHECK((*files)[0].bytes.equals(test_data("nvs/new/minimal-ecc.1C000.bin.gz")));
  CHECK_FALSE((*files)[0].place.has_value());
  CHECK(make_images(in.items(), nowhere).error().code == "nvs_size");
  CHECK(make_images(in.items(), nowhere, {.nvs_size = std::size_t{1} << 31}).error().code == "nvs_size");
  const ImageTarget old{{}, *parse_release("2.4.0.0"), {}};
  CHECK(make_images(in.items(), old, {.nvs_size = 0x1C000}).error().code == "layout_missing");
}

TEST_CASE("what a partition cannot hold is refused by its name") {
  const Inputs in;
  const Bytes large(4096, 'x');
  const ModuleLayout small = layout_of("ESP8266-1MB", "2.2.0.0");
  const auto refused = make_images(credential_items({in.certificate, in.key, large}), small.layout, small.release);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().what == "mqtt_ca: the PKI bin has 4108 bytes, its partition 4096");
  const ModuleLayout old = layout_of("ESP-WROOM-02", "2.0.0.0");
  const auto missing = make_images(in.items(), old.layout, old.release);
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().code == "partition_missing");
  const std::vector<SlotItem> https{{"https_ca", 0, in.ca}};
  const ModuleLayout wroom = layout_of("ESP32-WROOM-32", "3.4.0.0");
  CHECK(make_images(https, wroom.layout, wroom.release).error().code == "slot_missing");
  CHECK(make_images(https, wroom.layout, *parse_release("4.1.0.0")).ok());
  const std::vector<SlotItem> no_slot{{"mqtt_nothing", 0, in.ca}};
  CHECK_FALSE(make_images(no_slot, wroom.layout, *parse_release("4.1.0.0")).ok());
  const auto too_big = make_images(in.items(), wroom.layout, wroom.release, {.nvs_size = 0x1D000});
  REQUIRE_FALSE(too_big.ok());
  CHECK(too_big.error().what == "mfg_nvs: an image of 0x1D000 bytes does not fit a partition of 0x1C000");
}

TEST_CASE("a PKI bin of any slot takes several items, as AtPKI.py makes it") {
  const Inputs in;
  const Bytes intermediate = test_data("ecc/intermediate.pem");
  const ModuleLayout wroom = layout_of("ESP32-WROOM-32", "3.0.0.0");
  const std::vector<SlotItem> items{{"client_cert", 0, in.certificate},
                                    {"client_ca", 0, in.ca},
                                    {"client_cert", 1, in.certificate},
                                    {"client_ca", 1, intermediate},
                                    {"wpa_ent_ca", 0, in.ca}};
  const auto files = make_images(items, wroom.layout, wroom.release);
  REQUIRE(files.ok());
  REQUIRE(files->size() == 3);
  CHECK((*files)[0].bytes.equals(test_data("pki/typed-ecc/client_cert.bin")));
  CHECK((*files)[1].bytes.equals(test_data("pki/typed-ecc/client_ca.bin")));
  CHECK((*files)[2].name == "wpa2_ca.bin");
  CHECK((*files)[2].place->address == wroom.layout.find("wpa2_ca")->offset);
}

}  // namespace atcert::image
