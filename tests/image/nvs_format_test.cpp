// SPDX-License-Identifier: Apache-2.0
// The rules of ESP-IDF's nvs_flash for one entry and one page header ("NVS Internals" in its documentation).
#include "image/nvs_format.hpp"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "image/little_endian.hpp"

namespace atcert::image {
namespace {

std::string fault_of(const NvsEntry& entry, std::size_t index = 0) {
  return nvs_entry_fault(encode(entry), index);
}

// A blank page but for its header.
Bytes page_with(NvsPageState state, std::uint8_t version) {
  Bytes page(kNvsPageSize, 0xFF);
  const NvsHeaderBytes header = encode_nvs_header(state, 0);
  std::copy(header.begin(), header.end(), page.begin());
  page[8] = version;
  put_u32(page, 28, nvs_crc(ByteView(page).subspan(4, 24)));
  return page;
}

}  // namespace

TEST_CASE("a blob's index has no chunk number, and what has no data has a span of one") {
  NvsEntry index = index_entry(1, "key", 100, 1, 0);
  CHECK(fault_of(index).empty());
  index.chunk = 0;
  CHECK(fault_of(index) == "a blob index with a chunk number");
  NvsEntry number = integer_entry(1, "key", NvsType::u16, Bytes{1, 0});
  CHECK(fault_of(number).empty());
  number.span = 2;
  CHECK(fault_of(number) == "a span of 2 where there is no data");
}

TEST_CASE("the data of an entry ends with its page") {
  const Bytes data(64, 'd');
  const NvsEntry chunk = data_entry(1, "key", NvsType::blob_data, 0, data);
  CHECK(chunk.span == 3);
  CHECK(fault_of(chunk, kNvsEntryCount - 3).empty());
  CHECK_FALSE(fault_of(chunk, kNvsEntryCount - 2).empty());
}

TEST_CASE("an entry of no known type is none, and neither is one with a wrong CRC") {
  NvsEntry entry = integer_entry(1, "key", NvsType::u8, Bytes{1});
  entry.type = static_cast<NvsType>(0x03);
  CHECK(fault_of(entry) == "unknown type 0x03");
  NvsEntryBytes bytes = encode(integer_entry(1, "key", NvsType::u8, Bytes{1}));
  bytes[24] ^= 1;
  CHECK(nvs_entry_fault(bytes, 0).starts_with("its CRC is"));
}

TEST_CASE("pages of versions 1 and 2 count in their three states, and no others") {
  for (const std::uint8_t version : {std::uint8_t{0xFF}, std::uint8_t{0xFE}}) {
    for (const NvsPageState state : {NvsPageState::active, NvsPageState::full, NvsPageState::freeing}) {
      CHECK(NvsPageView(page_with(state, version)).is_used());
    }
    CHECK_FALSE(NvsPageView(page_with(NvsPageState::blank, version)).is_used());
  }
  CHECK_FALSE(NvsPageView(page_with(NvsPageState::active, 0xFD)).is_used());
  CHECK_FALSE(NvsPageView(page_with(NvsPageState::active, 0x00)).is_used());
  Bytes damaged = page_with(NvsPageState::active, 0xFE);
  damaged[28] ^= 1;
  CHECK_FALSE(NvsPageView(damaged).is_used());
}

TEST_CASE("signed integers are those of four types, and each integer has its size") {
  CHECK(integer_size(NvsType::u8) == 1);
  CHECK(integer_size(NvsType::i16) == 2);
  CHECK(integer_size(NvsType::u32) == 4);
  CHECK(integer_size(NvsType::i64) == 8);
  for (const NvsType type : {NvsType::string, NvsType::blob, NvsType::blob_data, NvsType::blob_index}) {
    CHECK(integer_size(type) == 0);
  }
}

}  // namespace atcert::image
