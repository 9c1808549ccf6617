// SPDX-License-Identifier: Apache-2.0
#include "image/mfg_values.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "image/credential_images.hpp"
#include "image/image_support.hpp"
#include "image/stock_values.hpp"

namespace atcert::image {
namespace {

constexpr Release kNewest{{5, 0, 1, 0}};

// "space/key" of each value.
std::vector<std::string> names_of(const std::vector<NvsValue>& values) {
  std::vector<std::string> names;
  for (const NvsValue& value : values) names.push_back(value.space + "/" + value.key);
  return names;
}

NvsValues csv(std::string_view rows) {
  auto values = parse_nvs_csv(fmt::format("key,type,encoding,value\n{}", rows), {});
  REQUIRE(values.ok());
  return std::move(*values);
}

std::vector<SlotItem> all_items(const Bytes& certificate, const Bytes& key, const Bytes& ca, const Bytes& other_ca,
                                bool https) {
  std::vector<SlotItem> items{{"mqtt_ca", 0, ca},
                              {"mqtt_cert", 0, certificate},
                              {"mqtt_key", 0, key},
                              {"client_cert", 0, certificate},
                              {"client_cert", 1, certificate},
                              {"client_key", 0, key},
                              {"client_key", 1, key},
                              {"client_ca", 0, ca},
                              {"client_ca", 1, other_ca},
                              {"server_cert", 0, certificate},
                              {"server_key", 0, key},
                              {"server_ca", 0, ca},
                              {"wpa_ent_cert", 0, certificate},
                              {"wpa_ent_key", 0, key},
                              {"wpa_ent_ca", 0, other_ca}};
  if (!https) return items;
  const std::vector<SlotItem> more{
      {"wss_cert", 0, certificate},   {"wss_key", 0, key},   {"wss_ca", 0, ca},     {"https_cert", 0, certificate},
      {"https_cert", 1, certificate}, {"https_key", 0, key}, {"https_key", 1, key}, {"https_ca", 0, ca},
      {"https_ca", 1, other_ca}};
  items.insert(items.end(), more.begin(), more.end());
  return items;
}

}  // namespace

TEST_CASE("mfg_nvs with every slot is as ESP-AT's own build makes it") {
  const Bytes certificate = test_data("ecc/certificate.pem");
  const Bytes key = test_data("ecc/private.pem");
  const Bytes ca = test_data("ecc/AmazonRootCA1.pem");
  const Bytes other_ca = test_data("ecc/intermediate.pem");
  const auto stock = StockValues::load(embedded_partitions());
  REQUIRE(stock.ok());
  for (const std::string release : {"4.0.0.0", "5.0.1.0"}) {
    CAPTURE(release);
    const Release number = *parse_release(release);
    const auto values = stock->find("ESP32-WROOM-32", number);
    REQUIRE(values.ok());
    const auto items = all_items(certificate, key, ca, other_ca, release == "5.0.1.0");
    const auto image = generate_nvs(with_items((*values)->values, items, number), 0x1C000, nvs_style_of(number));
    REQUIRE(image.ok());
    CHECK(image->equals(test_data(fmt::format("nvs/stock/all-slots.{}.bin.gz", release))));
  }
}

TEST_CASE("items replace the slot that is there, in its place, and leave all else") {
  const NvsValues values = csv(
      "first,namespace,,\nk,data,u8,1\nclient_ca,namespace,,\nclient_ca.0,data,string,a\nclient_ca.1,data,string,b\n"
      "last,namespace,,\nk,data,u8,1\n");
  const Bytes ca{'x'};
  const std::vector<SlotItem> one{{"client_ca", 0, ca}};
  CHECK(names_of(with_items(values.values, one, kNewest)) ==
        std::vector<std::string>{"first/", "first/k", "client_ca/client_ca", "last/", "last/k"});
  const std::vector<SlotItem> two{{"client_ca", 0, ca}, {"client_ca", 1, ca}};
  CHECK(names_of(with_items(values.values, two, kNewest)) ==
        std::vector<std::string>{"first/", "first/k", "client_ca/client_ca.0", "client_ca/client_ca.1", "last/",
                                 "last/k"});
}

TEST_CASE("new slots come before the factory parameters, else last") {
  const Bytes ca{'x'};
  const std::vector<SlotItem> items{{"mqtt_ca", 0, ca}, {"server_ca", 0, ca}};
  CHECK(names_of(with_items(csv("a,namespace,,\nfactory_param,namespace,,\nk,data,u8,1\n").values, items, kNewest)) ==
        std::vector<std::string>{"a/", "server_ca/server_ca", "mqtt_ca/mqtt_ca", "factory_param/", "factory_param/k"});
  CHECK(names_of(with_items(csv("a,namespace,,\n").values, items, kNewest)) ==
        std::vector<std::string>{"a/", "server_ca/server_ca", "mqtt_ca/mqtt_ca"});
}

TEST_CASE("a slot under its other name keeps that name") {
  const Bytes ca{'x'};
  const std::vector<SlotItem> items{{"wpa2_ca", 0, ca}};
  CHECK(names_of(with_items({}, items, kNewest)) == std::vector<std::string>{"wpa2_ca/wpa2_ca"});
  CHECK(names_of(with_items(csv("wpa_ent_ca,namespace,,\n").values, items, kNewest)) ==
        std::vector<std::string>{"wpa_ent_ca/wpa_ent_ca"});
}

TEST_CASE("parameters and GATT rows are set in place or added") {
  NvsValues values = csv("factory_param,namespace,,\nmax_tx_power,data,i8,78\nuart_port,data,i8,1\nz,namespace,,\n");
  const std::vector<FactoryParam> params{{"max_tx_power", "60"}, {"module_name", "MINE"}};
  REQUIRE(set_params(values, params, {{3, "3,16,0x2800"}}).ok());
  CHECK(names_of(values.values) == std::vector<std::string>{"factory_param/", "factory_param/max_tx_power",
                                                            "factory_param/uart_port", "factory_param/module_name",
                                                            "z/", "ble_data/cfg3"});
  CHECK(to_bytes(values.values[1].value) == Bytes{60});
  CHECK(as_text(values.values[3].value) == "MINE");
  const auto code_of = [&](const std::vector<FactoryParam>& bad) { return set_params(values, bad, {}).error().code; };
  CHECK(code_of({{"max_tx_power", "85"}}) == "factory_param_value");
  CHECK(code_of({{"platform", "X"}}) == "factory_param_old");
  CHECK(code_of({{"colour", "X"}}) == "factory_param_unknown");
  CHECK(set_params(values, {}, {{31, "x"}}).error().code == "gatt_row");
}

}  // namespace atcert::image
