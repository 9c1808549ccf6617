// SPDX-License-Identifier: Apache-2.0
// The module's flash in a file, 4 MiB as a flash chip's dump. Every change is written in place as it happens, in the
// module's own order, so that a kill at any moment leaves what a power cut leaves on a chip. One emulator at a time has
// the file; it may hold private keys, so nobody else may read it.
#pragma once

#include <memory>
#include <string>

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "emulator/flash_memory.hpp"

namespace atcert::emulator {

class FlashFile {
 public:
  // Opens the file, or makes one of a blank chip. The file follows memory() from then on. Errors: not readable, another
  // size, in use.
  static Result<std::unique_ptr<FlashFile>> open(const std::string& path);

  FlashMemory& memory() { return memory_; }
  // Makes what was written safe from a power cut of this machine. An error: the disk refused a write since the last
  // call.
  Result<void> sync();

 private:
  FlashFile(std::string path, Descriptor file, Secret content);

  void follow(std::size_t offset, ByteView bytes);

  std::string path_;
  Descriptor file_;
  FlashMemory memory_;
  bool dirty_ = false;
  int error_ = 0;
};

}  // namespace atcert::emulator
