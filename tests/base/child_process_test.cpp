// SPDX-License-Identifier: Apache-2.0
#include "base/child_process.hpp"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <thread>

#include <doctest/doctest.h>

#include "support/require.hpp"

namespace atcert {
namespace {

using namespace std::chrono_literals;
using test::require;

SteadyTime soon() {
  return SystemClock().now() + 10s;
}

struct Pipe {
  Pipe() {
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    reader = Descriptor(ends[0]);
    writer = Descriptor(ends[1]);
  }
  std::string read_all() {
    writer.close_now();
    std::string text;
    char part[256];
    for (ssize_t count = 0; (count = read(reader.get(), part, sizeof part)) > 0;) {
      text.append(part, static_cast<std::size_t>(count));
    }
    return text;
  }
  Descriptor reader;
  Descriptor writer;
};

ChildOptions shell(const std::string& script, int output = -1) {
  return {.program = "/bin/sh", .arguments = {"-c", script}, .output = output};
}

// For the rest of its life the calling thread has a kernel without pidfd_open(2), as before 5.3 and in some containers.
bool lose_pidfd_open() {
  std::array<sock_filter, 4> steps{{{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
                                    {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_pidfd_open},
                                    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOSYS},
                                    {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}}};
  const sock_fprog program{steps.size(), steps.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace

TEST_CASE("a child's exit status is passed on, a signal as shells have it") {
  CHECK(require(ChildProcess::start(shell("exit 7"))).wait(soon()) == 7);
  CHECK(require(ChildProcess::start(shell("kill -9 $$"))).wait(soon()) == 137);
}

TEST_CASE("waiting ends with the deadline") {
  auto child = require(ChildProcess::start(shell("exec tail -f /dev/null")));
  CHECK_FALSE(child.wait(SystemClock().now() + 20ms).has_value());
}

TEST_CASE("a program that does not exist is an error with its name") {
  const auto child = ChildProcess::start({.program = "/no/such/program"});
  REQUIRE_FALSE(child.ok());
  CHECK(child.error().what == "/no/such/program: cannot be run: No such file or directory");
}

TEST_CASE("a child gets the environment it is given, and ours otherwise") {
  Pipe own;
  auto options = shell("echo $NAME$PATH", own.writer.get());
  options.environment = {"NAME=value"};
  auto child = require(ChildProcess::start(options));
  CHECK(own.read_all().rfind("value", 0) == 0);
  Pipe inherited;
  auto second = require(ChildProcess::start(shell("echo $PATH", inherited.writer.get())));
  CHECK(inherited.read_all() == std::string(getenv("PATH")) + "\n");
}

TEST_CASE("a child starts with no blocked signals and no files but its three") {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  REQUIRE(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0);
  const int leaking = open("/dev/null", O_RDONLY);  // not O_CLOEXEC
  Pipe pipe;
  auto child = require(ChildProcess::start(shell("ls /proc/self/fd | wc -l; kill -TERM $$", pipe.writer.get())));
  CHECK(std::stoi(pipe.read_all()) == 4);  // the fourth is the folder that ls reads
  CHECK(child.wait(soon()) == 128 + SIGTERM);
  close(leaking);
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

TEST_CASE("stopping ends a child that ignores SIGTERM") {
  Pipe pipe;
  auto child = require(
      ChildProcess::start(shell("trap '' TERM; echo ready; while :; do tail -f /dev/null; done", pipe.writer.get())));
  char ready[6];
  REQUIRE(read(pipe.reader.get(), ready, sizeof ready) == 6);
  child.stop();
  CHECK(child.wait(soon()) == 128 + SIGKILL);
}

TEST_CASE("a child ends with the thread that started it, also one that loses SIGTERM") {
  for (const char* script :
       {"echo ready; exec tail -f /dev/null", "trap '' TERM; echo ready; exec tail -f /dev/null"}) {
    Pipe pipe;
    std::optional<ChildProcess> child;
    std::thread([&] {
      child.emplace(require(ChildProcess::start(shell(script, pipe.writer.get()))));
      char ready[6];
      REQUIRE(read(pipe.reader.get(), ready, sizeof ready) == 6);
    }).join();
    CHECK(child->wait(soon()) == 128 + SIGKILL);
  }
}

TEST_CASE("a child that cannot be waited for is not left running") {
  std::optional<Result<ChildProcess>> child;
  std::thread([&] {
    if (lose_pidfd_open()) child.emplace(ChildProcess::start(shell("exec tail -f /dev/null")));
  }).join();
  REQUIRE(child.has_value());
  REQUIRE_FALSE(child->ok());
  CHECK(child->error().code == "program_not_started");
  CHECK(child->error().what == "/bin/sh: cannot be run: Function not implemented");
  CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}

TEST_CASE("programs are found in PATH and in the system's folders") {
  CHECK(find_program("sh").has_value());
  CHECK_FALSE(find_program("no-such-program-here").has_value());
}

}  // namespace atcert
