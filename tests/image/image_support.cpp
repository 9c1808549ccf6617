// SPDX-License-Identifier: Apache-2.0
#include "image/image_support.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "support/image_data.hpp"

namespace atcert::image {

Bytes test_data(const std::string& path) {
  return test::image_data(path);
}

namespace independent {
namespace {

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

std::uint32_t little(const std::uint8_t* bytes, int count) {
  std::uint32_t value = 0;
  for (int i = count; i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

// CRC-32 with the polynomial 0xEDB88320, bit by bit, from the value before it.
std::uint32_t crc(std::uint32_t before, const std::uint8_t* bytes, std::size_t count) {
  std::uint32_t value = ~before;
  for (std::size_t i = 0; i < count; ++i) {
    value ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ (value & 1 ? 0xEDB88320U : 0);
  }
  return ~value;
}

struct Entry {
  const std::uint8_t* raw;
  std::string data;
};

std::vector<Entry> entries_of(const std::uint8_t* page) {
  std::vector<Entry> entries;
  for (unsigned i = 0; i < 126;) {
    const unsigned state = page[32 + i / 4] >> (2 * (i % 4)) & 3;
    const std::uint8_t* raw = page + 64 + 32 * i;
    if (state == 3)
      require(std::all_of(raw, raw + 32, [](auto byte) { return byte == 0xFF; }), "empty entry not blank");
    require(state != 1, "illegal entry state");
    if (state != 2) {
      ++i;
      continue;
    }
    require(crc(crc(0xFFFFFFFF, raw, 4), raw + 8, 24) == little(raw + 4, 4), "entry CRC");
    require(raw[2] >= 1 && i + raw[2] <= 126, "span");
    Entry entry{raw, {}};
    if (raw[1] == 0x21 || raw[1] == 0x42) {
      const std::uint32_t size = little(raw + 24, 2);
      require(1 + (size + 31) / 32 == raw[2], "span of data");
      require(crc(0xFFFFFFFF, raw + 32, size) == little(raw + 28, 4), "data CRC");
      entry.data.assign(reinterpret_cast<const char*>(raw + 32), size);
    } else {
      require(raw[2] == 1, "span of one");
    }
    entries.push_back(entry);
    i += raw[2];
  }
  return entries;
}

std::string key_of(const Entry& entry) {
  return reinterpret_cast<const char*>(entry.raw + 8);
}

}  // namespace

Partition read(ByteView image) {
  Partition partition;
  std::map<std::uint32_t, const std::uint8_t*> pages;
  require(!image.empty() && image.size() % 4096 == 0, "size");
  for (std::size_t at = 0; at < image.size(); at += 4096) {
    const std::uint8_t* page = image.data() + at;
    partition.states.push_back(little(page, 4));
    if (partition.states.back() == 0xFFFFFFFF) {
      require(std::all_of(page, page + 4096, [](auto byte) { return byte == 0xFF; }), "blank page not blank");
      continue;
    }
    require(partition.states.back() == 0xFFFFFFFE || partition.states.back() == 0xFFFFFFFC, "page state");
    require(page[8] == 0xFE, "version");
    require(crc(0xFFFFFFFF, page + 4, 24) == little(page + 28, 4), "header CRC");
    require(pages.emplace(little(page + 4, 4), page).second, "sequence");
  }
  std::vector<Entry> entries;
  for (const auto& [sequence, page] : pages) {
    for (auto& entry : entries_of(page)) entries.push_back(std::move(entry));
  }
  std::map<unsigned, std::string> spaces;
  std::map<std::tuple<unsigned, std::string, unsigned>, std::string> chunks;
  for (const auto& entry : entries) {
    if (entry.raw[0] == 0) require(spaces.emplace(entry.raw[24], key_of(entry)).second, "namespace twice");
    if (entry.raw[1] == 0x42) {
      require(chunks.emplace(std::tuple(entry.raw[0], key_of(entry), entry.raw[3]), entry.data).second, "chunk twice");
    }
  }
  std::size_t claimed = 0;
  for (const auto& entry : entries) {
    const std::uint8_t* raw = entry.raw;
    if (raw[0] == 0 || raw[1] == 0x42) continue;
    Value value{raw[1], entry.data};
    if (raw[1] == 0x48) {
      for (unsigned i = 0; i < raw[28]; ++i, ++claimed) value.bytes += chunks.at({raw[0], key_of(entry), raw[29] + i});
      require(value.bytes.size() == little(raw + 24, 4), "blob size");
    } else if (raw[1] == 0x21) {
      require(!value.bytes.empty() && value.bytes.back() == 0, "string without NUL");
      value.bytes.pop_back();
    } else {
      value.bytes.assign(reinterpret_cast<const char*>(raw + 24), raw[1] & 0x0F);
    }
    require(partition.values.emplace(std::pair(spaces.at(raw[0]), key_of(entry)), value).second, "key twice");
  }
  require(claimed == chunks.size(), "chunk without index");
  return partition;
}

}  // namespace independent
}  // namespace atcert::image
