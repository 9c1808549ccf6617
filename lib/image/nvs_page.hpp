// SPDX-License-Identifier: Apache-2.0
// One page of a live NVS partition. The order of its writes lets a power cut at any byte be repaired: an entry before
// its mark, an item's first mark before its data, and marks of erasure from the item's end to its start.
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/flash.hpp"
#include "image/nvs_format.hpp"

namespace atcert::image {

class NvsLivePage {
 public:
  // A page of the sequence: `begun` when its header is written, else the header is written with the first entry.
  NvsLivePage(Flash& flash, std::size_t offset, std::uint32_t sequence, bool begun)
      : flash_(&flash), offset_(offset), sequence_(sequence), begun_(begun) {}

  NvsPageView view() const { return NvsPageView(flash_->bytes().subspan(offset_)); }
  std::size_t offset() const { return offset_; }
  std::uint32_t sequence() const { return sequence_; }
  NvsPageState state() const { return begun_ ? view().state() : NvsPageState::blank; }

  // Entries that can still be appended.
  std::size_t room() const;
  // Bytes of data that can still be appended behind an entry.
  std::size_t data_room() const;
  std::size_t written_count() const;

  // Appends an entry and the data behind it, for which there is room.
  Result<void> append(ByteView entry, ByteView data);
  Result<void> erase_item(std::size_t index);
  Result<void> mark_full() { return put_state(NvsPageState::full); }
  Result<void> mark_freeing() { return put_state(NvsPageState::freeing); }

  // Finds the end of an active page's entries, and erases what a power cut left half-written.
  Result<void> repair();

 private:
  Result<void> begin();
  Result<void> put_state(NvsPageState state);
  Result<void> mark_written(std::size_t first, std::size_t end);
  Result<void> mark_erased(std::size_t first, std::size_t end);
  Result<void> put_bitmap_byte(std::size_t byte, std::size_t first, std::size_t end, NvsEntryState state);
  Result<void> close_gaps();

  Flash* flash_;
  std::size_t offset_;
  std::uint32_t sequence_;
  bool begun_;
  std::size_t next_free_ = 0;
};

}  // namespace atcert::image
