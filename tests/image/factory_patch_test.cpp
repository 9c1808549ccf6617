// SPDX-License-Identifier: Apache-2.0
#include "image/factory_patch.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "image/image_support.hpp"
#include "image/nvs_image.hpp"
#include "image/pki.hpp"

namespace atcert::image {
namespace {

constexpr std::size_t kNvsOffset = 0x1f000;
constexpr std::size_t kNvsSize = 0x1f000;

struct Inputs {
  Bytes ca = test_data("ecc/AmazonRootCA1.pem");
  Bytes intermediate = test_data("ecc/intermediate.pem");
  Bytes certificate = test_data("ecc/certificate.pem");
  Bytes key = test_data("ecc/private.pem");
};

// The parameters that the patched images of tests/image/data/factory were made with.
std::vector<FactoryParam> common_params() {
  return {{"max_tx_power", "60"},      {"country_code", "US"},   {"start_channel", "2"}, {"channel_num", "11"},
          {"uart_baudrate", "921600"}, {"uart_tx_pin", "18"},    {"uart_rx_pin", "19"},  {"uart_cts_pin", "-1"},
          {"uart_rts_pin", "-1"},      {"module_name", "MINI-2"}};
}

FactoryPatch nvs_patch(const Inputs& in) {
  FactoryPatch patch;
  patch.items = {{"mqtt_cert", 0, in.intermediate}, {"mqtt_ca", 0, in.certificate}, {"client_ca", 1, in.ca}};
  patch.params = common_params();
  patch.gatt_rows = {{1, "1,16,0x2803,0x01,1,1,08"}};
  return patch;
}

Bytes patched(Bytes image, const FactoryPatch& patch) {
  const auto result = patch_factory_image(image, patch);
  REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().what));
  overwrite(image, *result);
  return image;
}

ByteView nvs_of(const Bytes& image) {
  return ByteView(image).subspan(kNvsOffset, kNvsSize);
}

std::string code_of(const Bytes& image, const FactoryPatch& patch) {
  const auto result = patch_factory_image(image, patch);
  return result ? "none" : result.error().code;
}

