// SPDX-License-Identifier: Apache-2.0
#include "image/partition_table.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>
#include <openssl/evp.h>

#include "base/embedded.hpp"
#include "image/image_support.hpp"
#include "image/partition_types.hpp"

namespace atcert::image {
namespace {

std::string sha256(ByteView bytes) {
  std::uint8_t digest[32];
  EVP_Digest(bytes.data(), bytes.size(), digest, nullptr, EVP_sha256(), nullptr);
  std::string hex;
  for (const std::uint8_t byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

std::string error_of(std::string_view csv) {
  const auto partitions = parse_partition_csv(csv);
  return partitions ? "none" : partitions.error().what;
}

// With offsets left to the tool, units and a flag; the SHA-256 is of gen_esp32part.py of ESP-IDF v5.4.
constexpr std::string_view kUserTable =
    "# Name,   Type, SubType, Offset,  Size, Flags\n"
    "nvs,      data, nvs,     ,        0x6000,\n"
    "phy_init, data, phy,     ,        0x1000,\n"
    "factory,  app,  factory, ,        1M, encrypted\n"
    "storage,  data, spiffs,  ,        512K,\n";

}  // namespace

TEST_CASE("binary tables of every layout equal those of gen_esp32part.py, and are read back") {
  const Bytes sums = test_data("partition-tables.sha256");
  const std::string_view expected = as_text(sums);
  int tables = 0;
  for (const EmbeddedFile& file : embedded_partitions()) {
    if (!file.name.starts_with("L")) continue;
    CAPTURE(file.name);
    const auto partitions = parse_partition_csv(file.content);
    REQUIRE(partitions.ok());
    for (const bool md5 : {false, true}) {
      const auto bytes = write_partition_table(*partitions, md5);
      REQUIRE(bytes.ok());
      const std::string_view layout = file.name.substr(0, file.name.size() - 4);
      CHECK(expected.find(fmt::format("{}  {}.{}.bin", sha256(*bytes), layout, md5 ? "md5" : "plain")) !=
            std::string::npos);
      const PartitionTable back = read_partition_table(*bytes);
      CHECK(back.faults.empty());
      CHECK(back.has_md5 == md5);
      CHECK(back.partitions == *partitions);
      ++tables;
    }
  }
  CHECK(tables == 100);
}

TEST_CASE("offsets that are left out are placed as ESP-IDF places them") {
  const auto partitions = parse_partition_csv(kUserTable);
  REQUIRE(partitions.ok());
  CHECK((*partitions)[0].offset == 0x9000);
  CHECK((*partitions)[2].offset == 0x10000);
  CHECK((*partitions)[3].offset == 0x110000);
  CHECK(type_name((*partitions)[3]) == "data/spiffs");
  const auto bytes = write_partition_table(*partitions, true);
  REQUIRE(bytes.ok());
  CHECK(sha256(*bytes) == "8d06468c2a1bf0ef1a2eebfe9a4e77e9f24c779b8e0a667827f303e727976d35");
}

TEST_CASE("a bad line of a table is named") {
  CHECK(error_of("\n# only a comment\n") == "line 1: no partitions");
  CHECK(error_of("a,data,nvs,0x9000,4K\nb,date,nvs,0xa000,4K\n") == "line 2: unknown type 'date'");
  CHECK(error_of("a,data,nvz,0x9000,4K\n") == "line 1: unknown subtype 'nvz'");
  CHECK(error_of("a,data,fat,0x9001,4K\n") == "line 1: partition 'a' at 0x9001 is not aligned to 0x1000");
  CHECK(error_of("a,data,nvs,0x9000,4T\n") == "line 1: offset '0x9000' or size '4T' is bad");
  CHECK(error_of("a,data,fat,0x9000,8K\nb,data,fat,0xa000,4K\n") == "line 2: partition 'b' overlaps 'a'");
  CHECK(error_of("a,data,fat,0x9000,4K\na,data,fat,0xa000,4K\n") == "line 2: partition 'a' is there twice");
  CHECK(error_of("a-name-of-17-char,data,nvs,0x9000,4K\n") == "line 1: 'a-name-of-17-char' is no partition name");
  CHECK(error_of("a,data,nvs,0x9000,4K,secret\n") == "line 1: unknown flag 'secret'");
  CHECK(error_of("a,data,nvs,0x9000,0\n") == "line 1: offset '0x9000' or size '0' is bad");
  CHECK(error_of("a,data,0x100,0x9000,4K\n") == "line 1: unknown subtype '0x100'");
  CHECK(error_of("a,0x100,nvs,0x9000,4K\n") == "line 1: unknown type '0x100'");
  CHECK(error_of("a,data,fat,0xa000,4K\nb,data,fat,0x9000,8K\n") == "line 2: partition 'b' overlaps 'a'");
}

TEST_CASE("neighbours do not overlap, and a comment may end the file") {
  CHECK(error_of("a,data,fat,0x9000,4K\nb,data,fat,0xa000,4K\n") == "none");
  CHECK(error_of("a,data,fat,0x9000,4K\nb,data,fat,0xa000,4K\n#") == "none");
  CHECK(error_of("a,data,fat,0x9000,4K\n# the end") == "none");
}

// ESP-IDF's gen_esp32part.py: ota_0 to ota_15 are 0x10 to 0x1F.
TEST_CASE("subtypes of applications are named up to the last slot") {
  CHECK(partition_subtype(0, "ota_0") == 0x10);
  CHECK(partition_subtype(0, "ota_15") == 0x1F);
  CHECK_FALSE(partition_subtype(0, "ota_16"));
  CHECK_FALSE(partition_subtype(1, "ota_0"));
  CHECK(partition_type_name(0, 0x10) == "app/ota_0");
  CHECK(partition_type_name(0, 0x1F) == "app/ota_15");
  CHECK(partition_type_name(0, 0x20) == "app/test");
  CHECK(partition_type_name(0, 0x0F) == "app/0x0f");
  CHECK(partition_type_name(1, 0x10) == "data/0x10");
  CHECK(partition_type_name(0x40, 0x0C) == "0x40/0x0c");
  CHECK(partition_subtype(0x40, "255") == 0xFF);
  CHECK_FALSE(partition_subtype(0x40, "256"));
}

// The same tool: decimal or hexadecimal, with K or M behind.
TEST_CASE("numbers of a table have units and end with 32 bits") {
  CHECK(partition_number("0x1000") == 0x1000U);
  CHECK(partition_number("4096") == 4096U);
  CHECK(partition_number("4K") == 4096U);
  CHECK(partition_number("1m") == 0x100000U);
  CHECK(partition_number("4095M") == 0xFFF00000U);
  CHECK_FALSE(partition_number("4096M"));
  CHECK(partition_number("0xFFFFFFFF") == 0xFFFFFFFFU);
  CHECK_FALSE(partition_number("0x100000000"));
  for (const char* text : {"", "K", "0x", "1G", "-1", "1 ", "0xg"}) CHECK_FALSE(partition_number(text));
}

TEST_CASE("damage to a binary table is reported with its offset") {
  const auto partitions = parse_partition_csv(kUserTable);
  REQUIRE(partitions.ok());
  Bytes bytes = *write_partition_table(*partitions, true);
  bytes[12] ^= 1;  // in the first name
  const PartitionTable renamed = read_partition_table(bytes);
  REQUIRE(renamed.faults.size() == 1);
  CHECK(renamed.faults[0].offset == 4 * 32 + 16);
  CHECK(renamed.partitions.size() == 4);
  bytes[32] = 0;
  const PartitionTable broken = read_partition_table(bytes);
  CHECK(broken.partitions.size() == 1);
  CHECK(broken.faults.front().offset == 32);
  const PartitionTable cut = read_partition_table(ByteView(bytes).first(20));
  CHECK(cut.faults.front().what == "the partition table has no end");
  CHECK(read_partition_table(Bytes(64, 0xFF)).faults.front().what == "the partition table is empty");
}

// They are in no digest: whoever can write them could name any partition.
TEST_CASE("entries behind the MD5 of a table are no entries") {
  const auto partitions = parse_partition_csv(kUserTable);
  REQUIRE(partitions.ok());
  Bytes bytes = *write_partition_table(*partitions, true);
  const std::size_t behind = (partitions->size() + 1) * 32;
  std::copy_n(bytes.begin(), 32, bytes.begin() + static_cast<std::ptrdiff_t>(behind));
  bytes[behind + 12] = 'x';  // the name
  const PartitionTable table = read_partition_table(bytes);
  CHECK(table.partitions == *partitions);
  REQUIRE(table.faults.size() == 1);
  CHECK(table.faults[0].offset == behind);
  CHECK(table.faults[0].level == FaultLevel::error);
}

TEST_CASE("any flipped byte of a table with an MD5 record is reported or is padding") {
  const auto partitions = parse_partition_csv(kUserTable);
  REQUIRE(partitions.ok());
  const Bytes good = *write_partition_table(*partitions, true);
  const std::size_t record = partitions->size() * 32;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const unsigned flip : {1U << i % 8, 0xFFU}) {
      CAPTURE(i);
      Bytes damaged = good;
      damaged[i] ^= static_cast<std::uint8_t>(flip);
      const PartitionTable table = read_partition_table(damaged);
      const bool in_padding = (i >= record + 2 && i < record + 16) || i >= record + 64;  // of the record, of the table
      if (in_padding) {
        REQUIRE(table.partitions == *partitions);
      } else {
        REQUIRE_FALSE(table.faults.empty());
      }
    }
  }
}

// Without the record there is nothing to compare with: what is seen is a magic that is none.
TEST_CASE("any flipped byte of a table without an MD5 record is reported, changes a partition, or is padding") {
  const auto partitions = parse_partition_csv(kUserTable);
  REQUIRE(partitions.ok());
  const Bytes good = *write_partition_table(*partitions, false);
  const std::size_t end = partitions->size() * 32;
  for (std::size_t i = 0; i < end + 32; ++i) {
    CAPTURE(i);
    Bytes damaged = good;
    damaged[i] ^= 0x10;
    const PartitionTable table = read_partition_table(damaged);
    const bool behind_name = i < end && table.partitions == *partitions && damaged[i - 1] == 0;
    CHECK((!table.faults.empty() || table.partitions != *partitions || behind_name));
  }
}

}  // namespace atcert::image
