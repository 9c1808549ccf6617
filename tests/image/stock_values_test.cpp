// SPDX-License-Identifier: Apache-2.0
#include "image/stock_values.hpp"

#include <sstream>

#include <doctest/doctest.h>

#include "base/digest.hpp"
#include "image/credential_images.hpp"
#include "image/image_support.hpp"

namespace atcert::image {
namespace {

StockValues built_in() {
  auto values = StockValues::load(embedded_partitions());
  REQUIRE(values.ok());
  return std::move(*values);
}

std::string error_of(std::string_view name, std::string_view content) {
  const auto built_in = embedded_partitions();
  std::vector<EmbeddedFile> files(built_in.begin(), built_in.end());
  files.push_back({name, content});
  const auto values = StockValues::load(files);
  return values ? "none" : values.error().what;
}

}  // namespace

TEST_CASE("mfg_nvs of every module and release is as ESP-AT's own build makes it") {
  const StockValues stock = built_in();
  const auto catalogue = LayoutCatalogue::load(embedded_partitions());
  REQUIRE(catalogue.ok());
  const Bytes certificate = test_data("ecc/certificate.pem");
  const Bytes key = test_data("ecc/private.pem");
  const Bytes ca = test_data("ecc/AmazonRootCA1.pem");
  const auto items = credential_items({certificate, key, ca});
  const Bytes expected = test_data("nvs/stock/mfg_nvs.sha256");
  std::istringstream lines{std::string(as_text(expected))};
  std::string digest;
  std::string module;
  std::string release;
  std::size_t count = 0;
  while (lines >> digest >> module >> release) {
    CAPTURE(module);
    CAPTURE(release);
    const auto found = catalogue->find(module, release);
    REQUIRE(found.ok());
    const auto values = stock.find(module, found->release);
    REQUIRE(values.ok());
    REQUIRE(values->has_value());
    const auto files = make_images(items, found->layout, found->release, {.values = (*values)->values});
    REQUIRE(files.ok());
    CHECK(sha256((*files)[0].bytes.reveal()) == digest);
    ++count;
  }
  CHECK(count == 183);
}

TEST_CASE("a module without parameters in Espressif's sources has no stock values") {
  CHECK_FALSE(built_in().find("ESP32-S2-WROOM", Release{{4, 1, 1, 0}})->has_value());
  CHECK_FALSE(built_in().find("", Release{{4, 1, 1, 0}})->has_value());
}

TEST_CASE("files of one's own replace what is built in, and errors name file and line") {
  const std::string_view keys = "factory_param_keys.csv";
  CHECK(error_of(keys, "key,encoding,since\nversion,i9,3.1.0.0\n") ==
        "factory_param_keys.csv:2: unknown encoding 'i9'");
  CHECK(error_of(keys, "key,encoding,since\nversion,i8\n") == "factory_param_keys.csv:2: 2 fields");
  CHECK(error_of(keys, "key,encoding,since\nspeed,i8,3.1.0.0\n").find("the header has no column 'speed'") !=
        std::string::npos);
  CHECK(error_of("gatt_rows.csv", "since,row\n\nlast,\"0,16\"\n").starts_with("gatt_rows.csv:3: 'last' is not"));
  CHECK(error_of("gatt_rows.csv", "since,row\n3.1.0.0,\"0\n") == "gatt_rows.csv: line 2: a quote that is not closed");
  const auto built_in = embedded_partitions();
  std::vector<EmbeddedFile> files(built_in.begin(), built_in.end());
  files.push_back({keys, "key,encoding,since\nuart_tx_pin,i32,3.1.0.0\n"});
  files.push_back({"factory_params.csv", "module,uart_tx_pin,ble_since\nMINE,33,\nBAD,pin,\n"});
  const auto own = StockValues::load(files);
  REQUIRE(own.ok());
  const auto values = own->find("MINE", Release{{4, 1, 1, 0}});
  REQUIRE(values.ok());
  REQUIRE(values->has_value());
  REQUIRE((*values)->values.size() == 1);
  CHECK(to_bytes((*values)->values[0].value) == Bytes{33, 0, 0, 0});
  CHECK(own->find("BAD", Release{{4, 1, 1, 0}}).error().what ==
        "factory_params.csv:3: the value of 'uart_tx_pin' is no i32");
}

}  // namespace atcert::image
