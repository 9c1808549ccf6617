// SPDX-License-Identifier: Apache-2.0
// A real serial port server: ser2net before a device, once with RFC 2217 and once with bytes alone.
#pragma once

#include <cstdint>
#include <string>

#include "base/child_process.hpp"
#include "base/scratch_folder.hpp"

namespace atcert::test {

class Ser2net {
 public:
  explicit Ser2net(const std::string& device);

  // Names of ports for -p.
  std::string rfc2217() const;
  std::string socket() const;

  void end() const { process_.signal(9); }

 private:
  ScratchFolder folder_;
  std::uint16_t rfc2217_ = 0;
  std::uint16_t socket_ = 0;
  ChildProcess process_;
};

}  // namespace atcert::test