const Change* find(const std::vector<Change>& changes, std::string_view key) {
  const auto found = std::find_if(changes.begin(), changes.end(), [&](const Change& each) { return each.key == key; });
  return found == changes.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("a rewritten mfg_nvs equals what at.py makes") {
  const Inputs in;
  FactoryPatch patch = nvs_patch(in);
  patch.nvs_update = NvsUpdate::old_style;
  CHECK(patched(test_data("factory/nvs.bin.gz"), patch) == test_data("factory/nvs-patched.bin.gz"));
}

TEST_CASE("raw factory parameters equal what at.py makes") {
  FactoryPatch patch;
  patch.params = common_params();
  patch.params.insert(
      patch.params.end(),
      {{"uart_port", "0"}, {"platform", "PLATFORM_ESP32"}, {"tx_control_pin", "3"}, {"rx_control_pin", "1"}});
  CHECK(patched(test_data("factory/pki.bin.gz"), patch) == test_data("factory/pki-patched.bin.gz"));
}

TEST_CASE("in place and in either style mfg_nvs holds the same values, and nothing else changes") {
  const Inputs in;
  const Bytes expected = test_data("factory/nvs-patched.bin.gz");
  const auto values = independent::read(nvs_of(expected)).values;
  for (const NvsUpdate update : {NvsUpdate::in_place, NvsUpdate::old_style, NvsUpdate::new_style}) {
    FactoryPatch patch = nvs_patch(in);
    patch.nvs_update = update;
    const Bytes image = patched(test_data("factory/nvs.bin.gz"), patch);
    CHECK(is_clean(read_nvs(nvs_of(image)).faults));
    CHECK(independent::read(nvs_of(image)).values == values);
    CHECK(std::equal(image.begin(), image.begin() + kNvsOffset, expected.begin()));
    CHECK(std::equal(image.begin() + kNvsOffset + kNvsSize, image.end(), expected.begin() + kNvsOffset + kNvsSize));
  }
}

TEST_CASE("the diff names what changed and shows no secret") {
  const Inputs in;
  FactoryPatch patch;
  patch.items = {{"mqtt_cert", 0, in.intermediate}, {"mqtt_key", 0, in.key}};
  patch.params = {{"max_tx_power", "60"}};
  const auto result = patch_factory_image(test_data("factory/nvs.bin.gz"), patch);
  REQUIRE(result.ok());
  REQUIRE(result->changes.size() == 2);  // the key is the one that is there
  const Change* certificate = find(result->changes, "mqtt_cert/mqtt_cert");
  REQUIRE(certificate != nullptr);
  CHECK(certificate->partition == "mfg_nvs");
  CHECK(certificate->before->size == in.certificate.size());
  CHECK(certificate->after->size == in.intermediate.size());
  // openssl x509 -in certificate.pem -noout -fingerprint -sha256
  CHECK(certificate->before->certificate == "42c85ab76a0fe97dfcf3eecff3387bca1b3434ab220056ceee318c15c6bbcae0");
  const Change* power = find(result->changes, "factory_param/max_tx_power");
  REQUIRE(power != nullptr);
  CHECK(power->before->text == "78");
  CHECK(power->after->text == "60");
}

TEST_CASE("what is there already is no change") {
  const Inputs in;
  for (const char* name : {"factory/nvs.bin.gz", "factory/pki.bin.gz"}) {
    FactoryPatch patch;
    patch.items = {{"mqtt_ca", 0, in.ca}, {"mqtt_cert", 0, in.certificate}, {"mqtt_key", 0, in.key}};
    patch.params = {{"max_tx_power", "78"}};
    const auto result = patch_factory_image(test_data(name), patch);
    REQUIRE(result.ok());
    CHECK(result->changes.empty());
    CHECK(result->partitions.empty());
  }
}

TEST_CASE("PKI partitions get new bins with the type bytes of their release, and keep their other items") {
  const Inputs in;
  FactoryPatch patch;
  patch.items = {{"mqtt_key", 0, in.certificate}, {"client_ca", 1, in.ca}};
  const Bytes image = patched(test_data("factory/pki.bin.gz"), patch);
  const PkiBin key = read_pki_bin(ByteView(image).subspan(0x3a000, 0x2000));
  REQUIRE(key.items.size() == 1);
  CHECK(key.faults.empty());
  CHECK(key.items[0].type == 2);
  CHECK(to_bytes(key.items[0].content) == in.certificate);
  const PkiBin client = read_pki_bin(ByteView(image).subspan(0x2f000, 0x2000));
  REQUIRE(client.items.size() == 2);
  CHECK(to_bytes(client.items[0].content) == in.ca);
  CHECK(to_bytes(client.items[1].content) == in.ca);
  patch.release = Release{{3, 0, 0, 0}};
  const Bytes typed = patched(test_data("factory/pki.bin.gz"), patch);
  CHECK(read_pki_bin(ByteView(typed).subspan(0x3a000, 0x2000)).items[0].type == 3);
}

TEST_CASE("an erased PKI partition needs the release") {
  const Inputs in;
  Bytes image = test_data("factory/pki.bin.gz");
  std::fill_n(image.begin() + 0x3a000, 0x2000, std::uint8_t{0xFF});
  FactoryPatch patch;
  patch.items = {{"mqtt_key", 0, in.key}};
  CHECK(code_of(image, patch) == "release_unknown");
  patch.release = Release{{2, 4, 0, 0}};
  CHECK(patched(image, patch) == test_data("factory/pki.bin.gz"));
}

TEST_CASE("keys that are missing are added as ESP-AT's build names them") {
  const Inputs in;
  Bytes image = test_data("factory/nvs.bin.gz");
  std::fill_n(image.begin() + kNvsOffset, kNvsSize, std::uint8_t{0xFF});
  FactoryPatch patch = nvs_patch(in);
  patch.items = {{"mqtt_cert", 0, in.certificate}, {"wpa_ent_ca", 0, in.ca}};
  for (const NvsUpdate update : {NvsUpdate::in_place, NvsUpdate::new_style}) {
    patch.nvs_update = update;
    const Bytes result = patched(image, patch);
    const auto partition = independent::read(nvs_of(result));
    CHECK(partition.values.at({"mqtt_cert", "mqtt_cert"}).bytes == as_text(in.certificate));
    CHECK(partition.values.at({"wpa_ent_ca", "wpa_ent_ca"}).bytes == as_text(in.ca));
    CHECK(partition.values.at({"factory_param", "uart_rts_pin"}).bytes == "\xFF\xFF\xFF\xFF");
    CHECK(partition.values.at({"ble_data", "cfg1"}).type == 0x21);
  }
}

TEST_CASE("several items of one slot are numbered, a single one of another is not") {
  const Inputs in;
  Bytes image = test_data("factory/nvs.bin.gz");
  std::fill_n(image.begin() + kNvsOffset, kNvsSize, std::uint8_t{0xFF});
  FactoryPatch patch;
  patch.items = {{"mqtt_ca", 0, in.ca}, {"client_ca", 0, in.ca}, {"client_ca", 1, in.intermediate}};
  const Bytes result = patched(image, patch);
  const auto values = independent::read(nvs_of(result)).values;
  CHECK(values.size() == 3);
  CHECK(values.at({"mqtt_ca", "mqtt_ca"}).bytes == as_text(in.ca));
  CHECK(values.at({"client_ca", "client_ca.0"}).bytes == as_text(in.ca));
  CHECK(values.at({"client_ca", "client_ca.1"}).bytes == as_text(in.intermediate));
}

// ESP-AT renamed the slots of EAP between releases; an image keeps the name that it has.
TEST_CASE("a slot with two names is replaced under the one that the image has") {
  const Inputs in;
  for (const auto& [there, given] : {std::pair("wpa2_ca", "wpa_ent_ca"), {"wpa_ent_ca", "wpa2_ca"}}) {
    const NvsValue value{there, there, NvsType::blob, in.intermediate};
    const auto before = generate_nvs(std::span(&value, 1), kNvsSize, NvsStyle::new_style);
    REQUIRE(before.ok());
    Bytes image = test_data("factory/nvs.bin.gz");
    std::copy_n(before->reveal().begin(), kNvsSize, image.begin() + kNvsOffset);
    FactoryPatch patch;
    patch.items = {{given, 0, in.ca}};
    const auto values = independent::read(nvs_of(patched(image, patch))).values;
    REQUIRE(values.size() == 1);
    CHECK(values.at({there, there}).bytes == as_text(in.ca));
  }
}

// 19.5 dBm is 78; the module reads the integer in the size that its build wrote.
TEST_CASE("a parameter keeps the size that it has, and its sign in it") {
  const std::uint8_t zeros[8] = {};
  const NvsValue values[] = {{"factory_param", "max_tx_power", NvsType::i32, ByteView(zeros).first(4)},
                             {"factory_param", "start_channel", NvsType::u16, ByteView(zeros).first(2)},
                             {"factory_param", "uart_rts_pin", NvsType::i64, ByteView(zeros)}};
  const auto before = generate_nvs(values, kNvsSize, NvsStyle::new_style);
  REQUIRE(before.ok());
  Bytes image = test_data("factory/nvs.bin.gz");
  std::copy_n(before->reveal().begin(), kNvsSize, image.begin() + kNvsOffset);
  FactoryPatch patch;
  patch.params = {{"max_tx_power", "78"}, {"start_channel", "2"}, {"uart_rts_pin", "-1"}};
  const Bytes result = patched(image, patch);
  const auto after = independent::read(nvs_of(result)).values;
  CHECK(after.at({"factory_param", "max_tx_power"}).bytes == std::string("\x4E\0\0\0", 4));
  CHECK(after.at({"factory_param", "start_channel"}).bytes == std::string("\2\0", 2));
  CHECK(after.at({"factory_param", "uart_rts_pin"}).bytes == std::string(8, '\xFF'));
}

TEST_CASE("an encrypted mfg_nvs is patched with its keys") {
  const Inputs in;
  const auto keys = NvsKeys::from_partition(test_data("nvs/encrypted/keys.bin"));
  REQUIRE(keys.ok());
  Bytes image = test_data("factory/nvs.bin.gz");
  REQUIRE(encrypt_nvs(std::span(image).subspan(kNvsOffset, kNvsSize), *keys).ok());
  FactoryPatch patch = nvs_patch(in);
  CHECK(code_of(image, patch) == "nvs_encrypted");  // as long as there are no keys
  patch.nvs_keys = &*keys;
  patch.nvs_update = NvsUpdate::old_style;
  CHECK(code_of(test_data("factory/pki.bin.gz"), patch) == "nvs_keys_old");
  Bytes result = patched(image, patch);
  REQUIRE(decrypt_nvs(std::span(result).subspan(kNvsOffset, kNvsSize), *keys).ok());
  CHECK(result == test_data("factory/nvs-patched.bin.gz"));
}

TEST_CASE("an mfg_nvs partition alone is patched as the one in its image is") {
  const Inputs in;
  const FactoryPatch patch = nvs_patch(in);
  const Bytes image = test_data("factory/nvs.bin.gz");
  const Bytes whole = patched(image, patch);
  CHECK(patched(to_bytes(nvs_of(image)), patch) == to_bytes(nvs_of(whole)));
  CHECK(code_of(to_bytes(nvs_of(image).first(kNvsSize - 100)), patch) == "nvs_damaged");
}

TEST_CASE("what cannot be done is refused") {
  const Inputs in;
  const Bytes nvs = test_data("factory/nvs.bin.gz");
  const Bytes pki = test_data("factory/pki.bin.gz");
  const auto with_item = [](std::string slot, std::size_t number, ByteView content) {
    FactoryPatch patch;
    patch.items = {{std::move(slot), number, content}};
    return patch;
  };
  CHECK(code_of(nvs, with_item("mqtt", 0, in.ca)) == "slot_unknown");
  CHECK(code_of(nvs, with_item("ftp_ca", 0, in.ca)) == "slot_unknown");
  CHECK(code_of(nvs, with_item("mqtt_ca", 1, in.ca)) == "slot_number");
  CHECK(code_of(pki, with_item("mqtt_ca", 2, in.ca)) == "slot_number");
  CHECK(code_of(pki, with_item("https_ca", 0, in.ca)) == "partition_missing");
  CHECK(code_of(pki, with_item("mqtt_ca", 0, Bytes(9000, 'x'))) == "pki_bin_too_large");
  CHECK(code_of(nvs, with_item("mqtt_ca", 0, Bytes(130000, 'x'))) == "nvs_full");
  FactoryPatch rows;
  rows.gatt_rows = {{0, "0,16,0x2800,0x01,2,2,A003"}};
  CHECK(code_of(pki, rows) == "gatt_rows_old");
  rows.gatt_rows = {{31, "x"}};
  CHECK(code_of(nvs, rows) == "gatt_row");
  FactoryPatch pins;
  pins.params = {{"tx_control_pin", "1"}};
  CHECK(code_of(nvs, pins) == "factory_param_old");
}

TEST_CASE("damaged and cut images are refused with the offset") {
  const Inputs in;
  FactoryPatch patch;
  patch.items = {{"mqtt_ca", 0, in.ca}};
  Bytes image = test_data("factory/nvs.bin.gz");
  image[0x1e005] ^= 1;
  CHECK(code_of(image, patch) == "image_table");
  image = test_data("factory/nvs.bin.gz");
  image[kNvsOffset + 64] ^= 1;
  const auto damaged = patch_factory_image(image, patch);
  REQUIRE_FALSE(damaged.ok());
  CHECK(damaged.error().code == "nvs_damaged");
  CHECK(damaged.error().what.starts_with("mfg_nvs at 0x1F000: offset 0x40: "));
  image = test_data("factory/nvs.bin.gz");
  image.resize(0x30000);
  CHECK(code_of(image, patch) == "image_cut");
  CHECK(code_of(Bytes(0x100000, 0xFF), patch) == "image_table");
  image = test_data("factory/pki.bin.gz");
  image[0x3c000] ^= 1;
  CHECK(code_of(image, patch) == "pki_damaged");
}

}  // namespace atcert::image
