// SPDX-License-Identifier: Apache-2.0
// read_nvs(): page by page in the order of their sequence numbers, then the values put together from their entries.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "base/plural.hpp"
#include "image/nvs_image.hpp"

namespace atcert::image {
namespace {

// An entry that is written and sound, with its data.
struct Found {
  NvsEntry entry;
  std::size_t offset = 0;
  ByteView data;
};

class Reader {
 public:
  explicit Reader(ByteView image) : image_(image) {}

  NvsImage read() && {
    read_pages();
    for (const std::size_t page : by_sequence()) read_entries(page);
    read_spaces();
    read_values();
    report_lost_keys();
    return std::move(out_);
  }

 private:
  using Key = std::tuple<std::uint8_t, std::string>;

  void fault(FaultLevel level, std::size_t offset, std::string what) {
    out_.faults.push_back({level, offset, std::move(what)});
  }

  void read_pages() {
    const std::size_t count = image_.size() / kNvsPageSize;
    for (std::size_t i = 0; i < count; ++i) out_.pages.push_back(read_page(i * kNvsPageSize));
    const std::size_t whole = count * kNvsPageSize;
    if (whole != image_.size() || count == 0) {
      fault(FaultLevel::error, whole, fmt::format("0x{:X} bytes are no whole number of pages", image_.size()));
    }
    // The firmware refuses a partition without a free page; those of less than three pages are read-only.
    const bool free = std::any_of(out_.pages.begin(), out_.pages.end(), [](const NvsPage& page) {
      return !page.valid || page.state == NvsPageState::blank || page.state == NvsPageState::freeing;
    });
    if (count >= 3 && !free) fault(FaultLevel::error, 0, "no page is free; the firmware needs one");
  }

  NvsPage read_page(std::size_t offset) {
    const NvsPageView view(image_.subspan(offset));
    NvsPage page{.offset = offset, .state = view.state(), .sequence = view.sequence()};
    if (view.is_used()) {
      page.valid = true;
      count_entries(view, page);
      if (page.state == NvsPageState::freeing) fault(FaultLevel::leftover, offset, "the page was being freed");
      return page;
    }
    page.valid = view.is_blank();
    if (!page.valid) report_bad_page(view, offset);
    return page;
  }

  static void count_entries(const NvsPageView& view, NvsPage& page) {
    for (std::size_t i = 0; i < kNvsEntryCount; ++i) {
      const NvsEntryState state = view.entry_state(i);
      page.written += state == NvsEntryState::written;
      page.erased += state == NvsEntryState::erased;
    }
  }

  void report_bad_page(const NvsPageView& view, std::size_t offset) {
    if (view.state() == NvsPageState::blank) {
      fault(FaultLevel::leftover, offset, "a page without a state is not erased");
      return;
    }
    const FaultLevel level = view.entries_blank() ? FaultLevel::leftover : FaultLevel::error;
    if (!view.header_crc_ok()) {
      fault(level, offset + 28, "the CRC of the page header is wrong");
    } else {
      fault(level, offset,
            fmt::format("unknown page state 0x{:08X} or version 0x{:02X}", view.state_word(), view.version()));
    }
  }

  std::vector<std::size_t> by_sequence() {
    std::vector<std::size_t> used;
    for (std::size_t i = 0; i < out_.pages.size(); ++i) {
      if (out_.pages[i].valid && out_.pages[i].state != NvsPageState::blank) used.push_back(i);
    }
    std::stable_sort(used.begin(), used.end(),
                     [&](std::size_t a, std::size_t b) { return out_.pages[a].sequence < out_.pages[b].sequence; });
    for (std::size_t i = 1; i < used.size(); ++i) {
      const NvsPage& before = out_.pages[used[i - 1]];
      const NvsPage& page = out_.pages[used[i]];
      if (page.sequence == before.sequence) {
        fault(FaultLevel::error, page.offset, fmt::format("two pages have the sequence number {}", page.sequence));
      }
      if (before.state == NvsPageState::active) {
        fault(FaultLevel::error, before.offset, "the page is active, but it is not the last one");
      }
    }
    return used;
  }

