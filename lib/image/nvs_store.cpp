// SPDX-License-Identifier: Apache-2.0
#include "image/nvs_store.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/plural.hpp"

namespace atcert::image {
namespace {

constexpr std::uint8_t kLastSpace = 254;
constexpr std::size_t kMaxChunks = 127;
// A blob does not begin on a page with less room than this, if all of it does not fit there.
constexpr std::size_t kLeastFirstChunk = kNvsMaxDataSize / 10;

Error store_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

Error full_error() {
  return store_error("nvs_full", "the NVS partition is full",
                     "erase keys that are not needed, or make the partition anew");
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kNvsMaxKeySize && name.find('\0') == std::string_view::npos;
}

Result<void> check_set(std::string_view space, std::string_view key, NvsType type, ByteView value) {
  if (!is_name(space) || !is_name(key)) {
    return store_error("nvs_name", fmt::format("'{}/{}' is no NVS namespace and key", space, key),
                       "use 1 to 15 bytes for each");
  }
  const std::size_t integer = integer_size(type);
  const bool sized = integer != 0              ? value.size() == integer
                     : type == NvsType::string ? value.size() + 1 <= kNvsMaxDataSize
                                               : type == NvsType::blob;
  if (sized) return {};
  return store_error(
      "nvs_value_size",
      fmt::format("{}/{}: {} cannot make a {}", space, key, counted(value.size(), "byte"), name_of(type)),
      fmt::format("integers have their type's size, strings at most {} bytes", kNvsMaxDataSize - 1));
}

}  // namespace

Result<void> NvsStore::set(std::string_view space, std::string_view key, NvsType type, ByteView value) {
  ATCERT_CHECK(check_set(space, key, type, value));
  {
    const NvsImage now = contents();
    const NvsItem* old = now.find(space, key);
    if (old != nullptr && old->type == type && old->value().equals(value)) return {};
  }
  ATCERT_TRY(const std::uint8_t, index, open_space(space));
  Result<Place> written = [&]() -> Result<Place> {
    if (type == NvsType::blob) return write_blob(index, key, value, next_version(index, key));
    if (type != NvsType::string) return write_item(integer_entry(index, key, type, value), {});
    Secret text(value);
    text.append(std::string_view("\0", 1));
    return write_item(data_entry(index, key, type, kNvsNoChunk, text.reveal()), text.reveal());
  }();
  ATCERT_TRY(const Place, kept, std::move(written));
  const auto older = [&](const Place& place) {
    if (place.entry.space != index || place.entry.key != key) return false;
    if (place.page == kept.page && place.index == kept.index) return false;
    const auto version = static_cast<std::uint8_t>(place.entry.chunk & kNvsSecondVersion);
    return place.entry.type != NvsType::blob_data || type != NvsType::blob || version != kept.entry.first_chunk();
  };
  ATCERT_CHECK(erase_items(older));
  return {};
}

Result<bool> NvsStore::erase(std::string_view space, std::string_view key) {
  const auto index = space_index(space);
  if (!index) return false;
  return erase_items([&](const Place& place) { return place.entry.space == *index && place.entry.key == key; });
}

Result<bool> NvsStore::erase_all(std::string_view space) {
  const auto index = space_index(space);
  if (!index) return false;
  return erase_items([&](const Place& place) { return place.entry.space == *index; });
}

std::vector<NvsStore::Place> NvsStore::places(const Match& match) const {
  std::vector<Place> found;
  for (std::size_t page = 0; page < pages_.size(); ++page) {
    if (pages_[page].state() == NvsPageState::blank) continue;
    const NvsPageView view = pages_[page].view();
    for (std::size_t i = 0; i < kNvsEntryCount;) {
      if (view.entry_state(i) != NvsEntryState::written || !nvs_entry_fault(view.entry(i), i).empty()) {
        ++i;
        continue;
      }
      Place place{page, i, decode_nvs_entry(view.entry(i))};
      i += place.entry.span;
      if (match(place)) found.push_back(std::move(place));
    }
  }
  return found;
}

std::optional<std::uint8_t> NvsStore::space_index(std::string_view space) const {
  const auto found = places([&](const Place& place) {
    return place.entry.space == 0 && place.entry.type == NvsType::u8 && place.entry.key == space;
  });
  if (found.empty() || found.front().entry.value[0] == 0) return std::nullopt;
  return found.front().entry.value[0];
}

// The index of a namespace, whose name is written if it is new.
Result<std::uint8_t> NvsStore::open_space(std::string_view space) {
  if (const auto index = space_index(space)) return *index;
  const auto names = places([](const Place& place) { return place.entry.space == 0; });
  for (std::uint8_t index = 1; index <= kLastSpace; ++index) {
    if (std::any_of(names.begin(), names.end(), [&](const Place& name) { return name.entry.value[0] == index; }))
      continue;
    ATCERT_CHECK(write_item(integer_entry(0, space, NvsType::u8, ByteView(&index, 1)), {}));
    return index;
  }
  return full_error();
}

Result<NvsStore::Place> NvsStore::write_item(const NvsEntry& entry, ByteView data) {
  if (entry.span > current().room()) {
    ATCERT_CHECK(next_page());
    if (entry.span > current().room()) return full_error();
  }
  const std::size_t index = kNvsEntryCount - current().room();
  ATCERT_CHECK(current().append(encode(entry), data));
  return Place{pages_.size() - 1, index, entry};
}

std::uint8_t NvsStore::next_version(std::uint8_t space, std::string_view key) const {
  const auto indices = places([&](const Place& place) {
    return place.entry.space == space && place.entry.key == key && place.entry.type == NvsType::blob_index;
  });
  return !indices.empty() && indices.front().entry.first_chunk() == 0 ? kNvsSecondVersion : std::uint8_t{0};
}

Result<NvsStore::Place> NvsStore::write_blob(std::uint8_t space, std::string_view key, ByteView value,
                                             std::uint8_t first_chunk) {
  const std::size_t pages = std::min(flash_->bytes().size() / kNvsPageSize - 1, kMaxChunks);
  if (value.size() > pages * kNvsMaxDataSize) return full_error();
  auto written = [&]() -> Result<Place> {
    ATCERT_TRY(const std::uint8_t, chunks, write_chunks(space, key, value, first_chunk));
    return write_item(index_entry(space, key, value.size(), chunks, first_chunk), {});
  }();
  if (written) return written;
  const auto abandoned = [&](const Place& place) {
    return place.entry.space == space && place.entry.key == key && place.entry.type == NvsType::blob_data &&
           (place.entry.chunk & kNvsSecondVersion) == first_chunk;
  };
  ATCERT_CHECK(erase_items(abandoned));
  return written;
}

Result<std::uint8_t> NvsStore::write_chunks(std::uint8_t space, std::string_view key, ByteView value,
                                            std::uint8_t first_chunk) {
  ATCERT_CHECK(make_blob_room(value.size()));
  ByteView rest = value;
  std::uint8_t count = 0;
  do {
    const std::size_t room = current().data_room();
    if (room == 0) return full_error();
    const ByteView part = rest.first(std::min(rest.size(), room));
    rest = rest.subspan(part.size());
    const auto chunk = static_cast<std::uint8_t>(first_chunk + count++);
    ATCERT_CHECK(write_item(data_entry(space, key, NvsType::blob_data, chunk, part), part));
    if (!rest.empty() || room - part.size() < kNvsEntrySize) ATCERT_CHECK(next_page());
  } while (!rest.empty());
  return count;
}

// A new page for a blob that would begin with a short chunk.
Result<void> NvsStore::make_blob_room(std::size_t size) {
  for (;;) {
    const std::size_t room = current().data_room();
    const bool fits = room >= size && room > 0;
    if (fits || room >= kLeastFirstChunk) return {};
    ATCERT_CHECK(next_page());
    if (current().data_room() == room) return full_error();
  }
}

Result<bool> NvsStore::erase_items(const Match& match) {
  const auto found = places(match);
  for (const bool chunks : {false, true}) {
    for (const Place& place : found) {
      if ((place.entry.type == NvsType::blob_data) != chunks) continue;
      ATCERT_CHECK(pages_[place.page].erase_item(place.index));
    }
  }
  return !found.empty();
}

// Takes a free page as the current one; its header is written with its first entry.
Result<void> NvsStore::activate_page() {
  if (free_.empty()) return full_error();
  const std::size_t offset = free_.front();
  if (!NvsPageView(flash_->bytes().subspan(offset)).is_blank()) ATCERT_CHECK(flash_->erase(offset));
  free_.pop_front();
  pages_.emplace_back(*flash_, offset, next_sequence_++, false);
  return {};
}

// The last free page is only taken to free another one: the one with the most unused entries moves there.
Result<void> NvsStore::next_page() {
  if (current().state() != NvsPageState::full) ATCERT_CHECK(current().mark_full());
  if (free_.size() >= 2) return activate_page();
  const auto fewest = std::min_element(pages_.begin(), pages_.end(), [](const NvsLivePage& a, const NvsLivePage& b) {
    return a.written_count() < b.written_count();
  });
  if (fewest->written_count() == kNvsEntryCount) return full_error();
  const auto freed = static_cast<std::size_t>(fewest - pages_.begin());
  ATCERT_CHECK(activate_page());
  ATCERT_CHECK(pages_[freed].mark_freeing());
  ATCERT_CHECK(copy_items(pages_[freed], current()));
  return free_page(freed);
}

Result<void> NvsStore::free_page(std::size_t page) {
  const std::size_t offset = pages_[page].offset();
  ATCERT_CHECK(flash_->erase(offset));
  pages_.erase(pages_.begin() + static_cast<std::ptrdiff_t>(page));
  free_.push_back(offset);
  return {};
}

Result<void> NvsStore::copy_items(const NvsLivePage& from, NvsLivePage& to) {
  const NvsPageView view = from.view();
  for (std::size_t i = 0; i < kNvsEntryCount;) {
    const bool item = view.entry_state(i) == NvsEntryState::written && nvs_entry_fault(view.entry(i), i).empty();
    const std::size_t span = item ? decode_nvs_entry(view.entry(i)).span : 1;
    if (item) ATCERT_CHECK(to.append(view.entry(i), view.data(i, (span - 1) * kNvsEntrySize)));
    i += span;
  }
  return {};
}

}  // namespace atcert::image
