// SPDX-License-Identifier: Apache-2.0
#include "soak/run.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/core.h>

#include "base/child_process.hpp"

extern "C" {  // which the header of glibc 2.36 forgets
#include <sys/pidfd.h>
}

namespace atcert::soak {
namespace {

namespace fs = std::filesystem;

struct Stream {
  Stream() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    reader = Descriptor(ends[0]);
    writer = Descriptor(ends[1]);
  }
  Descriptor reader;
  Descriptor writer;
  std::string text;
};

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string whole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Whether a process has blocked SIGTERM, as the tool does when it is ready for signals.
bool minds_signals(pid_t process) {
  std::istringstream lines(whole(fmt::format("/proc/{}/status", process)));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("SigBlk:")) continue;
    return (std::stoull(line.substr(7), nullptr, 16) & (1ULL << (SIGTERM - 1))) != 0;
  }
  return false;
}

ChildProcess start(const Run& run, int input, int output, int error) {
  ChildOptions options{.program = run.program,
                       .arguments = run.arguments,
                       .environment = run.environment,
                       .input = input,
                       .output = output,
                       .error = error};
  if (!run.shell.empty() || !run.redirection.empty()) {
    options.program = "/bin/sh";
    options.arguments = {"-c", run.shell + "\nexec \"$@\" " + run.redirection, "sh", run.program};
    options.arguments.insert(options.arguments.end(), run.arguments.begin(), run.arguments.end());
  }
  auto child = ChildProcess::start(options);
  if (!child.ok()) throw std::runtime_error(child.error().what);
  return std::move(*child);
}

// What is there now; waits a moment for more.
void read_some(std::array<Stream*, 2> streams, Milliseconds moment) {
  std::array<pollfd, 2> ends{};
  for (std::size_t i = 0; i < 2; ++i) ends[i] = {streams[i]->reader.get(), POLLIN, 0};
  poll(ends.data(), ends.size(), static_cast<int>(moment.count()));
  for (std::size_t i = 0; i < 2; ++i) {
    if (ends[i].revents == 0) continue;
    std::array<char, 65536> part;
    const ssize_t count = read(ends[i].fd, part.data(), part.size());
    if (count > 0) {
      streams[i]->text.append(part.data(), static_cast<std::size_t>(count));
    } else {
      streams[i]->reader.close_now();
    }
  }
}

}  // namespace

std::string Run::as_line() const {
  std::string line;
  for (const auto& setting : environment) {
    if (setting.starts_with("ATCERT_") || setting.starts_with("TMPDIR=")) line += quoted(setting) + " ";
  }
  line += program;
  for (const auto& argument : arguments) line += " " + quoted(argument);
  return (shell.empty() ? "" : "(" + shell + "; ") + line + " " + redirection + (shell.empty() ? "" : ")");
}

Ending run(const Run& run) {
  const SystemClock clock;
  Stream input;
  Stream output;
  Stream error;
  const SteadyTime begun = clock.now();
  ChildProcess child = start(run, input.reader.get(), output.writer.get(), error.writer.get());
  input.writer.close_now();
  output.writer.close_now();
  error.writer.close_now();

  std::optional<SteadyTime> ready;
  bool signalled = false;
  std::optional<int> status;
  while (!status && clock.now() - begun < run.limit) {
    const bool waiting = run.signal && !signalled;
    read_some({&output, &error}, waiting ? Milliseconds(1) : Milliseconds(10));
    if (waiting && !ready && (run.signal->number == SIGKILL || minds_signals(child.id()))) ready = clock.now();
    if (waiting && ready && clock.now() >= *ready + run.signal->after) {
      child.signal(run.signal->number);
      signalled = true;
    }
    status = child.wait(clock.now());
  }
  const auto took = std::chrono::duration_cast<Milliseconds>(clock.now() - begun);
  if (!status) child.stop();
  // What is still in the pipes; a process that was left behind keeps them open and is told of elsewhere.
  for (int i = 0; i < 64 && (output.reader.open() || error.reader.open()); ++i) {
    read_some({&output, &error}, Milliseconds(2));
  }
  return {status.value_or(-1), status.has_value(), took, std::move(output.text), std::move(error.text)};
}

namespace {

// False when it is still there after a while.
bool has_ended(int process) {
  constexpr int kPatienceMs = 5000;
  const Descriptor handle(pidfd_open(process, 0));
  if (!handle.open()) return true;
  pollfd end{handle.get(), POLLIN, 0};
  return poll(&end, 1, kPatienceMs) == 1;
}

}  // namespace

std::vector<int> processes_with(const std::string& text) {
  std::vector<int> found;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos || std::stoi(name) == getpid()) continue;
    const bool ours = whole(entry.path() / "cmdline").find(text) != std::string::npos;
    if (ours && !has_ended(std::stoi(name))) found.push_back(std::stoi(name));
  }
  return found;
}

}  // namespace atcert::soak
