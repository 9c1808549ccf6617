// SPDX-License-Identifier: Apache-2.0
#include "image/factory_diff.hpp"

#include <doctest/doctest.h>

#include "image/nvs_image.hpp"

namespace atcert::image {
namespace {

// The text of one value that is new in an NVS partition.
std::string shown(NvsType type, const Bytes& bytes) {
  const NvsValue value{"factory_param", "key", type, bytes};
  const auto after = generate_nvs(std::span(&value, 1), 0x3000, NvsStyle::new_style);
  REQUIRE(after.ok());
  const auto changes = diff_partitions("mfg_nvs", Bytes(0x3000, 0xFF), after->reveal());
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].key == "factory_param/key");
  CHECK_FALSE(changes[0].before.has_value());
  REQUIRE(changes[0].after.has_value());
  return changes[0].after->text;
}

}  // namespace

TEST_CASE("integers are told with the sign and size of their type") {
  CHECK(shown(NvsType::u8, {0xFE}) == "254");
  CHECK(shown(NvsType::i8, {0xFE}) == "-2");
  CHECK(shown(NvsType::u16, {0xFE, 0xFF}) == "65534");
  CHECK(shown(NvsType::i16, {0xFE, 0xFF}) == "-2");
  CHECK(shown(NvsType::i32, {0x00, 0x00, 0x00, 0x80}) == "-2147483648");
  CHECK(shown(NvsType::u64, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}) == "18446744073709551615");
  CHECK(shown(NvsType::i64, {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}) == "-1");
}

}  // namespace atcert::image
