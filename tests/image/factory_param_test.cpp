// SPDX-License-Identifier: Apache-2.0
#include "image/factory_param.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "image/image_support.hpp"

namespace atcert::image {
namespace {

constexpr std::size_t kOffset = 0x31000;

Bytes stock_partition() {
  const Bytes image = test_data("factory/pki.bin.gz");
  return to_bytes(ByteView(image).subspan(kOffset, 0x1000));
}

std::string value_of(const RawFactoryParams& params, std::string_view name) {
  const auto param = std::find_if(params.params.begin(), params.params.end(),
                                  [&](const FactoryParam& each) { return each.name == name; });
  return param == params.params.end() ? "none" : param->value;
}

std::string code_of(const FactoryParam& param) {
  const auto changed = set_raw_factory_params(stock_partition(), std::span(&param, 1));
  return changed ? "none" : changed.error().code;
}

}  // namespace

TEST_CASE("the parameters of a stock image are those of Espressif's table") {
  const RawFactoryParams params = read_raw_factory_params(stock_partition());
  CHECK(params.faults.empty());
  CHECK(params.version == 3);
  CHECK(value_of(params, "max_tx_power") == "78");
  CHECK(value_of(params, "uart_port") == "1");
  CHECK(value_of(params, "channel_num") == "13");
  CHECK(value_of(params, "country_code") == "CN");
  CHECK(value_of(params, "uart_baudrate") == "115200");
  CHECK(value_of(params, "uart_tx_pin") == "7");
  CHECK(value_of(params, "rx_control_pin") == "-1");
  CHECK(value_of(params, "platform") == "PLATFORM_ESP32C3");
  CHECK(value_of(params, "module_name") == "MINI-1");
}

TEST_CASE("values out of range and unknown names are refused") {
  CHECK(code_of({"max_tx_power", "84"}) == "none");
  CHECK(code_of({"max_tx_power", "85"}) == "factory_param_value");
  CHECK(code_of({"max_tx_power", "39"}) == "factory_param_value");
  CHECK(code_of({"start_channel", "0"}) == "factory_param_value");
  CHECK(code_of({"uart_tx_pin", "-1"}) == "none");
  CHECK(code_of({"uart_tx_pin", "128"}) == "factory_param_value");
  CHECK(code_of({"uart_baudrate", "115200x"}) == "factory_param_value");
  CHECK(code_of({"uart_baudrate", ""}) == "factory_param_value");
  CHECK(code_of({"country_code", "GERM"}) == "factory_param_value");
  CHECK(code_of({"country_code", "\xC3\xA4"}) == "factory_param_value");
  CHECK(code_of({"module_name", std::string(31, 'x')}) == "none");
  CHECK(code_of({"module_name", std::string(32, 'x')}) == "factory_param_value");
  CHECK(code_of({"power", "1"}) == "factory_param_unknown");
}

TEST_CASE("a parameter that an old version does not have is refused") {
  const std::vector<FactoryParam> port{{"uart_port", "0"}};
  const std::vector<FactoryParam> name{{"module_name", "X"}};
  Bytes partition = stock_partition();
  partition[2] = 2;
  CHECK(set_raw_factory_params(partition, port).ok());
  CHECK_FALSE(set_raw_factory_params(partition, name).ok());
  partition[2] = 1;
  const auto changed = set_raw_factory_params(partition, port);
  REQUIRE_FALSE(changed.ok());
  CHECK(changed.error().code == "factory_param_version");
  CHECK(value_of(read_raw_factory_params(partition), "uart_port") == "none");
}

TEST_CASE("what holds no parameters is reported") {
  CHECK_FALSE(is_readable(read_raw_factory_params(Bytes(0x1000, 0xFF)).faults));
  CHECK_FALSE(is_readable(read_raw_factory_params(Bytes{0xFC, 0xFC, 3}).faults));
  Bytes partition = stock_partition();
  partition[2] = 9;
  const RawFactoryParams unknown = read_raw_factory_params(partition);
  REQUIRE(unknown.faults.size() == 1);
  CHECK(unknown.faults[0].offset == 2);
  const auto changed = set_raw_factory_params(partition, {});
  REQUIRE_FALSE(changed.ok());
  CHECK(changed.error().code == "factory_param_missing");
}

TEST_CASE("values that no module takes are noted, and are read") {
  Bytes partition = stock_partition();
  partition[4] = 200;
  partition[0x200] = 0;
  const RawFactoryParams params = read_raw_factory_params(partition);
  CHECK(value_of(params, "max_tx_power") == "200");
  REQUIRE(params.faults.size() == 2);
  CHECK(params.faults[0].what == "max_tx_power is 200, outside 40 to 84");
  CHECK(params.faults[0].offset == 4);
  CHECK(params.faults[1].offset == 0x200);
  CHECK(is_clean(params.faults));
}

// The partition has no checksum: a flipped bit of a value is another value.
TEST_CASE("any flipped byte is reported, changes one parameter, or is padding") {
  const Bytes good = stock_partition();
  const RawFactoryParams before = read_raw_factory_params(good);
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const unsigned flip : {1U << i % 8, 0xFFU}) {
      CAPTURE(i);
      Bytes damaged = good;
      damaged[i] ^= static_cast<std::uint8_t>(flip);
      const RawFactoryParams after = read_raw_factory_params(damaged);
      if (!after.faults.empty()) continue;
      REQUIRE(after.params.size() == before.params.size());
      int changed = 0;
      for (std::size_t k = 0; k < before.params.size(); ++k) changed += after.params[k].value != before.params[k].value;
      const bool reserved = i == 3 || i == 22 || i == 23;
      const bool behind_text = good[i] == 0 && i > 0 && good[i - 1] == 0;
      REQUIRE((changed == 1 || reserved || behind_text));
    }
  }
}

TEST_CASE("values are told in words where the number does not say it all") {
  CHECK(factory_param_words({"max_tx_power", "78"}) == "19.5 dBm");
  CHECK(factory_param_words({"max_tx_power", "200"}).empty());
  CHECK(factory_param_words({"uart_tx_pin", "7"}) == "GPIO7");
  CHECK(factory_param_words({"uart_tx_pin", "-1"}) == "none");
  CHECK(factory_param_words({"uart_port", "-1"}) == "none");
  CHECK(factory_param_words({"module_name", "MINI-1"}).empty());
}

}  // namespace atcert::image
