// SPDX-License-Identifier: Apache-2.0
#include "image/factory_image.hpp"

#include <doctest/doctest.h>

#include "image/image_support.hpp"

namespace atcert::image {
namespace {

constexpr std::size_t kTable = 0x8000;
constexpr std::size_t kCustomizedTable = 0x1e000;

void move_table(Bytes& image, std::size_t offset) {
  std::copy_n(image.begin() + kTable, kPartitionTableSize, image.begin() + static_cast<std::ptrdiff_t>(offset));
  std::fill_n(image.begin() + kTable, kPartitionTableSize, std::uint8_t{0xFF});
}

}  // namespace

TEST_CASE("both tables of a factory image are read, with and without MD5") {
  const FactoryImage nvs = read_factory_image(test_data("factory/nvs.bin.gz"));
  CHECK(nvs.table_offset == kTable);
  CHECK(is_clean(nvs.faults));
  CHECK(nvs.generation() == Generation::nvs);
  REQUIRE(nvs.find("mfg_nvs") != nullptr);
  CHECK(nvs.find("mfg_nvs")->offset == 0x1f000);
  CHECK(nvs.find("mfg_nvs")->size == 0x1f000);
  CHECK(nvs.find("ota_0")->offset == 0x60000);
  CHECK(nvs.find("mqtt_key") == nullptr);
  const FactoryImage pki = read_factory_image(test_data("factory/pki.bin.gz"));
  CHECK(is_clean(pki.faults));
  CHECK(pki.generation() == Generation::pki);
  CHECK(pki.find("mqtt_key")->offset == 0x3a000);
  CHECK(pki.find("factory_param")->size == 0x1000);
}

TEST_CASE("a table at 0xC000 is found, also when something like one stands at 0x8000") {
  Bytes image = test_data("factory/nvs.bin.gz");
  move_table(image, 0xC000);
  CHECK(read_factory_image(image).table_offset == 0xC000);
  image[kTable] = 0xAA;
  image[kTable + 1] = 0x50;
  const FactoryImage read = read_factory_image(image);
  CHECK(read.table_offset == 0xC000);
  CHECK(read.find("mfg_nvs") != nullptr);
}

TEST_CASE("where no table is sound the first that begins like one is taken for it") {
  Bytes image = test_data("factory/nvs.bin.gz");
  image[kTable + kPartitionEntrySize] = 0;  // the magic of the second entry
  std::copy_n(image.begin() + kTable, kPartitionTableSize, image.begin() + 0xC000);
  const FactoryImage read = read_factory_image(image);
  CHECK(read.table_offset == kTable);
  CHECK_FALSE(is_clean(read.faults));
}

TEST_CASE("names and magic bytes in a program are no partitions") {
  Bytes image = test_data("factory/nvs.bin.gz");
  const ByteView entry = ByteView(image).subspan(kCustomizedTable, kPartitionEntrySize);
  std::copy(entry.begin(), entry.end(), image.begin() + 0x1000);
  image[0x1000 + 5] = 0x77;  // its offset
  CHECK(read_factory_image(image).find("mfg_nvs")->offset == 0x1f000);
}

TEST_CASE("a damaged table is reported with its offset in the image") {
  Bytes image = test_data("factory/nvs.bin.gz");
  image[kCustomizedTable + 5] ^= 0x01;
  const FactoryImage read = read_factory_image(image);
  REQUIRE_FALSE(is_readable(read.faults));
  const auto fault = std::find_if(read.faults.begin(), read.faults.end(),
                                  [](const Fault& each) { return each.level == FaultLevel::error; });
  CHECK(fault->offset == kCustomizedTable + 2 * kPartitionEntrySize + 16);
}

TEST_CASE("a file without a table is no factory image") {
  CHECK_FALSE(looks_like_factory_image(Bytes(0x20000, 0xFF)));
  CHECK_FALSE(looks_like_factory_image(Bytes(100, 0xFF)));
  CHECK(looks_like_factory_image(test_data("factory/pki.bin.gz")));
  const FactoryImage none = read_factory_image(Bytes(0x20000, 0xFF));
  CHECK_FALSE(is_readable(none.faults));
  CHECK_FALSE(none.generation().has_value());
}

TEST_CASE("a file that ends before the customized table says so") {
  Bytes image = test_data("factory/nvs.bin.gz");
  image.resize(kCustomizedTable);
  const FactoryImage read = read_factory_image(image);
  const auto fault = std::find_if(read.faults.begin(), read.faults.end(),
                                  [](const Fault& each) { return each.level == FaultLevel::error; });
  REQUIRE(fault != read.faults.end());
  CHECK(fault->offset == kCustomizedTable);
  CHECK(fault->what == "the file ends before the customized partition table at 0x1E000");
}

TEST_CASE("partitions behind the end of the file are noted") {
  Bytes image = test_data("factory/nvs.bin.gz");
  image.resize(0x30000);
  const FactoryImage read = read_factory_image(image);
  CHECK(is_clean(read.faults));
  CHECK(read.faults.size() == 5);  // at_customize, ota_0, ota_1; mfg_nvs, fatfs
}

}  // namespace atcert::image
