// SPDX-License-Identifier: Apache-2.0
// A live NVS partition, changed as the firmware's own library changes it (ESP-IDF, components/nvs_flash, v5.0 to v5.4):
// new values are appended, old ones then marked erased; a blob's chunks count from 0 and 128 in turn; one page is kept
// free, and when it is needed the page with the most unused entries is copied to it and erased. After a power cut at
// any byte the next open() finds the old value or the new one. Not thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/flash.hpp"
#include "image/nvs_image.hpp"
#include "image/nvs_page.hpp"

namespace atcert::image {

class NvsStore {
 public:
  // Mounts the partition and, as the firmware does when it starts, repairs what a power cut left. An erased partition
  // is an empty store. Errors: not a whole number of pages, no page free.
  static Result<NvsStore> open(Flash& flash);

  // All values, as read_nvs() finds them.
  NvsImage contents() const { return read_nvs(flash_->bytes()); }

  // Stores a value: integers little endian in their type's size, strings without NUL. An equal value is not written
  // again. Errors: a bad name, type or size; the partition is full (the old value then stays).
  Result<void> set(std::string_view space, std::string_view key, NvsType type, ByteView value);

  // Returns whether there was such a key.
  Result<bool> erase(std::string_view space, std::string_view key);
  // Erases all keys of a namespace; its name stays, as it does in the firmware.
  Result<bool> erase_all(std::string_view space);

 private:
  struct Place {
    std::size_t page = 0;  // in pages_
    std::size_t index = 0;
    NvsEntry entry;
  };
  using Match = std::function<bool(const Place&)>;

  explicit NvsStore(Flash& flash) : flash_(&flash) {}

  // nvs_mount.cpp
  Result<void> mount();
  Result<void> load_pages();
  Result<void> finish_freeing();
  Result<void> erase_older_versions();
  Result<void> erase_broken_blobs();

  // Items in the order of pages and entries.
  std::vector<Place> places(const Match& match) const;
  std::optional<std::uint8_t> space_index(std::string_view space) const;
  Result<std::uint8_t> open_space(std::string_view space);

  Result<Place> write_item(const NvsEntry& entry, ByteView data);
  Result<Place> write_blob(std::uint8_t space, std::string_view key, ByteView value, std::uint8_t first_chunk);
  Result<std::uint8_t> write_chunks(std::uint8_t space, std::string_view key, ByteView value, std::uint8_t first_chunk);
  Result<void> make_blob_room(std::size_t size);
  std::uint8_t next_version(std::uint8_t space, std::string_view key) const;
  // Erases the matching items, blob indices before chunks.
  Result<bool> erase_items(const Match& match);

  NvsLivePage& current() { return pages_.back(); }
  Result<void> activate_page();
  Result<void> next_page();
  Result<void> free_page(std::size_t page);
  Result<void> copy_items(const NvsLivePage& from, NvsLivePage& to);

  Flash* flash_;
  std::vector<NvsLivePage> pages_;  // by sequence; the last one takes entries
  std::deque<std::size_t> free_;    // offsets of pages without a sequence number
  std::uint32_t next_sequence_ = 0;
};

}  // namespace atcert::image
