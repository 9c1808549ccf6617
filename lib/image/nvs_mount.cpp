// SPDX-License-Identifier: Apache-2.0
// NvsStore::open(): finds the pages and repairs what a power cut left.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/core.h>

#include "image/nvs_store.hpp"

namespace atcert::image {
namespace {

// More pages than any flash lives to erase; numbers above it are damage, and would soon begin at 0 again.
constexpr std::uint32_t kMaxSequence = 0xF0000000;

Error mount_error(std::string code, std::string what) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, "make the partition anew with atcert build"};
}

}  // namespace

Result<NvsStore> NvsStore::open(Flash& flash) {
  const std::size_t size = flash.bytes().size();
  if (size == 0 || size % kNvsPageSize != 0) {
    return mount_error("nvs_size", fmt::format("an NVS partition cannot have 0x{:X} bytes", size));
  }
  NvsStore store(flash);
  ATCERT_CHECK(store.mount());
  return store;
}

Result<void> NvsStore::mount() {
  ATCERT_CHECK(load_pages());
  for (NvsLivePage& page : pages_) ATCERT_CHECK(page.repair());
  if (pages_.empty()) {
    ATCERT_CHECK(activate_page());
  } else {
    next_sequence_ = std::max(pages_.back().sequence(), pages_.back().sequence() + 1);
  }
  if (next_sequence_ > kMaxSequence)
    return mount_error("nvs_sequence", "the sequence numbers of the NVS pages run out");
  ATCERT_CHECK(finish_freeing());
  if (free_.empty())
    return mount_error("nvs_no_free_page", "the NVS partition has no free page; the firmware needs one");
  ATCERT_CHECK(erase_older_versions());
  return erase_broken_blobs();
}

Result<void> NvsStore::load_pages() {
  for (std::size_t offset = 0; offset < flash_->bytes().size(); offset += kNvsPageSize) {
    const NvsPageView view(flash_->bytes().subspan(offset));
    if (view.is_used()) {
      pages_.emplace_back(*flash_, offset, view.sequence(), true);
      continue;
    }
    free_.push_back(offset);
    // The power went while the page was erased or begun. Other bad pages are erased when they are needed.
    const bool cut_short = view.state() == NvsPageState::blank || view.entries_blank();
    if (cut_short && !view.is_blank()) ATCERT_CHECK(flash_->erase(offset));
  }
  std::stable_sort(pages_.begin(), pages_.end(),
                   [](const NvsLivePage& a, const NvsLivePage& b) { return a.sequence() < b.sequence(); });
  return {};
}

// The power went while a page was being freed. The active page then holds copies of its items alone, maybe not all of
// them: start again.
Result<void> NvsStore::finish_freeing() {
  const auto freeing = std::find_if(pages_.begin(), pages_.end(),
                                    [](const NvsLivePage& page) { return page.state() == NvsPageState::freeing; });
  if (freeing == pages_.end()) return {};
  const auto page = static_cast<std::size_t>(freeing - pages_.begin());
  if (current().state() == NvsPageState::active) ATCERT_CHECK(free_page(pages_.size() - 1));
  ATCERT_CHECK(activate_page());
  ATCERT_CHECK(copy_items(pages_[page], current()));
  return free_page(page);
}

// The power went between the writing of a new version and the erasing of the old one.
Result<void> NvsStore::erase_older_versions() {
  using Key = std::tuple<std::uint8_t, std::string, std::uint8_t>;  // chunks each by itself
  std::set<Key> seen;
  auto all = places([](const Place&) { return true; });
  std::reverse(all.begin(), all.end());
  for (const Place& place : all) {
    const std::uint8_t chunk = place.entry.type == NvsType::blob_data ? place.entry.chunk : kNvsNoChunk;
    const bool newest = seen.emplace(place.entry.space, place.entry.key, chunk).second;
    if (!newest) ATCERT_CHECK(pages_[place.page].erase_item(place.index));
  }
  return {};
}

// The power went while a blob was written or erased: erase an index whose chunks are not all there, and chunks that no
// index names.
Result<void> NvsStore::erase_broken_blobs() {
  using Key = std::tuple<std::uint8_t, std::string, std::uint8_t>;
  std::map<Key, std::size_t> sizes;
  for (const Place& chunk : places([](const Place& place) { return place.entry.type == NvsType::blob_data; })) {
    sizes[{chunk.entry.space, chunk.entry.key, chunk.entry.chunk}] = chunk.entry.data_size();
  }
  std::set<Key> claimed;
  for (const Place& index : places([](const Place& place) { return place.entry.type == NvsType::blob_index; })) {
    std::size_t size = 0;
    std::set<Key> chunks;
    for (unsigned i = 0; i < index.entry.chunk_count(); ++i) {
      const Key key{index.entry.space, index.entry.key, static_cast<std::uint8_t>(index.entry.first_chunk() + i)};
      if (const auto found = sizes.find(key); found != sizes.end() && chunks.insert(key).second) size += found->second;
    }
    if (chunks.size() == index.entry.chunk_count() && size == index.entry.blob_size()) {
      claimed.merge(chunks);
    } else {
      ATCERT_CHECK(pages_[index.page].erase_item(index.index));
    }
  }
  const auto orphan = [&](const Place& place) {
    return place.entry.type == NvsType::blob_data &&
           claimed.count({place.entry.space, place.entry.key, place.entry.chunk}) == 0;
  };
  ATCERT_CHECK(erase_items(orphan));
  return {};
}

}  // namespace atcert::image
