// SPDX-License-Identifier: Apache-2.0
// The records that are read here, by their sections in APPNOTE.TXT (6.3.10), all numbers little endian:
//   local file header 4.3.7         signature 0 (50 4B 03 04), flags 6, method 8, sizes of name 26 and extra field 28
//   central directory header 4.3.12 signature 0 (50 4B 01 02), flags 8, method 10, CRC-32 16, size packed 20 and
//                                   unpacked 24, sizes of name 28, extra field 30 and comment 32, disk 34, offset 42
//   end of central directory 4.3.16 signature 0 (50 4B 05 06), disks 4 and 6, entries 8 and 10, size 12, offset 16,
//                                   size of comment 20
//   zip64 locator 4.3.15            signature 0 (50 4B 06 07), in the 20 bytes before the end of central directory
#include "credentials/zip.hpp"

#include <algorithm>
#include <list>
#include <optional>
#include <string>
#include <utility>

#include <fmt/core.h>
#define ZLIB_CONST  // what it reads is const
#include <zlib.h>

#include "credentials/pem.hpp"
#include "image/little_endian.hpp"

namespace atcert::credentials {
namespace {

using image::get_u16;
using image::get_u32;

constexpr std::uint32_t kLocal = 0x04034B50;
constexpr std::uint32_t kCentral = 0x02014B50;
constexpr std::uint32_t kEnd = 0x06054B50;
constexpr std::uint32_t kZip64Locator = 0x07064B50;
constexpr std::size_t kLocalSize = 30;
constexpr std::size_t kCentralSize = 46;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kLocatorSize = 20;

constexpr std::uint16_t kEncrypted = 0x2041;  // of the flags: encrypted, strongly, and the directory too (4.4.4)
constexpr std::uint16_t kStored = 0;          // methods (4.4.5)
constexpr std::uint16_t kDeflated = 8;
constexpr std::uint16_t kInZip64 = 0xFFFF;  // the value is in a record of zip64 (4.4.1.4)
constexpr std::uint32_t kLongInZip64 = 0xFFFFFFFF;

constexpr std::size_t kMostName = 255;  // of a member's name in messages

struct Member {
  std::string name;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc = 0;
  std::uint32_t packed = 0;
  std::uint32_t size = 0;
  std::uint32_t offset = 0;

  bool is_folder() const { return name.ends_with('/'); }
};

struct Directory {
  ByteView bytes;
  std::size_t entries = 0;
};

// What inflate() needs for itself: tables, and a window that would be a copy of what it unpacks.
class Workspace {
 public:
  static void* take(void* self, unsigned items, unsigned size) {
    auto& parts = static_cast<Workspace*>(self)->parts_;
    parts.push_back(Secret::of_size(std::size_t{items} * size));
    return parts.back().writable().data();
  }
  static void give_back(void*, void*) {}  // all of it goes with the workspace

 private:
  std::list<Secret> parts_;
};

// The bytes that `packed` deflates to (RFC 1951); nothing unless they are `size`, to the last.
std::optional<Secret> inflated(ByteView packed, std::size_t size) {
  Workspace workspace;
  Secret out = Secret::of_size(size + 1);  // one more, so that it is seen when there are more
  z_stream stream{};
  stream.zalloc = Workspace::take;
  stream.zfree = Workspace::give_back;
  stream.opaque = &workspace;
  stream.next_in = packed.data();
  stream.avail_in = static_cast<unsigned>(packed.size());
  stream.next_out = out.writable().data();
  stream.avail_out = static_cast<unsigned>(out.size());
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return std::nullopt;
  const bool ended = inflate(&stream, Z_FINISH) == Z_STREAM_END;
  const bool all = ended && stream.total_out == size && stream.avail_in == 0;
  inflateEnd(&stream);
  if (!all) return std::nullopt;
  out.shrink(size);
  return out;
}

class Archive {
 public:
  explicit Archive(const NamedFile& file) : file_(file), bytes_(file.content.reveal()) {}

  Result<std::vector<NamedFile>> unpack() const {
    ATCERT_TRY(Directory, directory, find_directory());
    if (directory.entries > kMostItems) {
      return refused("archive_too_large", fmt::format("it holds more than {} files", kMostItems));
    }
    std::vector<NamedFile> files;
    std::size_t unpacked = 0;
    for (; directory.entries > 0; --directory.entries) {
      ATCERT_TRY(const Member, member, next_member(directory));
      if (member.is_folder() || member.size > kMostMember) continue;
      unpacked += member.size;
      if (unpacked > kMostUnpacked) {
        return refused("archive_too_large", fmt::format("its files are larger than {} bytes together", kMostUnpacked));
      }
      ATCERT_TRY(Secret, content, content_of(member));
      files.push_back({name_of(member), std::move(content)});
    }
    if (!directory.bytes.empty()) return damaged("its directory does not end where its last entry does");
    return files;
  }

 private:
  std::string name_of(const Member& member) const { return fmt::format("{}: {}", file_.name, member.name); }

