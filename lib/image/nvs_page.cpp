// SPDX-License-Identifier: Apache-2.0
#include "image/nvs_page.hpp"

#include <algorithm>
#include <array>

#include "image/little_endian.hpp"

namespace atcert::image {

std::size_t NvsLivePage::room() const {
  const NvsPageState now = state();
  const bool open = now == NvsPageState::blank || now == NvsPageState::active;
  return open ? kNvsEntryCount - next_free_ : 0;
}

std::size_t NvsLivePage::data_room() const {
  return room() == 0 ? 0 : (room() - 1) * kNvsEntrySize;
}

std::size_t NvsLivePage::written_count() const {
  if (!begun_) return 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < kNvsEntryCount; ++i) count += view().entry_state(i) == NvsEntryState::written;
  return count;
}

Result<void> NvsLivePage::append(ByteView entry, ByteView data) {
  if (!begun_) ATCERT_CHECK(begin());
  const std::size_t first = next_free_;
  const std::size_t end = first + 1 + nvs_entries_for(data.size());
  ATCERT_CHECK(flash_->write(offset_ + nvs_entry_offset(first), entry));
  ATCERT_CHECK(mark_written(first, first + 1));
  next_free_ = end;
  if (data.empty()) return {};
  ATCERT_CHECK(flash_->write(offset_ + nvs_entry_offset(first + 1), data));
  return mark_written(first + 1, end);
}

Result<void> NvsLivePage::erase_item(std::size_t index) {
  const ByteView bytes = view().entry(index);
  const bool sound = nvs_entry_fault(bytes, index).empty();
  return mark_erased(index, index + (sound ? decode_nvs_entry(bytes).span : 1));
}

Result<void> NvsLivePage::repair() {
  if (state() == NvsPageState::active) ATCERT_CHECK(close_gaps());
  for (std::size_t i = 0; i < kNvsEntryCount;) {
    const NvsEntryState now = view().entry_state(i);
    const bool written = now == NvsEntryState::written;
    const bool sound = written && nvs_entry_fault(view().entry(i), i).empty();
    const std::size_t span = sound ? decode_nvs_entry(view().entry(i)).span : 1;
    const bool whole = sound && view().all_written(i, i + span);
    if ((written && !whole) || now == NvsEntryState::illegal) ATCERT_CHECK(mark_erased(i, i + span));
    i += span;
  }
  return {};
}

// Nothing may be written to entries that are not blank, whatever the bitmap says, nor to those before them.
Result<void> NvsLivePage::close_gaps() {
  next_free_ = kNvsEntryCount;
  while (next_free_ > 0) {
    const std::size_t last = next_free_ - 1;
    if (view().entry_state(last) != NvsEntryState::empty || !view().entry_blank(last)) break;
    next_free_ = last;
  }
  for (std::size_t i = 0; i < next_free_; ++i) {
    if (view().entry_state(i) == NvsEntryState::empty) ATCERT_CHECK(mark_erased(i, i + 1));
  }
  return {};
}

Result<void> NvsLivePage::begin() {
  begun_ = true;
  return flash_->write(offset_, encode_nvs_header(NvsPageState::active, sequence_));
}

Result<void> NvsLivePage::put_state(NvsPageState state) {
  if (!begun_) ATCERT_CHECK(begin());
  std::array<std::uint8_t, 4> word{};
  put_u32(word, 0, static_cast<std::uint32_t>(state));
  return flash_->write(offset_, word);
}

Result<void> NvsLivePage::mark_written(std::size_t first, std::size_t end) {
  for (std::size_t byte = first / 4; byte <= (end - 1) / 4; ++byte) {
    ATCERT_CHECK(put_bitmap_byte(byte, first, end, NvsEntryState::written));
  }
  return {};
}

// From the end, so that an item whose erasure is cut short still has its first entry, which tells its span.
Result<void> NvsLivePage::mark_erased(std::size_t first, std::size_t end) {
  next_free_ = state() == NvsPageState::active ? std::max(next_free_, end) : next_free_;
  for (std::size_t byte = (end - 1) / 4 + 1; byte-- > first / 4;) {
    ATCERT_CHECK(put_bitmap_byte(byte, first, end, NvsEntryState::erased));
  }
  return {};
}

// Puts the state of those of the byte's four entries that lie in [first, end).
Result<void> NvsLivePage::put_bitmap_byte(std::size_t byte, std::size_t first, std::size_t end, NvsEntryState state) {
  std::uint8_t bits = flash_->bytes()[offset_ + kNvsBitmapOffset + byte];
  for (std::size_t i = std::max(first, byte * 4); i < std::min(end, byte * 4 + 4); ++i) {
    const auto cleared = static_cast<unsigned>(NvsEntryState::empty) ^ static_cast<unsigned>(state);
    bits &= static_cast<std::uint8_t>(~(cleared << i % 4 * 2));
  }
  return flash_->write(offset_ + kNvsBitmapOffset + byte, ByteView(&bits, 1));
}

}  // namespace atcert::image
