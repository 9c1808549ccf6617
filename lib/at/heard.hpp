// SPDX-License-Identifier: Apache-2.0
// What a port carries where no AT module answers, told from what comes back: the boot log of the chip's ROM and boot
// loader and the log of the firmware have forms of their own (esp-idf, "Fatal Errors" and "Logging library").
#pragma once

#include <cstddef>
#include <string_view>

#include "at/framer.hpp"

namespace atcert::at {

enum class Carries {
  at,             // a module that takes commands
  nothing,        // not one byte
  noise,          // bytes that are no text: another baud rate, most likely
  echo,           // what is sent, and no answer to it
  boot_log,       // of the ROM or the boot loader
  firmware_log,   // of a firmware
  download_mode,  // the ROM waits for a download
  refusals,       // ERROR, and to AT too
  text,           // something else
};

class Heard {
 public:
  void take(const Event& event);

  // `bytes` came in all, `foreign` of them no text.
  Carries verdict(std::size_t bytes, std::size_t foreign) const;

 private:
  void take_line(std::string_view line);

  bool boot_ = false;
  bool firmware_ = false;
  bool download_ = false;
  bool echo_ = false;
  bool refusal_ = false;
  bool text_ = false;
};

}  // namespace atcert::at