  // The last thing in an archive, but for a comment of up to 64 KiB that ends with the file.
  std::optional<std::size_t> find_end() const {
    for (std::size_t comment = 0; comment <= 0xFFFF && comment + kEndSize <= bytes_.size(); ++comment) {
      const std::size_t at = bytes_.size() - kEndSize - comment;
      if (get_u32(bytes_, at) == kEnd && get_u16(bytes_, at + 20) == comment) return at;
    }
    return std::nullopt;
  }

  Result<Directory> find_directory() const {
    const auto end = find_end();
    if (!end) return damaged("its directory is missing: it is cut off");
    const std::uint16_t entries = get_u16(bytes_, *end + 10);
    const std::uint32_t size = get_u32(bytes_, *end + 12);
    const std::uint32_t offset = get_u32(bytes_, *end + 16);
    const bool located = *end >= kLocatorSize && get_u32(bytes_, *end - kLocatorSize) == kZip64Locator;
    if (located || entries == kInZip64 || size == kLongInZip64 || offset == kLongInZip64) return zip64();
    if (get_u16(bytes_, *end + 4) != 0 || get_u16(bytes_, *end + 6) != 0 || get_u16(bytes_, *end + 8) != entries) {
      return refused("archive_form", "it is one part of several");
    }
    if (offset > *end || size != *end - offset) return damaged("its directory is not where its end says");
    return Directory{bytes_.subspan(offset, size), entries};
  }

  // Takes it off the directory.
  Result<Member> next_member(Directory& directory) const {
    const ByteView entry = directory.bytes;
    if (entry.size() < kCentralSize || get_u32(entry, 0) != kCentral) return damaged("its directory is damaged");
    const std::size_t name = get_u16(entry, 28);
    const std::size_t whole = kCentralSize + name + get_u16(entry, 30) + get_u16(entry, 32);
    if (whole > entry.size()) return damaged("its directory is damaged");
    Member member{std::string(as_text(entry.subspan(kCentralSize, std::min(name, kMostName)))),
                  get_u16(entry, 8),
                  get_u16(entry, 10),
                  get_u32(entry, 16),
                  get_u32(entry, 20),
                  get_u32(entry, 24),
                  get_u32(entry, 42)};
    if (member.packed == kLongInZip64 || member.size == kLongInZip64 || member.offset == kLongInZip64) return zip64();
    directory.bytes = entry.subspan(whole);
    return member;
  }

  Result<Secret> content_of(const Member& member) const {
    if ((member.flags & kEncrypted) != 0) {
      return refused("archive_encrypted", fmt::format("{} in it is encrypted", member.name));
    }
    if (member.method != kStored && member.method != kDeflated) {
      return refused("archive_form", fmt::format("{} in it is packed by method {}, neither stored nor deflated",
                                                 member.name, member.method));
    }
    const auto packed = packed_bytes(member);
    if (!packed) return damaged(fmt::format("{} is not where its directory says", member.name));
    auto content = member.method == kDeflated      ? inflated(*packed, member.size)
                   : packed->size() == member.size ? std::optional<Secret>(Secret(*packed))
                                                   : std::nullopt;
    if (!content || crc_of(*content) != member.crc) {
      return damaged(fmt::format("{} cannot be unpacked, or its checksum does not fit", member.name));
    }
    return std::move(*content);
  }

  // What the local header says beside its own size is the directory's again, or zero (4.4.4, bit 3).
  std::optional<ByteView> packed_bytes(const Member& member) const {
    if (member.offset > bytes_.size() || bytes_.size() - member.offset < kLocalSize) return std::nullopt;
    const ByteView local = bytes_.subspan(member.offset);
    if (get_u32(local, 0) != kLocal || get_u16(local, 8) != member.method) return std::nullopt;
    const std::size_t begin = kLocalSize + get_u16(local, 26) + get_u16(local, 28);
    if (begin > local.size() || local.size() - begin < member.packed) return std::nullopt;
    return local.subspan(begin, member.packed);
  }

  static std::uint32_t crc_of(const Secret& content) {
    return static_cast<std::uint32_t>(
        crc32(crc32(0, nullptr, 0), content.reveal().data(), static_cast<unsigned>(content.size())));
  }

  Error damaged(const std::string& what) const {
    return {ErrorKind::input,
            "archive_damaged",
            fmt::format("{}: the zip archive is damaged: {}", file_.name, what),
            {},
            "keep it, a private key may be in it; copy it again, whole, from where it was saved first"};
  }

  Error refused(std::string code, const std::string& what) const {
    return {ErrorKind::input,
            std::move(code),
            fmt::format("{}: the zip archive is not opened: {}", file_.name, what),
            {},
            "keep it, a private key may be in it; take the files of this device out of it into a folder, and give "
            "that with --creds"};
  }

  Error zip64() const { return refused("archive_form", "it is in the form zip64, for archives of more than 4 GiB"); }

  const NamedFile& file_;
  ByteView bytes_;
};

}  // namespace

bool is_zip(ByteView bytes) {
  return bytes.size() >= kEndSize && (get_u32(bytes, 0) == kLocal || get_u32(bytes, 0) == kEnd);
}

Result<std::vector<NamedFile>> unzip(const NamedFile& archive) {
  return Archive(archive).unpack();
}

}  // namespace atcert::credentials
