// SPDX-License-Identifier: Apache-2.0
#include "image/layout.hpp"

#include <doctest/doctest.h>

#include "image/edit_distance.hpp"

namespace atcert::image {
namespace {

const LayoutCatalogue& catalogue() {
  static const LayoutCatalogue loaded = [] {
    auto catalogue = LayoutCatalogue::load(embedded_partitions());
    REQUIRE(catalogue.ok());
    return std::move(*catalogue);
  }();
  return loaded;
}

std::string layout_of(std::string_view module, std::string_view release) {
  const auto found = catalogue().find(module, release);
  return found ? found->layout.name : found.error().code;
}

}  // namespace

TEST_CASE("every module has a layout in its newest release and in every other") {
  CHECK(catalogue().modules().size() == 36);
  for (const ModuleKind& module : catalogue().modules()) {
    CAPTURE(module.name);
    const auto newest = catalogue().find(module.name);
    REQUIRE(newest.ok());
    CHECK(newest->release == module.newest);
    CHECK(newest->layout.find("at_customize") != nullptr);
    for (const Release& release : catalogue().releases_of(module)) {
      const auto found = catalogue().find(module.name, to_string(release));
      REQUIRE(found.ok());
      const bool nvs = generation_of(release) == Generation::nvs;
      CHECK((found->layout.find("mfg_nvs") != nullptr) == nvs);
    }
  }
}

TEST_CASE("modules are found by every name that users know") {
  for (const char* name : {"ESP32-C3-MINI-1", "esp32c3 mini-1", "ESP32C3_MINI_1", "module_esp32c3_default"}) {
    CAPTURE(name);
    const auto module = catalogue().find_module(name);
    REQUIRE(module.ok());
    CHECK(module->name == "ESP32-C3-MINI-1");
  }
  CHECK(catalogue().find_module("WROOM-32")->name == "ESP32-WROOM-32");
  CHECK(catalogue().find_module("ESP32C2-4MB")->config == "module_esp32c2_default");
  CHECK(catalogue().find_module("ESP8266_1MB")->name == "ESP8266-1MB");
}

TEST_CASE("a name that two modules have is refused, an unknown one answered with the nearest") {
  const auto ambiguous = catalogue().find_module("MINI-1");
  REQUIRE_FALSE(ambiguous.ok());
  CHECK(ambiguous.error().what == "module name 'MINI-1' stands for several modules: ESP32-MINI-1, ESP32-C3-MINI-1");
  const auto unknown = catalogue().find_module("ESP32-C3-MIMI-1");
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.error().code == "module_unknown");
  CHECK(unknown.error().remedy.starts_with("did you mean ESP32-C3-MINI-1"));
  CHECK(catalogue().find_module("ESP32-C3").error().remedy.starts_with("did you mean ESP32-C3-MINI-1"));
  CHECK(catalogue().find_module("ESP32-C3").error().kind == ErrorKind::usage);
  CHECK(catalogue().find_module("a toaster").error().remedy.starts_with("list the modules"));
}

TEST_CASE("the layout depends on the release") {
  CHECK(layout_of("ESP32-WROOM-32", "2.4.0.0") == "L01");
  CHECK(layout_of("ESP32-WROOM-32", "4.1.1.0") == "L20");
  CHECK(layout_of("ESP32-C3-MINI-1", "v2.4.2.0") == "L09");
  CHECK(layout_of("ESP32-C3-MINI-1", "4.1.1.0") == "L22");
  CHECK(layout_of("ESP32-C5-4MB", "4.1.1.0") == "L22");
  CHECK(layout_of("ESP32-C5-4MB", "5.0.1.0") == "L25");
  CHECK(layout_of("ESP32-WROOM-32", "3.3.3.3") == "release_unknown");
  CHECK(layout_of("ESP32-C5-4MB", "5.0.1") == "L25");
  CHECK(layout_of("ESP32-WROOM-32", "4.1") == "release_malformed");
  CHECK(layout_of("ESP32-WROOM-32", "newest") == "release_malformed");
}

