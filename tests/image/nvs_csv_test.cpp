// SPDX-License-Identifier: Apache-2.0
#include "image/nvs_csv.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "image/image_support.hpp"
#include "image/nvs_encoding.hpp"

namespace atcert::image {
namespace {

Result<Secret> read_test_file(const std::string& path) {
  return Secret(test_data("nvs/" + path));
}

Result<Secret> read_nothing(const std::string& path) {
  return Error{ErrorKind::input, "file_unreadable", path + ": cannot be read", {}, "check the path"};
}

std::string error_of(const std::string& rows) {
  const auto values = parse_nvs_csv("key,type,encoding,value\n" + rows, read_nothing);
  return values ? "none" : values.error().what;
}

std::string integer(NvsType type, std::string_view text) {
  const auto bytes = encode_nvs_integer(type, text);
  if (!bytes) return "none";
  std::string hex;
  for (const std::uint8_t byte : bytes->reveal()) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace

TEST_CASE("a CSV makes the image that Espressif's generators make of it") {
  const struct {
    const char* name;
    std::size_t size;
  } cases[] = {{"types", 0x1C000}, {"minimal-ecc", 0x1C000}, {"edge-tail0", 0x5000}, {"blob-3968", 0x5000}};
  for (const auto& each : cases) {
    CAPTURE(each.name);
    const Bytes text = test_data(fmt::format("nvs/{}.csv", each.name));
    const auto values = parse_nvs_csv(as_text(text), read_test_file);
    REQUIRE(values.ok());
    const auto old_image = generate_nvs(values->values, each.size, NvsStyle::old_style);
    REQUIRE(old_image.ok());
    CHECK(old_image->equals(test_data(fmt::format("nvs/old/{}.{:X}.bin.gz", each.name, each.size))));
    const auto new_image = generate_nvs(values->values, each.size, NvsStyle::new_style);
    REQUIRE(new_image.ok());
    CHECK(new_image->equals(test_data(fmt::format("nvs/new/{}.{:X}.bin.gz", each.name, each.size))));
  }
}

TEST_CASE("columns are found by their names, and lines may end with CR LF") {
  const auto values = parse_nvs_csv("value,key,encoding,type\r\n,space,,namespace\r\n7,key,u8,data\r\n", read_nothing);
  REQUIRE(values.ok());
  REQUIRE(values->values.size() == 2);
  CHECK(values->values[1].space == "space");
  CHECK(to_bytes(values->values[1].value) == Bytes{7});
}

TEST_CASE("a bad row is named by its line") {
  CHECK(error_of("s,namespace,,\nk,data,u8,256\n") == "line 3: the value of 'k' is no u8");
  CHECK(error_of("s,namespace,,\nk,data,u9,1\n") == "line 3: unknown encoding 'u9'");
  CHECK(error_of("s,namespace,,\nk,date,u8,1\n") == "line 3: unknown type 'date'");
  CHECK(error_of("k,data,u8,1\n") == "line 2: a value without a key or before the first namespace");
  CHECK(error_of("s,namespace,,\nk,file,binary,missing.pem\n") == "line 3: missing.pem: cannot be read");
  CHECK(error_of("s,namespace,,\nk,data,string,a,b\n") == "line 3: 5 fields");
  CHECK(error_of("s,namespace,,\nk,data,u8,1\ns,namespace,,\nk,data,u8,1\n") == "line 5: NVS key s/k is given twice");
  CHECK(error_of("s,namespace,,\nsixteen-bytes-16,data,u8,1\n") == "line 3: 'sixteen-bytes-16' is no NVS key");
  CHECK(error_of(",namespace,,\n") == "line 2: '' is no NVS namespace");
  CHECK(error_of("s,namespace,,\nk,data,string," + std::string(3968, 'x') + "\n") ==
        "line 3: NVS key s/k: a string of 3968 bytes, NVS takes 3967");
  CHECK(error_of("s,namespace,,\nk,data,string,\"a\n") == "line 3: a quote that is not closed");
  CHECK(parse_nvs_csv("key,type,value\n", read_nothing).error().what == "line 1: the header has no column 'encoding'");
  CHECK_FALSE(parse_nvs_csv("", read_nothing).ok());
}

TEST_CASE("integers are read as Python's int() reads them") {
  CHECK(integer(NvsType::u8, " +5 ") == "05");
  CHECK(integer(NvsType::i8, "-128") == "80");
  CHECK(integer(NvsType::i8, "-129") == "none");
  CHECK(integer(NvsType::i8, "128") == "none");
  CHECK(integer(NvsType::u8, "-1") == "none");
  CHECK(integer(NvsType::u8, "-0") == "00");
  CHECK(integer(NvsType::u32, "1_000") == "e8030000");
  CHECK(integer(NvsType::u32, "007") == "07000000");
  CHECK(integer(NvsType::u64, "18446744073709551615") == "ffffffffffffffff");
  CHECK(integer(NvsType::u64, "18446744073709551616") == "none");
  CHECK(integer(NvsType::i64, "-9223372036854775808") == "0000000000000080");
  for (const char* text : {"", "+", "-", "1__0", "_1", "1_", "0x10", "1.0", "ten", "--1"}) {
    CAPTURE(text);
    CHECK(integer(NvsType::i32, text) == "none");
  }
}

TEST_CASE("hex and base64 are decoded, and damage is refused") {
  CHECK(decode_nvs_text("hex2bin", " 00fF10\n")->equals(Bytes{0x00, 0xFF, 0x10}));
  CHECK_FALSE(decode_nvs_text("hex2bin", "123"));
  CHECK_FALSE(decode_nvs_text("hex2bin", "1g"));
  CHECK(decode_nvs_text("base64", "AAEC\nAwQ=\n")->equals(Bytes{0, 1, 2, 3, 4}));
  CHECK(decode_nvs_text("base64", "")->empty());
  CHECK_FALSE(decode_nvs_text("base64", "AAE"));
  CHECK_FALSE(decode_nvs_text("base64", "A=EC"));
  CHECK_FALSE(decode_nvs_text("base64", "A==="));
  CHECK_FALSE(decode_nvs_text("string", std::string_view("a\0b", 3)));
}

}  // namespace atcert::image
