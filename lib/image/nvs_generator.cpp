// SPDX-License-Identifier: Apache-2.0
// generate_nvs(): fills pages in the way of Espressif's generators, so that the bytes are the same.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "base/plural.hpp"
#include "image/little_endian.hpp"
#include "image/nvs_image.hpp"

namespace atcert::image {
namespace {

constexpr std::size_t kMinSize = 0x3000;  // two pages for values and a spare one
constexpr std::size_t kMaxNamespaces = 254;
constexpr std::size_t kMaxChunks = 127;
constexpr std::size_t kMaxStringSize = 3968;  // with NUL; the generators crash on more

Error nvs_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

Result<void> check_name(std::string_view kind, std::string_view name) {
  if (!name.empty() && name.size() <= kNvsMaxKeySize && name.find('\0') == std::string_view::npos) return {};
  return nvs_error("nvs_name", fmt::format("'{}' is no NVS {}", excerpt(name), kind),
                   fmt::format("use 1 to {} bytes", kNvsMaxKeySize));
}

Result<void> check_value(const NvsValue& value) {
  const auto name = [&value] { return fmt::format("NVS key {}/{}", excerpt(value.space), excerpt(value.key)); };
  if (const std::size_t size = integer_size(value.type); size != 0 && size != value.value.size()) {
    return nvs_error("nvs_value_size",
                     fmt::format("{}: {} for a {}", name(), counted(value.value.size(), "byte"), name_of(value.type)),
                     "give " + counted(size, "byte"));
  }
  if (value.type == NvsType::string && value.value.size() + 1 > kMaxStringSize) {
    return nvs_error(
        "nvs_string_too_long",
        fmt::format("{}: a string of {} bytes, NVS takes {}", name(), value.value.size(), kMaxStringSize - 1),
        "store it as a blob");
  }
  if (value.value.size() > kMaxChunks * kNvsMaxDataSize) {
    return nvs_error("nvs_value_too_long", fmt::format("{}: a blob of {} bytes", name(), value.value.size()),
                     fmt::format("NVS takes {} bytes", kMaxChunks * kNvsMaxDataSize));
  }
  if (value.type == NvsType::blob_data || value.type == NvsType::blob_index) {
    return nvs_error("nvs_type", fmt::format("{}: {} is no type of a value", name(), name_of(value.type)), "use blob");
  }
  return {};
}

Result<void> check_values(std::span<const NvsValue> values) {
  std::set<std::string_view> spaces;
  std::set<std::pair<std::string_view, std::string_view>> keys;
  for (const auto& value : values) {
    ATCERT_CHECK(check_nvs_value(value));
    spaces.insert(value.space);
    if (value.key.empty()) continue;
    if (!keys.emplace(value.space, value.key).second) {
      return nvs_error("nvs_key_twice",
                       fmt::format("NVS key {}/{} is given twice", excerpt(value.space), excerpt(value.key)),
                       "keep one of them");
    }
  }
  if (spaces.size() > kMaxNamespaces) {
    return nvs_error("nvs_namespaces", fmt::format("{} NVS namespaces", spaces.size()),
                     fmt::format("NVS takes {}", kMaxNamespaces));
  }
  return {};
}

// The pages while they are filled. A page is begun when an entry is due, never before.
class Pages {
 public:
  Pages(std::size_t size, std::size_t usable) : image_(Secret::of_size(size)), usable_(usable / kNvsPageSize) {
    const auto bytes = image_.writable();
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0xFF});
    begin_page();
  }

  std::size_t room() const { return kNvsEntryCount - used_; }

  // False when the partition is full.
  [[nodiscard]] bool next_page() {
    if (begun_ == usable_) return false;
    put_state(NvsPageState::full);
    begin_page();
    return true;
  }

  // The caller has made room for the entry and its data.
  void put(const NvsEntry& entry, ByteView data = {}) {
    const NvsEntryBytes head = encode(entry);
    const auto at = page().begin() + static_cast<std::ptrdiff_t>(nvs_entry_offset(used_));
    std::copy(head.begin(), head.end(), at);
    std::copy(data.begin(), data.end(), at + static_cast<std::ptrdiff_t>(kNvsEntrySize));
    for (std::size_t i = 0; i < entry.span; ++i, ++used_) {
      page()[kNvsBitmapOffset + used_ / 4] &= static_cast<std::uint8_t>(~(1U << used_ % 4 * 2));
    }
  }

  // `text` with a NUL behind it, until the next call.
  ByteView terminated(ByteView text) {
    if (scratch_.empty()) scratch_ = Secret::of_size(kMaxStringSize);
    const auto end = std::copy(text.begin(), text.end(), scratch_.writable().begin());
    *end = 0;
    return scratch_.reveal().first(text.size() + 1);
  }

