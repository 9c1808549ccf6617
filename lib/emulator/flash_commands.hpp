// SPDX-License-Identifier: Apache-2.0
// AT+SYSFLASH: raw bytes of the user partitions (ESP-AT, Basic AT Commands; order of the checks and error codes from
// the object code of at_setup_cmd_sysflash in ESP-AT 4.1.1.0).
#pragma once

#include "emulator/board.hpp"

namespace atcert::emulator {

class FlashCommands {
 public:
  explicit FlashCommands(Run& run) : run_(run) {}

  CommandRows commands();

 private:
  struct Request {
    const Partition* partition = nullptr;
    std::size_t offset = 0;
    std::size_t length = 0;

    bool in_range() const { return offset <= partition->size && length <= partition->size - offset; }
  };

  Outcome list() const;
  Outcome operate(const Parameters& parameters);
  Outcome erase(const Request& request);
  Outcome write(const Request& request);
  Outcome store(const Request& request, ByteView data);
  Outcome read(const Request& request) const;
  Outcome fail(std::uint32_t reason) const;

  Run& run_;
};

}  // namespace atcert::emulator
