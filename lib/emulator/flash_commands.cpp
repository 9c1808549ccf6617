// SPDX-License-Identifier: Apache-2.0
#include "emulator/flash_commands.hpp"

#include <fmt/core.h>

#include "emulator/timing.hpp"
#include "emulator/write_faults.hpp"

namespace atcert::emulator {
namespace {

constexpr std::uint32_t kNoPartition = 0;
constexpr std::uint32_t kBadRange = 1;
constexpr std::uint32_t kEraseFailed = 2;
constexpr std::uint32_t kAccessFailed = 3;

enum Operation { op_erase = 0, op_write = 1, op_read = 2 };

}  // namespace

CommandRows FlashCommands::commands() {
  return {{"+SYSFLASH", [this] { return list(); }, [this](const auto& p) { return operate(p); }, {}}};
}

Outcome FlashCommands::list() const {
  for (const Partition& each : run_.board.map.users) {
    run_.port.print(fmt::format("+SYSFLASH:\"{}\",{},{},{:#x},{:#x}\r\n", each.name, each.type, each.subtype,
                                each.offset, each.size));
  }
  return Outcome::ok;
}

// <operation>,<partition>[,<offset>,<length>]
Outcome FlashCommands::operate(const Parameters& parameters) {
  const auto operation = parameters.number(0);
  if (!operation.ok() || operation.value < op_erase || operation.value > op_read) return Outcome::error;
  const auto name = parameters.text(1);
  if (!name.ok()) return Outcome::error;
  const bool whole = operation.value == op_erase && parameters.count() == 2;
  Request request;
  if (!whole) {
    const auto offset = parameters.number(2);
    if (!offset.ok() || offset.value < 0) return Outcome::error;
    const auto length = parameters.number(3);
    if (!length.ok() || length.value < 0 || parameters.count() != 4) return Outcome::error;
    request.offset = static_cast<std::size_t>(offset.value);
    request.length = static_cast<std::size_t>(length.value);
  }
  request.partition = run_.board.map.user(name.value);
  if (request.partition == nullptr || !run_.board.map.is_open(*request.partition)) return fail(kNoPartition);
  if (whole) request.length = request.partition->size;
  if (operation.value == op_erase) return erase(request);
  return operation.value == op_write ? write(request) : read(request);
}

Outcome FlashCommands::erase(const Request& request) {
  if (request.offset % kSectorSize != 0 || request.length % kSectorSize != 0) return fail(kBadRange);
  if (!request.in_range() || run_.board.has(Fault::erase_refused)) return fail(kEraseFailed);
  run_.board.flash.erase(request.partition->offset + request.offset, request.length);
  run_.timers.after(kSectorEraseTime * static_cast<long>(request.length / kSectorSize),
                    [this] { run_.port.finish(Outcome::ok); });
  return Outcome::running;
}

// A range outside the partition is found out twice: before the prompt, and again when the data is there.
Outcome FlashCommands::write(const Request& request) {
  if (!request.in_range()) static_cast<void>(fail(kBadRange));
  return run_.port.collect(request.length, Prompt::plain, Surplus::parsed,
                           [this, request](Secret data) { return store(request, data.reveal()); });
}

Outcome FlashCommands::store(const Request& request, ByteView data) {
  if (!request.in_range() || refuses_writes(run_.board.options.faults)) return fail(kAccessFailed);
  const Secret written = with_write_faults(data, run_.board.options.faults);
  run_.board.flash.write(request.partition->offset + request.offset, written.reveal());
  run_.timers.after(kFlashWriteTime, [this] { run_.port.finish(Outcome::ok); });
  return Outcome::running;
}

Outcome FlashCommands::read(const Request& request) const {
  if (!request.in_range()) {
    static_cast<void>(fail(kBadRange));
    return fail(kAccessFailed);
  }
  run_.port.print(fmt::format("+SYSFLASH:{},", request.length));
  run_.port.print(run_.board.flash.read(request.partition->offset + request.offset, request.length));
  return Outcome::ok;
}

Outcome FlashCommands::fail(std::uint32_t reason) const {
  run_.port.print_error(execution_error(reason));
  return Outcome::error;
}

}  // namespace atcert::emulator
