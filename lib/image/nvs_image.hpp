// SPDX-License-Identifier: Apache-2.0
// NVS partitions as images: made from a list of values as Espressif's generators make them, and read back. To change
// values in a partition as the firmware does, see nvs_store.hpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "image/fault.hpp"
#include "image/nvs_format.hpp"

namespace atcert::image {

// A value to be written. Integers are little endian in their type's size; strings come without NUL. A value with an
// empty key only declares its namespace.
struct NvsValue {
  std::string space;  // namespace
  std::string key;
  NvsType type = NvsType::blob;
  ByteView value;
};

// Espressif's two generators fill the pages behind the values differently. `old_style`: nvs_partition_gen.py of
// ESP-IDF 5.0 and 5.1, used by ESP-AT 3.1 to 4.0, marks every page but the last FULL. `new_style`: the package
// esp-idf-nvs-partition-gen, used from 4.1 on, leaves the last used page ACTIVE and those behind it blank.
enum class NvsStyle { old_style, new_style };

// Errors: a name that NVS does not take, a value that does not fit its type or is too long.
Result<void> check_nvs_value(const NvsValue& value);

// The image of a partition of `size` bytes, byte for byte as the generator of that style makes it; in the new style and
// below 0x3000 bytes (a read-only partition) only the used pages. It may hold a private key, so it is a Secret. Errors:
// a bad size, namespace, key or value; a key that is there twice; values that do not fit.
Result<Secret> generate_nvs(std::span<const NvsValue> values, std::size_t size, NvsStyle style);

// A value as it is read. Its parts lie in the image that was read: one for strings and integers, one a chunk for blobs.
struct NvsItem {
  std::string space;
  std::string key;
  NvsType type = NvsType::blob;  // never blob_data or blob_index
  std::vector<ByteView> parts;   // strings without NUL
  std::size_t offset = 0;        // of its (first) entry

  std::size_t size() const;
  Secret value() const;
};

struct NvsPage {
  std::size_t offset = 0;
  NvsPageState state = NvsPageState::blank;
  std::uint32_t sequence = 0;
  std::size_t written = 0;  // entries
  std::size_t erased = 0;
  bool valid = false;  // blank, or with a good header
};

struct NvsImage {
  std::vector<std::string> spaces;  // namespaces, in the order of their entries
  std::vector<NvsItem> items;       // in the order of their entries, pages by sequence
  std::vector<NvsPage> pages;       // in the order of the flash
  std::vector<Fault> faults;

  const NvsItem* find(std::string_view space, std::string_view key) const;
};

// Reads what can be read. Where an interrupted update left two versions of a value, the newer one counts, as it does
// for the firmware. is_clean(faults) is the strict judgement.
NvsImage read_nvs(ByteView image);

// Whether `bytes` begin like an NVS partition.
bool looks_like_nvs(ByteView bytes);

}  // namespace atcert::image
