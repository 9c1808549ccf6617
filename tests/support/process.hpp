// SPDX-License-Identifier: Apache-2.0
// Runs the built tool (or another program) as its users do: arguments, environment, standard input, and everything it
// says. Nothing of the user's own settings reaches it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/child_process.hpp"

namespace atcert::test {

struct ProcessOptions {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment = {};  // beside PATH, TMPDIR and what sanitizers need
  std::string input = {};                               // at most a pipe's worth (64 KiB)
  std::string program = ATCERT_BINARY;
};

struct Outcome {
  int exit_code = -1;  // 128 + signal; -1: did not end in time, and was stopped
  std::string out;
  std::string err;

  std::string all() const { return out + err; }
};

class Process {
 public:
  explicit Process(const ProcessOptions& options);

  pid_t id() const { return child_.id(); }
  void signal(int number) const { child_.signal(number); }

  // Reads what the program says until `text` is in its output or error; false when it ends or the time is up first.
  bool wait_for(const std::string& text, Milliseconds limit = std::chrono::seconds(10));
  // What it has said so far.
  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }

  // Waits for its end.
  Outcome finish(Milliseconds limit = std::chrono::seconds(30));

 private:
  struct Pipes;
  Process(const ProcessOptions& options, Pipes pipes);
  // False when both streams have ended or the deadline has passed.
  bool read_some(SteadyTime deadline);

  ChildProcess child_;
  Descriptor out_end_;
  Descriptor err_end_;
  std::string out_;
  std::string err_;
};

// Runs the tool to its end.
Outcome run(const ProcessOptions& options);

}  // namespace atcert::test
