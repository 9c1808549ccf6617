// SPDX-License-Identifier: Apache-2.0
#include "emulator/mfg_commands.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "emulator/partition_flash.hpp"
#include "emulator/timing.hpp"
#include "emulator/write_faults.hpp"
#include "image/nvs_store.hpp"

namespace atcert::emulator {
namespace {

constexpr std::size_t kMaxNameSize = 15;
constexpr std::int32_t kMaxDataSize = 8191;
constexpr std::int32_t kString = 7;
constexpr std::int32_t kBinary = 8;

enum Operation { op_erase = 0, op_read = 1, op_write = 2 };

// In the order of AT+SYSMFG's type numbers, which count from 1.
constexpr std::array kTypes{image::NvsType::u8,  image::NvsType::i8,  image::NvsType::u16,    image::NvsType::i16,
                            image::NvsType::u32, image::NvsType::i32, image::NvsType::string, image::NvsType::blob};

// 0: a type that AT+SYSMFG does not know.
std::int32_t type_number(image::NvsType type) {
  const auto found = std::find(kTypes.begin(), kTypes.end(), type);
  return found == kTypes.end() ? 0 : static_cast<std::int32_t>(found - kTypes.begin()) + 1;
}

bool is_name(const Parameter<std::string>& name) {
  return name.ok() && !name.value.empty() && name.value.size() <= kMaxNameSize;
}

std::string integer_text(image::NvsType type, ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  const bool is_signed = type == image::NvsType::i8 || type == image::NvsType::i16 || type == image::NvsType::i32;
  const std::uint64_t limit = std::uint64_t{1} << (8 * bytes.size());
  if (is_signed && value >= limit / 2) return fmt::format("-{}", limit - value);
  return std::to_string(value);
}

}  // namespace

CommandRows MfgCommands::commands() {
  return {{"+SYSMFG",
           [this] { return partition_ == nullptr ? Outcome::error : list_spaces(); },
           [this](const auto& p) { return partition_ == nullptr ? Outcome::error : operate(p); },
           {}}};
}

// <operation>[,<"namespace">[,<"key">[, ...]]]
Outcome MfgCommands::operate(const Parameters& parameters) {
  const auto operation = parameters.number(0);
  if (!operation.ok() || operation.value < op_erase || operation.value > op_write) return Outcome::error;
  if (parameters.count() == 1) return operation.value == op_read ? list_spaces() : Outcome::error;
  auto space = parameters.text(1);
  if (!is_name(space)) return Outcome::error;
  if (parameters.count() == 2) {
    if (operation.value == op_write) return Outcome::error;
    return operation.value == op_read ? list_keys(space.value) : erase({std::move(space.value), {}});
  }
  auto key = parameters.text(2);
  if (!is_name(key)) return Outcome::error;
  const Request request{std::move(space.value), std::move(key.value)};
  if (operation.value == op_read) return read(request, parameters);
  if (operation.value == op_write) return write(request, parameters);
  return parameters.count() == 3 ? erase(request) : Outcome::error;
}

// A namespace that is not there is no error, a key that is not there is one.
Outcome MfgCommands::erase(const Request& request) const {
  if (run_.board.has(Fault::erase_refused)) return Outcome::error;
  PartitionFlash flash(run_.board.flash, *partition_);
  auto storage = image::NvsStore::open(flash);
  if (!storage) return Outcome::error;
  if (request.key.empty()) return storage->erase_all(request.space) ? Outcome::ok : Outcome::error;
  const auto erased = storage->erase(request.space, request.key);
  return erased && *erased ? Outcome::ok : Outcome::error;
}

Outcome MfgCommands::list_spaces() const {
  for (const std::string& space : contents().spaces) run_.port.print(fmt::format("+SYSMFG:\"{}\"\r\n", space));
  return Outcome::ok;
}

Outcome MfgCommands::list_keys(const std::string& space) const {
  const image::NvsImage stored = contents();
  if (std::find(stored.spaces.begin(), stored.spaces.end(), space) == stored.spaces.end()) return Outcome::error;
  for (const image::NvsItem& item : stored.items) {
    if (item.space != space) continue;
    run_.port.print(fmt::format("+SYSMFG:\"{}\",\"{}\",{}\r\n", space, item.key, type_number(item.type)));
  }
  return Outcome::ok;
}

// ...,<offset>,<length>: a part of the value, of length 0 its rest. A part that reaches beyond the end is an error, and
// so is one of an integer, unless both numbers are 0 (object code of at_nvs_namespace_read in ESP-AT 3.1.0.0
// and 4.1.1.0).
Outcome MfgCommands::read(const Request& request, const Parameters& parameters) const {
  std::size_t offset = 0;
  std::size_t asked = 0;
  if (parameters.count() > 3) {
    const auto from = parameters.number(3);
    if (!from.ok() || from.value < 0) return Outcome::error;
    const auto size = parameters.number(4);
    if (!size.ok() || size.value < 0 || parameters.count() != 5) return Outcome::error;
    offset = static_cast<std::size_t>(from.value);
    asked = static_cast<std::size_t>(size.value);
  }
  const image::NvsImage stored = contents();
  const image::NvsItem* item = stored.find(request.space, request.key);
  const std::int32_t type = item == nullptr ? 0 : type_number(item->type);
  if (type == 0) return Outcome::error;
  const Secret value = item->value();
  if (type < kString) {
    if (offset + asked > 0) return Outcome::error;
    const std::string number = integer_text(item->type, value.reveal());
    run_.port.print(
        fmt::format("+SYSMFG:\"{}\",\"{}\",{},{},{}\r\n", request.space, request.key, type, number.size(), number));
    return Outcome::ok;
  }
  if (offset + asked > value.size()) return Outcome::error;
  const std::size_t length = asked == 0 ? value.size() - offset : asked;
  run_.port.print(fmt::format("+SYSMFG:\"{}\",\"{}\",{},{},", request.space, request.key, type, length));
  run_.port.print(value.reveal().subspan(offset, length));
  run_.port.print("\r\n");
  return Outcome::ok;
}

// ...,<type>,<value>: the value of an integer, the length of the others
Outcome MfgCommands::write(const Request& request, const Parameters& parameters) {
  const auto type = parameters.number(3);
  if (!type.ok() || type.value < 1 || type.value > kBinary) return Outcome::error;
  const auto value = parameters.number(4);
  if (!value.ok() || parameters.count() != 5) return Outcome::error;
  if (type.value >= kString) {
    if (value.value < 1 || value.value > kMaxDataSize) return Outcome::error;
    return run_.port.collect(
        static_cast<std::size_t>(value.value), Prompt::result, Surplus::busy,
        [this, request, number = type.value](Secret data) { return store_data(request, number, data.reveal()); });
  }
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint32_t>(value.value) >> (8 * i));
  }
  const std::size_t size = image::integer_size(kTypes[static_cast<std::size_t>(type.value) - 1]);
  return store(request, type.value, ByteView(bytes).first(size));  // truncated without a word
}

Outcome MfgCommands::store_data(const Request& request, std::int32_t type, ByteView data) {
  const bool has_zero = std::find(data.begin(), data.end(), 0) != data.end();
  if (run_.board.has(Fault::refused_after_erase)) static_cast<void>(erase(request));
  if ((type == kString && has_zero) || refuses_writes(run_.board.options.faults)) return Outcome::error;
  return store(request, type, with_write_faults(data, run_.board.options.faults).reveal());
}

Outcome MfgCommands::store(const Request& request, std::int32_t type, ByteView value) {
  PartitionFlash flash(run_.board.flash, *partition_);
  auto storage = image::NvsStore::open(flash);
  if (!storage) return Outcome::error;
  if (!storage->set(request.space, request.key, kTypes[static_cast<std::size_t>(type) - 1], value)) {
    return Outcome::error;
  }
  run_.timers.after(kFlashWriteTime, [this] { run_.port.finish(Outcome::ok); });
  return Outcome::running;
}

image::NvsImage MfgCommands::contents() const {
  return image::read_nvs(run_.board.flash.read(partition_->offset, partition_->size));
}

}  // namespace atcert::emulator
