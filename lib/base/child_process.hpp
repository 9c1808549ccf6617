// SPDX-License-Identifier: Apache-2.0
// Another program run by ours. It is in a process group of its own, so that a Ctrl-C on the terminal leaves it alive
// for our clean-up; it inherits no open files but the three it is given; and it ends with the thread that started it,
// also when that is killed.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace atcert {

struct ChildOptions {
  std::string program;  // a path
  std::vector<std::string> arguments = {};
  std::optional<std::vector<std::string>> environment = {};  // "NAME=value"; nothing: ours
  // Borrowed; those not given are /dev/null.
  int input = -1;
  int output = -1;
  int error = -1;
};

class ChildProcess {
 public:
  static Result<ChildProcess> start(const ChildOptions& options);
  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) noexcept;
  ~ChildProcess();  // stop()

  pid_t id() const { return id_; }
  void signal(int number) const;

  // The exit status, or 128 + signal as shells have it; nothing when the deadline passes first.
  std::optional<int> wait(SteadyTime deadline);

  // Asks it to end (SIGTERM), and ends it (SIGKILL) when it takes longer than two seconds. Also when it has ended.
  void stop();

 private:
  ChildProcess(pid_t id, Descriptor handle) : id_(id), handle_(std::move(handle)) {}

  pid_t id_;
  Descriptor handle_;          // a pidfd, for waiting
  std::optional<int> status_;  // once it has ended
};

// Where the program is: a folder of PATH, or the folders of system programs, which users often do not have in it.
std::optional<std::string> find_program(const std::string& name);

}  // namespace atcert