  Secret finish(NvsStyle style) && {
    if (style == NvsStyle::old_style) {
      while (next_page()) {
      }
      put_state(NvsPageState::full);
    } else if (image_.size() < kMinSize) {
      image_.shrink(begun_ * kNvsPageSize);
    }
    return std::move(image_);
  }

 private:
  std::span<std::uint8_t> page() { return image_.writable().subspan((begun_ - 1) * kNvsPageSize, kNvsPageSize); }
  void put_state(NvsPageState state) { put_u32(page(), 0, static_cast<std::uint32_t>(state)); }

  void begin_page() {
    const NvsHeaderBytes header = encode_nvs_header(NvsPageState::active, static_cast<std::uint32_t>(begun_));
    ++begun_;
    used_ = 0;
    std::copy(header.begin(), header.end(), page().begin());
  }

  Secret image_;
  Secret scratch_;  // one for all strings: pages of their own for each would cost more than all the rest
  std::size_t usable_;
  std::size_t begun_ = 0;
  std::size_t used_ = 0;  // entries of the current page
};

bool put_integer(Pages& pages, const NvsEntry& entry) {
  if (pages.room() == 0 && !pages.next_page()) return false;
  pages.put(entry);
  return true;
}

// A string that would end on the last entry goes to a new page: the generators' test is >=.
bool put_string(Pages& pages, std::uint8_t space, const NvsValue& value) {
  const ByteView text = pages.terminated(value.value);
  const NvsEntry entry = data_entry(space, value.key, NvsType::string, kNvsNoChunk, text);
  if (entry.span >= pages.room() && !pages.next_page()) return false;
  pages.put(entry, text);
  return true;
}

// A chunk takes what the page has, even if that is nothing behind its own entry. The index goes to a new page when the
// last chunk fills one.
bool put_blob(Pages& pages, std::uint8_t space, const NvsValue& value) {
  if (pages.room() == 0 && !pages.next_page()) return false;
  ByteView rest = value.value;
  std::uint8_t chunk = 0;
  do {
    const std::size_t room = (pages.room() - 1) * kNvsEntrySize;
    const ByteView part = rest.first(std::min(rest.size(), room));
    rest = rest.subspan(part.size());
    pages.put(data_entry(space, value.key, NvsType::blob_data, chunk++, part), part);
    const bool page_full = !rest.empty() || room - part.size() < kNvsEntrySize;
    if (page_full && !pages.next_page()) return false;
  } while (!rest.empty());
  pages.put(index_entry(space, value.key, value.value.size(), chunk, 0));
  return true;
}

bool put_value(Pages& pages, std::uint8_t space, const NvsValue& value) {
  if (value.type == NvsType::string) return put_string(pages, space, value);
  if (value.type == NvsType::blob) return put_blob(pages, space, value);
  return put_integer(pages, integer_entry(space, value.key, value.type, value.value));
}

bool put_values(Pages& pages, std::span<const NvsValue> values) {
  std::map<std::string_view, std::uint8_t> spaces;
  for (const auto& value : values) {
    const auto [space, added] = spaces.try_emplace(value.space, static_cast<std::uint8_t>(spaces.size() + 1));
    const std::uint8_t index = space->second;
    if (added && !put_integer(pages, integer_entry(0, value.space, NvsType::u8, ByteView(&index, 1)))) return false;
    if (!value.key.empty() && !put_value(pages, index, value)) return false;
  }
  return true;
}

// The bytes that values may use: one page stays free, but for the new generator's read-only partitions.
Result<std::size_t> usable_size(std::size_t size, NvsStyle style) {
  const std::size_t least = style == NvsStyle::new_style ? kNvsPageSize : kMinSize;
  if (size % kNvsPageSize != 0 || size < least) {
    return nvs_error("nvs_size", fmt::format("an NVS partition cannot have 0x{:X} bytes", size),
                     fmt::format("give a multiple of 0x1000, at least 0x{:X}", least));
  }
  return size < kMinSize ? size : size - kNvsPageSize;
}

}  // namespace

Result<void> check_nvs_value(const NvsValue& value) {
  ATCERT_CHECK(check_name("namespace", value.space));
  if (value.key.empty()) return {};
  ATCERT_CHECK(check_name("key", value.key));
  return check_value(value);
}

Result<Secret> generate_nvs(std::span<const NvsValue> values, std::size_t size, NvsStyle style) {
  ATCERT_TRY(const std::size_t, usable, usable_size(size, style));
  ATCERT_CHECK(check_values(values));
  Pages pages(size, usable);
  if (!put_values(pages, values)) {
    return nvs_error("nvs_full", fmt::format("the values do not fit an NVS partition of 0x{:X} bytes", size),
                     "use fewer or shorter values, or a larger partition");
  }
  return std::move(pages).finish(style);
}

}  // namespace atcert::image