  void read_entries(std::size_t page) {
    const std::size_t offset = out_.pages[page].offset;
    const NvsPageView view(image_.subspan(offset));
    bool in_fault = false;  // report a run of bad entries once: the data of a bad entry cannot be told from entries
    bool seen_empty = false;
    for (std::size_t i = 0; i < kNvsEntryCount;) {
      const NvsEntryState state = view.entry_state(i);
      const std::size_t at = offset + nvs_entry_offset(i);
      if (state == NvsEntryState::written) {
        if (std::exchange(seen_empty, false)) fault(FaultLevel::error, at, "a written entry behind an empty one");
        i += read_entry(view, i, at, in_fault);
        continue;
      }
      seen_empty |= state == NvsEntryState::empty;
      in_fault = false;
      if (state == NvsEntryState::illegal) fault(FaultLevel::leftover, at, "an entry state that does not exist");
      if (state == NvsEntryState::empty && !view.entry_blank(i))
        fault(FaultLevel::leftover, at, "a half-written entry");
      if (state == NvsEntryState::erased) remember_erased(view.entry(i), i, at);
      ++i;
    }
  }

  // Returns how many entries it took.
  std::size_t read_entry(const NvsPageView& view, std::size_t index, std::size_t at, bool& in_fault) {
    if (const std::string what = nvs_entry_fault(view.entry(index), index); !what.empty()) {
      if (!in_fault) fault(FaultLevel::error, at, "a bad entry: " + what);
      in_fault = true;
      return 1;
    }
    in_fault = false;
    Found found{decode_nvs_entry(view.entry(index)), at, {}};
    if (!view.all_written(index, index + found.entry.span)) {
      fault(FaultLevel::leftover, at, fmt::format("'{}' is not written to its end", found.entry.key));
      return found.entry.span;
    }
    if (has_data(found.entry.type)) {
      found.data = view.data(index, found.entry.data_size());
      if (nvs_crc(found.data) != found.entry.data_crc()) {
        fault(FaultLevel::error, at, fmt::format("the CRC of the data of '{}' is wrong", found.entry.key));
        return found.entry.span;
      }
    }
    const std::size_t span = found.entry.span;
    found_.push_back(std::move(found));
    return span;
  }

  void remember_erased(ByteView bytes, std::size_t index, std::size_t at) {
    if (!nvs_entry_fault(bytes, index).empty()) return;
    const NvsEntry entry = decode_nvs_entry(bytes);
    if (entry.type != NvsType::blob_data) erased_[{entry.space, entry.key}] = at;
  }

  void read_spaces() {
    for (const Found& found : found_) {
      if (found.entry.space != 0) continue;
      const std::uint8_t index = found.entry.value[0];
      if (found.entry.type != NvsType::u8 || index == 0 || index == 0xFF) {
        fault(FaultLevel::error, found.offset, fmt::format("namespace '{}' has a bad index", found.entry.key));
        continue;
      }
      present_.emplace(std::uint8_t{0}, found.entry.key);
      const auto [place, added] = spaces_.try_emplace(index, found.entry.key);
      if (!added && place->second == found.entry.key) {
        fault(FaultLevel::leftover, found.offset, fmt::format("namespace '{}' is there twice", found.entry.key));
        continue;
      }
      if (!added || std::find(out_.spaces.begin(), out_.spaces.end(), found.entry.key) != out_.spaces.end()) {
        fault(FaultLevel::error, found.offset, fmt::format("namespace '{}' collides with another", found.entry.key));
        continue;
      }
      out_.spaces.push_back(found.entry.key);
    }
  }

  // The newest entry of each key counts; chunks belong to the index that names them.
  void read_values() {
    std::map<Key, std::size_t> newest;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      const NvsEntry& entry = found_[i].entry;
      if (entry.space == 0) continue;
      if (entry.type == NvsType::blob_data) {
        note_chunk(i);
        continue;
      }
      const auto [place, added] = newest.try_emplace(Key{entry.space, entry.key}, i);
      if (!added) {
        fault(FaultLevel::leftover, found_[place->second].offset, fmt::format("an older version of '{}'", entry.key));
        place->second = i;
      }
    }
    std::vector<std::size_t> order;
    order.reserve(newest.size());
    for (const auto& [key, index] : newest) order.push_back(index);
    std::sort(order.begin(), order.end());
    for (const std::size_t index : order) read_value(found_[index]);
    for (const auto& [key, index] : chunks_) {
      fault(FaultLevel::leftover, found_[index].offset,
            fmt::format("a blob chunk of '{}' without an index", found_[index].entry.key));
    }
  }

