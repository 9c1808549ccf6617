// SPDX-License-Identifier: Apache-2.0
// The verdicts on partition tables. Those that gen_esp32part.py of ESP-IDF v5.5 shares are its own: its code says so,
// and some hundred random tables were held against it.
#include "image/partition_rules.hpp"

#include <doctest/doctest.h>

#include "base/embedded.hpp"
#include "image/factory_image.hpp"
#include "image/image_support.hpp"
#include "image/layout.hpp"

namespace atcert::image {
namespace {

std::string csv_verdict(std::string_view csv, std::uint32_t table_offset = kTableOffset) {
  const auto partitions = parse_partition_csv(csv, table_offset);
  return partitions ? "good" : partitions.error().what;
}

Partition fat(std::string name, std::uint32_t offset, std::uint32_t size) {
  return {std::move(name), kDataPartition, 0x81, offset, size, 0};
}

// Of the first flaw; "good" when there is none.
std::string verdict(const std::vector<Partition>& partitions, std::uint32_t table_offset = kTableOffset) {
  const auto flaws = judge_partitions(partitions, table_offset);
  return flaws.empty() ? "good" : flaws.front().what;
}

// Of a binary table: the first fault with its offset.
std::string binary_verdict(
    const std::vector<Partition>& partitions, void (*change)(Bytes&) = [](Bytes&) {}) {
  Bytes bytes = *write_partition_table(partitions, false);
  change(bytes);
  const PartitionTable table = read_partition_table(bytes);
  return table.faults.empty() ? "good" : std::to_string(table.faults[0].offset) + ": " + table.faults[0].what;
}

}  // namespace

TEST_CASE("a partition over the boot loader or the partition table is refused, wherever the chip has it") {
  CHECK(csv_verdict("a,data,nvs,0x2000,0xc000\n") == "line 1: partition 'a' lies over the boot loader");
  CHECK(csv_verdict("a,data,nvs,0x0,0x3000\n") == "line 1: partition 'a' lies over the boot loader");
  CHECK(csv_verdict("a,data,nvs,0x8000,0x3000\n") ==
        "line 1: partition 'a' lies over the partition table (0x8000-0x9000)");
  CHECK(parse_partition_csv("a,data,nvs,0,12K\n").error().remedy == "the first free offset is 0x9000");
  CHECK(csv_verdict("a,data,nvs,0x9000,0x3000\n") == "good");
  CHECK(table_offset_of("ESP32C5") == 0xC000);
  CHECK(table_offset_of("ESP32C61") == 0xC000);
  CHECK(table_offset_of("ESP32C6") == 0x8000);
  CHECK(csv_verdict("a,data,nvs,0xC000,0x3000\n", 0xC000) ==
        "line 1: partition 'a' lies over the partition table (0xc000-0xd000)");
  CHECK(parse_partition_csv("a,data,nvs,,12K\n", 0xC000)->front().offset == 0xD000);
}

TEST_CASE("offsets and sizes that wrap at 32 bits or leave the largest flash are refused") {
  CHECK(verdict({fat("a", 0xFFFFF000, 0x2000)}) ==
        "partition 'a' ends at 0x100001000, beyond the largest flash (0x8000000)");
  CHECK(csv_verdict("a,data,nvs,0xFFFFF000,0x2000\n").find("beyond the largest flash") != std::string::npos);
  CHECK(csv_verdict("a,data,fat,0x9000,0x1000\nb,data,fat,,0xFFFFF000\nc,data,fat,,4K\n") ==
        "line 3: offset '' or size '4K' is bad");
  CHECK(verdict({fat("a", 0x7FFF000, 0x1000)}) == "good");
  CHECK(verdict({fat("a", 0x7FFF000, 0x2000)}).find("ends at 0x8001000") != std::string::npos);
  CHECK(binary_verdict({fat("x", 0x9000, 0x1000), fat("a", 0xFFFFF000, 0x2000)}) ==
        "32: partition 'a' ends at 0x100001000, beyond the largest flash (0x8000000)");
}

TEST_CASE("apps begin at 64 KiB and have whole sectors, all others begin at whole sectors") {
  const auto app = [](std::uint32_t offset, std::uint32_t size) { return Partition{"app", 0, 0x10, offset, size, 0}; };
  CHECK(verdict({app(0x10000, 0x1000)}) == "good");
  CHECK(verdict({app(0x11000, 0x10000)}) == "partition 'app' at 0x11000 is not aligned to 0x10000");
  CHECK(verdict({app(0x10000, 0x10010)}) == "partition 'app' has a size of 0x10010, which is not aligned to 0x1000");
  CHECK(verdict({fat("a", 0x9004, 0x1000)}) == "partition 'a' at 0x9004 is not aligned to 0x1000");
  CHECK(verdict({fat("a", 0x9000, 0x1004)}) == "good");
  CHECK(verdict({fat("a", 0x9000, 0)}) == "partition 'a' has no size");
}

TEST_CASE("overlaps are found between any two partitions") {
  CHECK(verdict({fat("a", 0x9000, 0x1000), fat("b", 0xA000, 0x1000)}) == "good");
  CHECK(verdict({fat("a", 0x9000, 0x1001), fat("b", 0xA000, 0x1000)}) == "partition 'b' overlaps 'a'");
  CHECK(verdict({fat("a", 0xA000, 0x1000), fat("b", 0x9000, 0x2000)}) == "partition 'b' overlaps 'a'");
  // the second lies within the first, the third behind it
  CHECK(verdict({fat("a", 0x9000, 0x9000), fat("b", 0xA000, 0x1000), fat("c", 0x11000, 0x2000)}) ==
        "partition 'b' overlaps 'a'");
  CHECK(judge_partitions(std::vector{fat("a", 0x9000, 0x9000), fat("b", 0xA000, 0x1000), fat("c", 0x11000, 0x2000)},
                         kTableOffset)
            .size() == 2);
  CHECK(binary_verdict({fat("a", 0x9000, 0x2000), fat("b", 0xA000, 0x1000)}) == "32: partition 'b' overlaps 'a'");
  CHECK(csv_verdict("b,data,fat,0xA000,4K\na,data,fat,0x9000,4K\n") ==
        "line 2: partition 'a' at 0x9000 stands behind 'b' at 0xa000");
}

TEST_CASE("what the firmware looks for by name has the type that it looks for") {
  CHECK(csv_verdict("mfg_nvs,data,fat,0x9000,0x3000\n") ==
        "line 1: partition 'mfg_nvs' is data/fat; the firmware looks for one of type data/nvs");
  CHECK(csv_verdict("factory_param,data,nvs,0x9000,0x3000\n") ==
        "line 1: partition 'factory_param' is data/nvs; the firmware looks for one of type 0x40");
  CHECK(csv_verdict("factory_param,0x40,8,0x9000,0x1000\n") == "good");
}

TEST_CASE("NVS that is written has three pages or more") {
  CHECK(csv_verdict("a,data,nvs,0x9000,0x2000\n") ==
        "line 1: partition 'a' has 0x2000 bytes; NVS that is written needs three pages, 0x3000");
  CHECK(csv_verdict("a,data,nvs,0x9000,0x2000,readonly\n") == "good");
  CHECK(csv_verdict("mfg_nvs,data,nvs,0x9000,0x2000,readonly\n").find("needs three pages") != std::string::npos);
  CHECK(csv_verdict("a,data,nvs,0x9000,0x3000\n") == "good");
}

TEST_CASE("the data of OTA is there once, in its size, and never read-only") {
  CHECK(csv_verdict("o,data,ota,0x9000,8K\n") == "good");
  CHECK(csv_verdict("o,data,ota,0x9000,4K\n") == "line 1: partition 'o' is data/ota and has a size of 0x1000");
  CHECK(csv_verdict("o,data,ota,0x9000,8K\np,data,ota,,8K\n") ==
        "line 2: partition 'p' is a second one of type data/ota, after 'o'");
  CHECK(csv_verdict("o,data,ota,0x9000,8K,readonly\n") ==
        "line 1: partition 'o' is data/ota, which is always written, and flagged as readonly");
  CHECK(csv_verdict("o,data,coredump,0x9000,8K,readonly\n").find("always written") != std::string::npos);
}

TEST_CASE("control characters in a name are refused by every reader, a NUL too") {
  using std::literals::string_view_literals::operator""sv;
  CHECK(csv_verdict("a\0b,data,fat,0x9000,4K\n"sv) == "line 1: a NUL byte");
  CHECK(csv_verdict("x,data,fat,0x9000,4K\n\"a\0b\",data,fat,,4K\n"sv) == "line 2: a NUL byte");
  CHECK(csv_verdict("a\x1b[2J,data,fat,0x9000,4K\n") == "line 1: the name of partition 1 holds a control character");
  CHECK(csv_verdict("\"a\nb\",data,fat,0x9000,4K\n") == "line 1: the name of partition 1 holds a control character");
  CHECK(verdict({fat("a\x7F", 0x9000, 0x1000)}) == "the name of partition 1 holds a control character");
  CHECK(binary_verdict({fat("a\nb", 0x9000, 0x1000)}) == "0: the name of partition 1 holds a control character");
  CHECK(binary_verdict({fat("abc", 0x9000, 0x1000)}, [](Bytes& bytes) { bytes[13] = 0; }) ==
        "12: a partition's name goes on behind a NUL");
}

TEST_CASE("a table is read as ESP-IDF's tool reads it") {
  const auto table = parse_partition_csv(
      "  # with blanks before it\n"
      "a, DATA, Nvs, 0x9000, -0x10000,\n"
      "b, app, OTA_3, , -1M, encrypted:readonly,, more\n"
      "c, 0x41, , , 4k\n");
  REQUIRE_MESSAGE(table.ok(), table.error().what);
  CHECK((*table)[0] == Partition{"a", 1, 2, 0x9000, 0x7000, 0});
  CHECK((*table)[1] == Partition{"b", 0, 0x13, 0x10000, 0xF0000, 3});
  CHECK((*table)[2] == Partition{"c", 0x41, 6, 0x100000, 0x1000, 0});
  CHECK(csv_verdict("a,data,fat,0x9000,-0x9000\n") == "line 1: offset '0x9000' or size '-0x9000' is bad");
  CHECK(csv_verdict("a,app,,0x10000,64K\n") == "line 1: unknown subtype ''");
  CHECK(csv_verdict("a,data,fat,0x9000,010\n") == "line 1: offset '0x9000' or size '010' is bad");
  CHECK(csv_verdict("a,data,fat,-0x9000,4K\n") == "line 1: offset '-0x9000' or size '4K' is bad");
}

TEST_CASE("a table has room for 95 partitions, and one less with an MD5") {
  std::string csv;
  for (int i = 0; i < 95; ++i) csv += "p" + std::to_string(i) + ",data,fat,,4K\n";
  const auto full = parse_partition_csv(csv);
  REQUIRE(full.ok());
  const auto bytes = write_partition_table(*full, false);
  REQUIRE(bytes.ok());
  CHECK(read_partition_table(*bytes).partitions == *full);
  CHECK_FALSE(write_partition_table(*full, true).ok());
  CHECK(csv_verdict(csv + "last,data,fat,,4K\n") == "line 96: more than 95 partitions");
}

TEST_CASE("what lies over the primary table's partitions is no customized table") {
  const std::vector<Partition> primary{{"at_customize", 0x40, 0, 0x20000, 0x10000, 0},
                                       {"ota_0", 0, 0x10, 0x30000, 0x10000, 0}};
  const auto flaw_of = [&](std::uint32_t offset, std::uint32_t size) {
    const auto flaws = judge_customized(std::vector{fat("a", offset, size)}, primary);
    return flaws.empty() ? "good" : flaws.front().what;
  };
  CHECK(flaw_of(0x21000, 0xF000) == "good");
  CHECK(flaw_of(0x20000, 0x1000) == "partition 'a' lies over the customized partition table");
  CHECK(flaw_of(0x2F000, 0x2000) == "partition 'a' lies over 'ota_0' of the primary table");
}

TEST_CASE("the tables of every module in every release are sound, alone and together") {
  const auto catalogue = LayoutCatalogue::load(embedded_partitions());
  REQUIRE(catalogue.ok());
  for (const ModuleKind& module : catalogue->modules()) {
    for (const Release& release : catalogue->releases_of(module)) {
      const auto found = catalogue->find(module.name, to_string(release));
      if (!found) continue;  // a tag of another chip alone
      CAPTURE(found->layout.name);
      CHECK(verdict(found->layout.primary, table_offset_of(module.chip)) == "good");
      CHECK(verdict(found->layout.customized, table_offset_of(module.chip)) == "good");
      CHECK(judge_customized(found->layout.customized, found->layout.primary).empty());
    }
  }
}

TEST_CASE("overlaps in a factory image are faults with the offset of their entries") {
  constexpr std::size_t kSecondTable = 0x1e000;
  Bytes image = test_data("factory/nvs.bin.gz");
  const FactoryImage sound = read_factory_image(image);
  REQUIRE(is_clean(sound.faults));
  std::vector<Partition> moved = sound.customized;
  moved[0].offset = 0x60000;  // over ota_0
  const Bytes table = *write_partition_table(moved, true);
  std::copy(table.begin(), table.end(), image.begin() + kSecondTable);
  const FactoryImage over = read_factory_image(image);
  const auto fault = std::find_if(over.faults.begin(), over.faults.end(),
                                  [](const Fault& each) { return each.level == FaultLevel::error; });
  REQUIRE(fault != over.faults.end());
  CHECK(fault->offset >= kSecondTable);
  CHECK(fault->what.find("lies over 'ota_0' of the primary table") != std::string::npos);
}

}  // namespace atcert::image
