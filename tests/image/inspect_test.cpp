// SPDX-License-Identifier: Apache-2.0
#include "image/inspect.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "image/image_support.hpp"
#include "image/nvs_image.hpp"

namespace atcert::image {
namespace {

const InspectedItem* find(const Inspection& inspection, std::string_view slot, std::string_view key) {
  for (const InspectedItem& item : inspection.items) {
    if (item.slot == slot && item.key == key) return &item;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("images are recognised by their bytes") {
  CHECK(inspect(test_data("pki/typed-ecc/mqtt_key.bin")).kind == ImageKind::pki_bin);
  CHECK(inspect(test_data("nvs/new/minimal-ecc.1C000.bin.gz")).kind == ImageKind::nvs);
  CHECK(inspect(test_data("factory/nvs.bin.gz")).kind == ImageKind::factory_image);
  CHECK(inspect(test_data("factory/pki.bin.gz")).kind == ImageKind::factory_image);
  const Bytes factory = test_data("factory/nvs.bin.gz");
  const Inspection table = inspect(ByteView(factory).subspan(0x8000, 0xC00));
  CHECK(table.kind == ImageKind::partition_table);
  CHECK(table.partitions.size() == 6);
  CHECK(inspect(test_data("ecc/private.pem")).kind == ImageKind::unknown);
  CHECK(inspect({}).kind == ImageKind::unknown);
}

TEST_CASE("a factory image shows its partitions and what is in them, with offsets in the file") {
  const Inspection nvs = inspect(test_data("factory/nvs.bin.gz"));
  CHECK(is_clean(nvs.faults));
  CHECK(nvs.partitions.size() == 6);
  CHECK(nvs.customized.size() == 2);
  const InspectedItem* key = find(nvs, "mqtt_key", "mqtt_key");
  REQUIRE(key != nullptr);
  CHECK(key->partition == "mfg_nvs");
  CHECK(key->offset > 0x1F000);
  CHECK(key->content.equals(test_data("ecc/private.pem")));
  CHECK(key->text.empty());
  REQUIRE(nvs.nvs.size() == 1);
  CHECK(nvs.nvs[0].pages == 31);
  CHECK(find(nvs, "factory_param", "module_name")->text == "MINI-1");
  CHECK(find(nvs, "factory_param", "uart_baudrate")->text == "115200");

  const Inspection pki = inspect(test_data("factory/pki.bin.gz"));
  const InspectedItem* certificate = find(pki, "mqtt_cert", "0");
  REQUIRE(certificate != nullptr);
  CHECK(certificate->offset == 0x38000 + 12);
  CHECK(certificate->content.equals(test_data("ecc/certificate.pem")));
}

TEST_CASE("faults have their offsets in the whole file") {
  Bytes factory = test_data("factory/nvs.bin.gz");
  factory[0x1F000 + 64 + 32 + 8] ^= 1;  // in the key of the second entry
  const Inspection damaged = inspect(factory);
  const auto first = std::find_if(damaged.faults.begin(), damaged.faults.end(),
                                  [](const Fault& fault) { return fault.level == FaultLevel::error; });
  REQUIRE(first != damaged.faults.end());
  CHECK(first->offset == 0x1F000 + 64 + 32);
  CHECK(first->what.starts_with("mfg_nvs: a bad entry"));
  CHECK(find(damaged, "mqtt_key", "mqtt_key") != nullptr);
}

TEST_CASE("an NVS partition alone has the offsets of its own file") {
  const Bytes factory = test_data("factory/nvs.bin.gz");
  const ByteView alone = ByteView(factory).subspan(0x1F000, 0x1F000);
  const Inspection whole = inspect(factory);
  const Inspection part = inspect(alone);
  REQUIRE(part.items.size() == whole.items.size());
  for (std::size_t i = 0; i < part.items.size(); ++i) CHECK(part.items[i].offset + 0x1F000 == whole.items[i].offset);
}

TEST_CASE("an NVS partition whose last page is cut is read as far as it goes") {
  const Bytes image = test_data("nvs/new/minimal-ecc.1C000.bin.gz");
  const Inspection cut = inspect(ByteView(image).first(0x2000 - 100));
  REQUIRE_FALSE(cut.faults.empty());
  CHECK(cut.faults.front().offset == 0x2000 - 100);
  CHECK(cut.faults.front().what.find("it lacks 100 bytes") != std::string::npos);
  REQUIRE(cut.nvs.size() == 1);
  CHECK(cut.nvs[0].pages == 2);
  CHECK_FALSE(cut.items.empty());
}

TEST_CASE("numbers are shown with their sign, strings of unknown namespaces are not") {
  const std::uint8_t minus_one = 0xFF;
  const NvsValue value{"factory_param", "uart_port", NvsType::i8, ByteView(&minus_one, 1)};
  const auto image = generate_nvs(std::span(&value, 1), 0x3000, NvsStyle::new_style);
  REQUIRE(image.ok());
  CHECK(find(inspect(image->reveal()), "factory_param", "uart_port")->text == "-1");
  const Bytes password{'s', 'e', 'c'};
  const std::vector<NvsValue> others{{"own", "count", NvsType::u8, ByteView(&minus_one, 1)},
                                     {"own", "password", NvsType::string, password}};
  const auto other = generate_nvs(others, 0x3000, NvsStyle::new_style);
  CHECK(find(inspect(other->reveal()), "own", "count")->text == "255");
  CHECK(find(inspect(other->reveal()), "own", "password")->text.empty());
}

TEST_CASE("a factory_param partition is read, alone and in a factory image") {
  const Bytes factory = test_data("factory/pki.bin.gz");
  const Inspection whole = inspect(factory);
  CHECK(find(whole, "factory_param", "max_tx_power")->text == "78");
  CHECK(find(whole, "factory_param", "max_tx_power")->offset == 0x31004);
  const Inspection alone = inspect(ByteView(factory).subspan(0x31000, 0x1000));
  CHECK(alone.kind == ImageKind::factory_param);
  CHECK(alone.faults.empty());
  CHECK(find(alone, "", "version")->text == "3");
  CHECK(find(alone, "", "max_tx_power")->words == "19.5 dBm");
  CHECK(find(alone, "", "rx_control_pin")->words == "none");
  const Inspection cut = inspect(ByteView(factory).subspan(0x31000, 40));
  CHECK(cut.kind == ImageKind::factory_param);
  CHECK_FALSE(is_readable(cut.faults));
}

TEST_CASE("keys decrypt mfg_nvs of a factory image, and nothing else of it") {
  const auto keys = NvsKeys::from_partition(test_data("nvs/encrypted/keys.bin"));
  REQUIRE(keys.ok());
  const Bytes plain = test_data("factory/nvs.bin.gz");
  Bytes factory = plain;
  REQUIRE(encrypt_nvs(std::span(factory).subspan(0x1F000, 0x1F000), *keys).ok());
  const Inspection opened = inspect(factory, &*keys);
  CHECK_FALSE(opened.keys.has_value());
  CHECK(is_clean(opened.faults));
  CHECK(opened.nvs[0].encrypted);
  CHECK(opened.items.size() == inspect(plain).items.size());
  const Inspection closed = inspect(factory);
  REQUIRE(closed.keys.has_value());
  CHECK(closed.keys->code == "nvs_encrypted");
  CHECK(closed.partitions.size() == 6);
  CHECK(closed.items.empty());
  CHECK(closed.nvs[0].used_entries > 0);
  REQUIRE_FALSE(closed.faults.empty());
  CHECK(inspect(plain, &*keys).keys->code == "nvs_not_encrypted");
  CHECK(inspect(test_data("factory/pki.bin.gz"), &*keys).keys->code == "nvs_keys_unused");
}

TEST_CASE("an NVS keys partition is recognised by its CRC") {
  Bytes keys = test_data("nvs/encrypted/keys.bin");
  CHECK(inspect(keys).kind == ImageKind::nvs_keys);
  keys[5] ^= 1;
  CHECK(inspect(keys).kind == ImageKind::unknown);
}

}  // namespace atcert::image