  void note_chunk(std::size_t index) {
    const NvsEntry& entry = found_[index].entry;
    const auto [place, added] = chunks_.try_emplace({entry.space, entry.key, entry.chunk}, index);
    if (added) return;
    fault(FaultLevel::leftover, found_[place->second].offset, fmt::format("an older chunk of '{}'", entry.key));
    place->second = index;
  }

  void read_value(const Found& found) {
    const NvsEntry& entry = found.entry;
    const auto space = spaces_.find(entry.space);
    if (space == spaces_.end()) {
      fault(FaultLevel::error, found.offset,
            fmt::format("'{}' is of namespace {}, which has no name", entry.key, entry.space));
      return;
    }
    NvsItem item{space->second, entry.key, entry.type, {}, found.offset};
    if (read_parts(found, item)) {
      present_.emplace(entry.space, entry.key);
      out_.items.push_back(std::move(item));
    }
  }

  bool read_parts(const Found& found, NvsItem& item) {
    if (found.entry.type == NvsType::blob_index) return read_chunks(found, item);
    if (found.entry.type == NvsType::string) return read_string(found, item);
    if (found.entry.type == NvsType::blob) {
      item.parts.push_back(found.data);
    } else {
      item.parts.push_back(image_.subspan(found.offset + 24, integer_size(found.entry.type)));
    }
    return true;
  }

  bool read_string(const Found& found, NvsItem& item) {
    const auto nul = std::find(found.data.begin(), found.data.end(), std::uint8_t{0});
    if (found.data.empty() || nul != found.data.end() - 1) {
      fault(FaultLevel::error, found.offset, fmt::format("string '{}' does not end with its only NUL", item.key));
      return false;
    }
    item.parts.push_back(found.data.first(found.data.size() - 1));
    return true;
  }

  bool read_chunks(const Found& index, NvsItem& item) {
    item.type = NvsType::blob;
    for (unsigned i = 0; i < index.entry.chunk_count(); ++i) {
      const auto number = static_cast<std::uint8_t>(index.entry.first_chunk() + i);
      const auto chunk = chunks_.find({index.entry.space, index.entry.key, number});
      if (chunk == chunks_.end()) {
        fault(FaultLevel::error, index.offset, fmt::format("chunk {} of '{}' is missing", number, item.key));
        return false;
      }
      if (i == 0) item.offset = found_[chunk->second].offset;
      item.parts.push_back(found_[chunk->second].data);
      chunks_.erase(chunk);
    }
    if (item.size() == index.entry.blob_size()) return true;
    fault(FaultLevel::error, index.offset,
          fmt::format("the chunks of '{}' have {}, its index says {}", item.key, counted(item.size(), "byte"),
                      index.entry.blob_size()));
    return false;
  }

  // An erased entry has a newer one in its place, unless its key was deleted, or its bitmap damaged.
  void report_lost_keys() {
    for (const auto& [key, offset] : erased_) {
      if (present_.count(key) == 0) fault(FaultLevel::note, offset, fmt::format("'{}' is erased", std::get<1>(key)));
    }
  }

  ByteView image_;
  NvsImage out_;
  std::vector<Found> found_;
  std::map<std::uint8_t, std::string> spaces_;
  std::map<std::tuple<std::uint8_t, std::string, std::uint8_t>, std::size_t> chunks_;  // until an index takes them
  std::map<Key, std::size_t> erased_;                                                  // where the last one stood
  std::set<Key> present_;
};

}  // namespace

std::size_t NvsItem::size() const {
  std::size_t size = 0;
  for (const ByteView part : parts) size += part.size();
  return size;
}

Secret NvsItem::value() const {
  Secret whole;
  for (const ByteView part : parts) whole.append(part);
  return whole;
}

const NvsItem* NvsImage::find(std::string_view space, std::string_view key) const {
  const auto item = std::find_if(items.begin(), items.end(),
                                 [&](const NvsItem& each) { return each.space == space && each.key == key; });
  return item == items.end() ? nullptr : &*item;
}

NvsImage read_nvs(ByteView image) {
  return Reader(image).read();
}

bool looks_like_nvs(ByteView bytes) {
  // The first page may be the free one, or damaged.
  for (; bytes.size() >= kNvsPageSize; bytes = bytes.subspan(kNvsPageSize)) {
    if (NvsPageView(bytes).is_used()) return true;
  }
  return false;
}

}  // namespace atcert::image
