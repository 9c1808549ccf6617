// SPDX-License-Identifier: Apache-2.0
#include "module/nvs_store.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "at/error_code.hpp"

namespace atcert::module {
namespace {

// AT+SYSMFG takes values of 1 to 8191 bytes.
constexpr std::size_t kMaxValue = 8191;
constexpr Milliseconds kQuick{3'000};
// At 4800 baud.
constexpr Milliseconds kSlowestByte{2};
// From the last byte sent. A page of flash is moved in well below a second; an adapter may hold 2 KiB back, which take
// 2 s at 9600 baud.
constexpr Milliseconds kWriteLimit{5'000};
constexpr unsigned kString = 7;
constexpr unsigned kBlob = 8;

enum class Operation : unsigned { erase = 0, read = 1, write = 2 };

at::CommandLine item_command(Operation operation, Slot slot) {
  at::CommandLine line("AT+SYSMFG=");
  line.number(static_cast<unsigned>(operation)).text(",").quoted(name_of(slot)).text(",").quoted(name_of(slot));
  return line;
}

// The firmware prints a plain ERROR for whatever goes wrong with a value.
Error write_refused(const at::CommandLine& line, const at::Reply& reply) {
  Error error = at::refusal(line.shown(), reply);
  error.code = "write_refused";
  if (error.cause.empty()) error.cause = "mfg_nvs is full or damaged; the module says which on its log port only";
  error.remedy = "erase what is not needed with AT+SYSMFG=0, or flash mfg_nvs anew";
  return error;
}

}  // namespace

std::size_t NvsStore::capacity(Slot) const {
  return kMaxValue;
}

// A part that reaches beyond the value's end is refused, so what is shorter is told like what is not there.
Result<bool> NvsStore::may_have(Slot slot, ByteView content) {
  const std::size_t size = std::min(kTellingEnd, content.size());
  at::CommandLine line = item_command(Operation::read, slot);
  line.text(",").number(content.size() - size).text(",").number(size);
  ATCERT_TRY(auto, reply, session_.execute({std::move(line), kQuick}));
  if (!reply.ok) ATCERT_CHECK(lists(slot));  // a string would have to be erased
  const Secret* end = blob(slot, reply);
  return end != nullptr && end->equals(content.last(size));
}

Result<bool> NvsStore::has(Slot slot, ByteView content) {
  ATCERT_TRY(const Stored, stored, read_up_to(content.size(), slot));
  return holds(stored, content);
}

Result<Stored> NvsStore::read(Slot slot) {
  return read_up_to(kMaxValue, slot);
}

// A larger value than that may take more time than it gets.
Result<Stored> NvsStore::read_up_to(std::size_t size, Slot slot) {
  const Milliseconds limit = kQuick + kSlowestByte * size;
  ATCERT_TRY(auto, reply, session_.execute({item_command(Operation::read, slot), limit}));
  if (!reply.ok) {
    ATCERT_TRY(const bool, listed, lists(slot));
    return listed ? Stored(Damaged{"it is in mfg_nvs but cannot be read: " + reply.words()}) : Stored(Empty{});
  }
  Secret* value = blob(slot, reply);
  if (value != nullptr) return Stored(std::move(*value));
  return strings_.contains(slot) ? Stored(Damaged{"it holds a string, and MQTT reads binary values only", true})
                                 : Stored(Empty{});
}

// The value in the reply to a read. MQTT takes blobs only, so to it a slot with a string is empty; null then.
Secret* NvsStore::blob(Slot slot, at::Reply& reply) {
  const std::string head = fmt::format("+SYSMFG:\"{0}\",\"{0}\",", name_of(slot));
  for (at::Counted& counted : reply.counted) {
    if (counted.head.raw().starts_with(fmt::format("{}{},", head, kBlob))) return &counted.value;
    if (counted.head.raw().starts_with(head)) strings_.insert(slot);
  }
  return nullptr;
}

// Whether the namespace's list of keys has the slot as a blob: +SYSMFG:"mqtt_key","mqtt_key",8
Result<bool> NvsStore::lists(Slot slot) {
  at::CommandLine line("AT+SYSMFG=1,");
  line.quoted(name_of(slot));
  ATCERT_TRY(const auto, reply, session_.execute({std::move(line), kQuick}));
  const auto has = [&](unsigned type) {
    const std::string item = fmt::format("+SYSMFG:\"{0}\",\"{0}\",{1}", name_of(slot), type);
    return std::any_of(reply.lines.begin(), reply.lines.end(), [&](const auto& each) { return each.raw() == item; });
  };
  if (has(kString)) strings_.insert(slot);
  return has(kBlob);
}

Result<void> NvsStore::write(Slot slot, ByteView content) {
  ATCERT_CHECK(check_size(*this, slot, content));
  if (slot == Slot::mqtt_key) session_.hide(Secret(content));
  if (strings_.erase(slot) > 0) ATCERT_CHECK(session_.execute({item_command(Operation::erase, slot), kWriteLimit}));
  at::CommandLine line = item_command(Operation::write, slot);
  line.text(",").number(kBlob).text(",").number(content.size());
  ATCERT_TRY(const auto, reply, session_.execute({line.clone(), kWriteLimit, content}));
  return reply.ok ? Result<void>() : write_refused(line, reply);
}

}  // namespace atcert::module