TEST_CASE("a module has the releases of its own chip") {
  std::string releases;
  for (const Release& release : catalogue().releases_of(*catalogue().find_module("ESP32-C3-MINI-1"))) {
    if (release < Release{{3, 1, 0, 0}}) releases += to_string(release) + " ";
  }
  CHECK(releases == "2.2.0.0 2.3.0.0 2.4.0.0 2.4.1.0 2.4.2.0 3.0.0.0 ");
}

TEST_CASE("a number stands for the tag of the module's own chip, a tag for itself") {
  CHECK(layout_of("ESP32-WROOM-32", "2.0.0.0") == "L01");
  CHECK(layout_of("ESP32-WROOM-32", "v2.0.0.0_esp32") == "L01");
  CHECK(layout_of("ESP32-WROOM-32", "v2.0.0.0_esp8266") == "L03");
  CHECK(layout_of("ESP32-C3-QCLOUD", "2.2.0.0") == "L08");
  CHECK(layout_of("ESP32-C3-QCLOUD", "2.3.0.0") == "L12");
}

TEST_CASE("the newest release is that of any module") {
  CHECK(to_string(catalogue().newest_release()) == "5.0.1.0");
}

TEST_CASE("flash addresses are those of the layout") {
  const auto wroom = catalogue().find("ESP32-WROOM-32", "2.4.0.0");
  REQUIRE(wroom.ok());
  CHECK(wroom->layout.find("mqtt_cert")->offset == 0x37000);
  CHECK(wroom->layout.find("mqtt_key")->offset == 0x39000);
  CHECK(wroom->layout.find("mqtt_ca")->size == 0x2000);
  const auto c3 = catalogue().find("ESP32-C3-MINI-1", "4.1.1.0");
  REQUIRE(c3.ok());
  CHECK(c3->layout.find("mfg_nvs")->offset == 0x1F000);
  CHECK(c3->layout.find("mfg_nvs")->size == 124 * 1024);
}

TEST_CASE("layout data can be replaced and added to, and its mistakes are named") {
  const auto embedded = embedded_partitions();
  std::vector<EmbeddedFile> files(embedded.begin(), embedded.end());
  files.push_back({"L22.at_customize.csv", "mfg_nvs, data, nvs, 0x20000, 64K,\n"});
  auto changed = LayoutCatalogue::load(files);
  REQUIRE(changed.ok());
  CHECK(changed->find("ESP32-C3-MINI-1", "4.1.1.0")->layout.find("mfg_nvs")->offset == 0x20000);
  files.push_back({"L22.at_customize.csv", "mfg_nvs, data, nvs, 0x20000, much,\n"});
  changed = LayoutCatalogue::load(files);
  REQUIRE(changed.ok());
  const auto broken = changed->find("ESP32-C3-MINI-1", "4.1.1.0");
  REQUIRE_FALSE(broken.ok());
  CHECK(broken.error().what == "L22.at_customize.csv: line 1: offset '0x20000' or size 'much' is bad");
  files.push_back({"modules.csv", "module,chip,config,newest,aliases\nX,Y,module_z,1.2,\n"});
  CHECK(LayoutCatalogue::load(files).error().what == "modules.csv:2: '1.2' is not an ESP-AT release number");
}

TEST_CASE("a row of the catalogue's data with a field too few or too many is named") {
  const auto error_with = [](std::string_view file, std::string_view row) {
    const auto embedded = embedded_partitions();
    std::vector<EmbeddedFile> files(embedded.begin(), embedded.end());
    const std::string changed = "head\n" + std::string(row) + "\n";
    files.push_back({file, changed});
    const auto loaded = LayoutCatalogue::load(files);
    return loaded.ok() ? std::string("none") : loaded.error().what;
  };
  CHECK(error_with("releases.csv", "L22,module_esp32_default").ends_with("not three fields"));
  CHECK(error_with("releases.csv", "L22,module_esp32_default,v4.1.1.0,x").ends_with("not three fields"));
  CHECK(error_with("releases.csv", "L22,module_esp32_default,v4.1").ends_with("is not an ESP-AT release number"));
  CHECK(error_with("modules.csv", "A,B,module_x,4.1.1.0").ends_with("not five fields"));
  CHECK(error_with("modules.csv", "A,B,x,4.1.1.0,").ends_with("config is no module_..."));
}

TEST_CASE("edit distance") {
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("same", "same") == 0);
}

}  // namespace atcert::image
