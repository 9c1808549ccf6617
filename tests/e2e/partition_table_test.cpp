// SPDX-License-Identifier: Apache-2.0
// Partition tables and the paths of --nvs-csv as users of atcert build and inspect meet them.
#include <filesystem>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "base/scratch_folder.hpp"
#include "image/factory_image.hpp"
#include "support/image_data.hpp"
#include "support/process.hpp"
#include "support/require.hpp"

namespace atcert {
namespace {

using test::Outcome;

const std::string kEcc = ATCERT_SOURCE_DIR "/tests/image/data/ecc/";

class Folder {
 public:
  std::string path(const std::string& name) const { return (scratch_.path() / name).string(); }
  std::string put(const std::string& name, ByteView content) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    REQUIRE(write_file(path(name), content).ok());
    return path(name);
  }
  std::string put(const std::string& name, std::string_view content) const { return put(name, as_bytes(content)); }
  bool built() const { return std::filesystem::exists(path("out")); }

  Outcome build(std::vector<std::string> more) const {
    more.insert(more.begin(), {"build", "--cert", kEcc + "certificate.pem", "--key", kEcc + "private.pem", "--ca",
                               kEcc + "AmazonRootCA1.pem", "-o", path("out")});
    return test::run({.arguments = std::move(more)});
  }
  // From a folder of its own, as the working directory.
  Outcome build_csv_in(const std::string& folder, const std::string& csv) const {
    return test::run(
        {.arguments = {"-C", folder, ATCERT_BINARY, "build", "--nvs-csv", csv, "--size", "0x4000", "-o", path("out")},
         .program = "/usr/bin/env"});
  }

 private:
  ScratchFolder scratch_ = test::require(ScratchFolder::create("tables"));
};

}  // namespace

TEST_CASE("build and inspect refuse a table that would destroy what the module starts from, and nothing is written") {
  const struct {
    const char* table;
    const char* words;
  } cases[] = {
      {"mfg_nvs, data, nvs, 0x0, 0x3000,\n", "line 1: partition 'mfg_nvs' lies over the boot loader"},
      {"mfg_nvs, data, nvs, 0x8000, 0x3000,\n", "lies over the partition table (0x8000-0x9000)"},
      {"mfg_nvs, data, nvs, 0xFFFFF000, 0x4000,\n", "beyond the largest flash"},
      {"mfg_nvs, data, fat, 0x9000, 0x4000,\n", "the firmware looks for one of type data/nvs"},
      {"mfg_nvs, data, nvs, 0x9000, 0x2000,\n", "needs three pages"},
      {"mfg_nvs, data, nvs, 0x9000, 0x8000,\nb, data, fat, 0x10000, 4K\n", "partition 'b' overlaps 'mfg_nvs'"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.words);
    const Folder folder;
    const std::string table = folder.put("table.csv", each.table);
    const Outcome built = folder.build({"--partition-table", table});
    CHECK(built.exit_code == 3);
    CHECK(built.err.find(each.words) != std::string::npos);
    CHECK_FALSE(folder.built());
    const Outcome inspected = test::run({.arguments = {"inspect", table}});
    CHECK(inspected.exit_code == 3);
    CHECK(inspected.err.find(each.words) != std::string::npos);
  }
}

TEST_CASE("a table lies where the chip has it") {
  const Folder folder;
  const std::string table = folder.put("table.csv", "mfg_nvs, data, nvs, 0xC000, 0x4000,\n");
  const Outcome refused = folder.build({"--partition-table", table, "--module", "ESP32-C61-4MB"});
  CHECK(refused.exit_code == 3);
  CHECK(refused.err.find("lies over the partition table (0xc000-0xd000)") != std::string::npos);
  CHECK(folder.build({"--partition-table", table, "--module", "ESP32-C6-4MB"}).exit_code == 0);
}

