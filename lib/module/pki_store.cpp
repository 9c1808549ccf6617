// SPDX-License-Identifier: Apache-2.0
#include "module/pki_store.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "at/error_code.hpp"
#include "base/plural.hpp"
#include "image/little_endian.hpp"
#include "image/pki.hpp"

namespace atcert::module {
namespace {

// The firmware allocates a whole data phase at once; its manual advises pieces of 4 KiB at rising offsets.
constexpr std::size_t kChunk = 4096;
constexpr Milliseconds kQuick{3'000};
// At 4800 baud.
constexpr Milliseconds kSlowestByte{2};
// From the last byte sent. Two sectors are erased in well below a second; an adapter may hold 2 KiB back, which take 2
// s at 9600 baud.
constexpr Milliseconds kWriteLimit{5'000};

constexpr std::uint8_t kErased = 0xFF;

enum class Operation : unsigned { erase = 0, write = 1, read = 2 };

image::PkiType type_of(Slot slot) {
  if (slot == Slot::mqtt_ca) return image::PkiType::ca;
  return slot == Slot::mqtt_cert ? image::PkiType::certificate : image::PkiType::key;
}

at::CommandLine flash_command(Operation operation, Slot slot) {
  at::CommandLine line("AT+SYSFLASH=");
  line.number(static_cast<unsigned>(operation)).text(",").quoted(name_of(slot));
  return line;
}

at::CommandLine flash_command(Operation operation, Slot slot, std::size_t offset, std::size_t size) {
  at::CommandLine line = flash_command(operation, slot);
  line.text(",").number(offset).text(",").number(size);
  return line;
}

Error other_size(const at::CommandLine& line, std::size_t size) {
  return {ErrorKind::module, "wrong_reply", fmt::format("{} did not give {}", line.shown(), counted(size, "byte")),
          "bytes were lost or added on the line", "lower the baud rate, shorten the cable, then run it again"};
}

Error write_refused(const at::CommandLine& line, const at::Reply& reply) {
  Error error = at::refusal(line.shown(), reply);
  error.code = "write_refused";
  return error;
}

Stored item_in(ByteView bytes) {
  const image::PkiBin bin = image::read_pki_bin(bytes);
  if (!bin.faults.empty()) return Stored(Damaged{bin.faults.front().what});
  if (bin.items.size() != 1)
    return Stored(Damaged{fmt::format("its PKI bin holds {} items, not one", bin.items.size())});
  return Stored(Secret(bin.items.front().content));
}

bool is_erased(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == kErased; });
}

}  // namespace

std::size_t PkiStore::partition_size(Slot slot) const {
  const Partition* partition = module_.partition(name_of(slot));
  return partition == nullptr ? 0 : partition->size;
}

std::size_t PkiStore::capacity(Slot slot) const {
  constexpr std::size_t kHeaders = image::kPkiHeaderSize + image::kPkiItemHeaderSize;
  const std::size_t size = partition_size(slot);
  return size < kHeaders ? 0 : std::min((size - kHeaders) / 4 * 4, image::kPkiMaxContentSize);
}

// The bin's end, and what follows it: a larger one would be there.
Result<bool> PkiStore::may_have(Slot slot, ByteView content) {
  ATCERT_TRY(Secret, bin, bin_of(slot, content));
  const std::size_t offset = bin.size() - std::min(kTellingEnd, bin.size());
  const std::size_t beyond = std::min<std::size_t>(4, partition_size(slot) - bin.size());
  bin.append(Bytes(beyond, kErased));
  ATCERT_TRY(const Secret, end, read_flash(slot, offset, bin.size() - offset));
  return end.equals(bin.reveal().subspan(offset));
}

// First the header, which says how much there is, then the bin and not the whole partition: the line is slow.
Result<Stored> PkiStore::read(Slot slot) {
  ATCERT_TRY(const Secret, header, read_flash(slot, 0, image::kPkiHeaderSize));
  if (is_erased(header.reveal())) return Stored(Empty{});
  if (!image::looks_like_pki_bin(header.reveal())) return Stored(Damaged{"it holds no PKI bin", true});
  const std::size_t size = image::kPkiHeaderSize + image::get_u32(header.reveal(), 4);
  if (size > partition_size(slot)) return Stored(Damaged{fmt::format("its PKI bin claims {} bytes", size)});
  ATCERT_TRY(const Secret, bytes, read_flash(slot, 0, size));
  return item_in(bytes.reveal());
}

// As much as a bin of `content` takes, without asking how much there is.
Result<bool> PkiStore::has(Slot slot, ByteView content) {
  ATCERT_TRY(const Secret, expected, bin_of(slot, content));
  ATCERT_TRY(const Secret, bytes, read_flash(slot, 0, expected.size()));
  return holds(item_in(bytes.reveal()), content);
}

Result<Secret> PkiStore::bin_of(Slot slot, ByteView content) const {
  const image::PkiContent item{type_of(slot), content};
  return image::write_pki_bin({&item, 1}, module_.identity().release, partition_size(slot));
}

Result<Secret> PkiStore::read_flash(Slot slot, std::size_t offset, std::size_t size) {
  Secret bytes;
  while (bytes.size() < size) {
    const std::size_t chunk = std::min(kChunk, size - bytes.size());
    const at::CommandLine line = flash_command(Operation::read, slot, offset + bytes.size(), chunk);
    ATCERT_TRY(const auto, reply, session_.execute({line.clone(), kQuick + kSlowestByte * chunk}));
    if (!reply.ok) return at::refusal(line.shown(), reply);
    if (reply.counted.size() != 1 || reply.counted.front().value.size() != chunk) {
      return other_size(line, chunk);
    }
    bytes.append(reply.counted.front().value.reveal());
  }
  return bytes;
}

Result<void> PkiStore::write(Slot slot, ByteView content) {
  ATCERT_CHECK(check_size(*this, slot, content));
  if (slot == Slot::mqtt_key) session_.hide(Secret(content));
  ATCERT_TRY(const Secret, bin, bin_of(slot, content));
  ATCERT_CHECK(session_.check_stop());
  const at::Session::Uninterrupted no_stop(session_);  // between erase and write the slot is empty
  ATCERT_CHECK(erase(slot));
  for (std::size_t offset = 0; offset < bin.size(); offset += kChunk) {
    const ByteView chunk = bin.reveal().subspan(offset, std::min(kChunk, bin.size() - offset));
    const at::CommandLine line = flash_command(Operation::write, slot, offset, chunk.size());
    ATCERT_TRY(const auto, reply, session_.execute({line.clone(), kWriteLimit, chunk}));
    if (!reply.ok) return write_refused(line, reply);
  }
  return {};
}

Result<void> PkiStore::erase(Slot slot) {
  const at::CommandLine line = flash_command(Operation::erase, slot);
  ATCERT_TRY(const auto, reply, session_.execute({line.clone(), kWriteLimit}));
  return reply.ok ? Result<void>() : write_refused(line, reply);
}

}  // namespace atcert::module
