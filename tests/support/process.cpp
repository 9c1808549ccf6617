// SPDX-License-Identifier: Apache-2.0
#include "support/process.hpp"

#include <fcntl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include <doctest/doctest.h>

#include "support/require.hpp"

namespace atcert::test {

struct Process::Pipes {
  struct Pipe {
    Pipe() {
      int ends[2];
      REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
      reader = Descriptor(ends[0]);
      writer = Descriptor(ends[1]);
    }
    Descriptor reader;
    Descriptor writer;
  };
  Pipe input;
  Pipe output;
  Pipe error;
};

namespace {

std::vector<std::string> environment_for(const ProcessOptions& options) {
  std::map<std::string, std::string> all = {{"HOME", "/nonexistent"}};
  for (const char* name : {"PATH", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) all[name] = value;
  }
  for (const auto& [name, value] : options.environment) all[name] = value;
  std::vector<std::string> texts;
  for (const auto& [name, value] : all) texts.push_back(name + "=" + value);
  return texts;
}

// Appends what is there; closes the descriptor at the end of the stream.
void read_into(std::string& text, Descriptor& from) {
  std::array<char, 4096> part;
  const ssize_t count = read(from.get(), part.data(), part.size());
  if (count > 0) {
    text.append(part.data(), static_cast<std::size_t>(count));
  } else {
    from.close_now();
  }
}

}  // namespace

Process::Process(const ProcessOptions& options) : Process(options, Pipes()) {}

Process::Process(const ProcessOptions& options, Pipes pipes)
    : child_(require(ChildProcess::start({.program = options.program,
                                          .arguments = options.arguments,
                                          .environment = environment_for(options),
                                          .input = pipes.input.reader.get(),
                                          .output = pipes.output.writer.get(),
                                          .error = pipes.error.writer.get()}))),
      out_end_(std::move(pipes.output.reader)),
      err_end_(std::move(pipes.error.reader)) {
  if (options.input.empty()) return;
  REQUIRE(write(pipes.input.writer.get(), options.input.data(), options.input.size()) ==
          static_cast<ssize_t>(options.input.size()));
}

bool Process::wait_for(const std::string& text, Milliseconds limit) {
  const SteadyTime deadline = SystemClock().now() + limit;
  const auto said = [&] { return out_.find(text) != std::string::npos || err_.find(text) != std::string::npos; };
  while (!said() && read_some(deadline)) {
  }
  return said();
}

Outcome Process::finish(Milliseconds limit) {
  const SteadyTime deadline = SystemClock().now() + limit;
  while (read_some(deadline)) {
  }
  const auto status = child_.wait(deadline);
  if (!status) child_.stop();
  return {status.value_or(-1), out_, err_};
}

bool Process::read_some(SteadyTime deadline) {
  if (!out_end_.open() && !err_end_.open()) return false;
  std::array<pollfd, 2> ends{{{out_end_.get(), POLLIN, 0}, {err_end_.get(), POLLIN, 0}}};
  const auto left = std::chrono::ceil<Milliseconds>(deadline - SystemClock().now()).count();
  if (left <= 0 || poll(ends.data(), ends.size(), static_cast<int>(left)) <= 0) return false;
  if (ends[0].revents != 0) read_into(out_, out_end_);
  if (ends[1].revents != 0) read_into(err_, err_end_);
  return true;
}

Outcome run(const ProcessOptions& options) {
  return Process(options).finish();
}

}  // namespace atcert::test