TEST_CASE("two tables that do not go together are refused in either order") {
  const Folder folder;
  const std::string primary =
      folder.put("primary.csv", "at_customize, 0x40, 0, 0x20000, 0x20000,\nota_0, app, ota_0, 0x40000, 1M,\n");
  const std::string customized = folder.put("customized.csv", "mfg_nvs, data, nvs, 0x3F000, 0x4000,\n");
  for (const auto& [first, second] : {std::pair(primary, customized), std::pair(customized, primary)}) {
    const Outcome outcome = folder.build({"--partition-table", first, "--partition-table", second});
    CHECK(outcome.exit_code == 3);
    CHECK(outcome.err.find("'mfg_nvs' lies over 'ota_0' of the primary table") != std::string::npos);
  }
}

TEST_CASE("inspect draws a table in CSV as it draws a binary one") {
  const Folder folder;
  const std::string csv = "mfg_nvs, data, nvs, 0x9000, 0x4000,\nb, data, fat, , 4K\n";
  const auto partitions = test::require(image::parse_partition_csv(csv));
  const Outcome of_csv = test::run({.arguments = {"inspect", folder.put("t.csv", csv)}});
  const Outcome of_binary = test::run(
      {.arguments = {"inspect", folder.put("t.bin", test::require(image::write_partition_table(partitions, true)))}});
  CHECK(of_csv.exit_code == 0);
  CHECK(of_csv.out.substr(of_csv.out.find('\n')) == of_binary.out.substr(of_binary.out.find('\n')));
}

TEST_CASE("a factory image with overlapping partitions is damaged for inspect and for --into") {
  const Folder folder;
  Bytes image = test::image_data("factory/nvs.bin.gz");
  const image::FactoryImage sound = image::read_factory_image(image);
  std::vector<image::Partition> moved = sound.customized;
  moved.back().offset = moved.front().offset;
  const Bytes table = test::require(image::write_partition_table(moved, true));
  const image::Partition* place = image::find_partition(sound.primary, image::kCustomizedPartition);
  REQUIRE(place != nullptr);
  std::copy(table.begin(), table.end(), image.begin() + place->offset);
  const std::string file = folder.put("factory.bin", image);
  const Outcome inspected = test::run({.arguments = {"inspect", file}});
  CHECK(inspected.exit_code == 3);
  CHECK(inspected.all().find("overlaps") != std::string::npos);
  const Outcome patched = folder.build({"--into", file});
  CHECK(patched.exit_code == 3);
  CHECK(patched.err.find("overlaps") != std::string::npos);
  CHECK_FALSE(folder.built());
}

TEST_CASE("an image that the firmware cannot write to is told") {
  const Folder folder;
  const std::string csv = folder.put("a.csv", "key,type,encoding,value\ns,namespace,,\nk,data,u8,1\n");
  const auto run = [&](const char* size) {
    return test::run({.arguments = {"build", "--nvs-csv", csv, "--size", size, "-o", folder.path("out")}});
  };
  const Outcome small = run("0x1000");
  CHECK(small.exit_code == 0);
  CHECK(small.err.find("no page that stays free") != std::string::npos);
  CHECK(run("0x3000").err.find("no page that stays free") == std::string::npos);
}

TEST_CASE("paths in --nvs-csv are those of the working directory, or else those beside the CSV") {
  const Folder folder;
  const std::string csv = folder.put("csv/a.csv", "key,type,encoding,value\ns,namespace,,\nk,file,string,value.txt\n");
  std::filesystem::create_directories(folder.path("work"));
  const std::string work = folder.path("work");
  CHECK(folder.build_csv_in(work, csv).exit_code == 3);
  folder.put("csv/value.txt", "beside");
  CHECK(folder.build_csv_in(work, csv).exit_code == 0);
  folder.put("work/value.txt", "beside");
  CHECK(folder.build_csv_in(work, csv).exit_code == 0);
  folder.put("work/value.txt", "other");
  const Outcome differ = folder.build_csv_in(work, csv);
  CHECK(differ.exit_code == 3);
  CHECK(differ.err.find("value.txt is there twice, in the working directory and beside the CSV, and they differ") !=
        std::string::npos);
  std::filesystem::remove(folder.path("csv/value.txt"));
  CHECK(folder.build_csv_in(work, csv).exit_code == 0);
}

}  // namespace atcert
