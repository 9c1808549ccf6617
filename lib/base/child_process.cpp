// SPDX-License-Identifier: Apache-2.0
#include "base/child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

#include <fmt/core.h>

extern "C" {  // which the header of glibc 2.36 forgets
#include <sys/pidfd.h>
}

namespace atcert {
namespace {

constexpr Milliseconds kGrace{2000};

Error start_error(const std::string& program, int error_number) {
  return {ErrorKind::usage,
          "program_not_started",
          fmt::format("{}: cannot be run: {}", program, std::strerror(error_number)),
          {},
          "check that the program is installed and may be run"};
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// What the child needs, made before the fork: after it only async-signal-safe calls are allowed.
struct ChildPlan {
  const char* program;
  std::vector<char*> arguments;
  std::vector<char*> environment;  // empty: ours
  int files[3];
  int failure;  // where the number of an error goes
  pid_t parent;
};

[[noreturn]] void give_up(const ChildPlan& plan) {
  const int error_number = errno;
  [[maybe_unused]] const ssize_t ignored = write(plan.failure, &error_number, sizeof error_number);
  _exit(127);
}

[[noreturn]] void become(const ChildPlan& plan) {
  sigset_t none;
  sigemptyset(&none);
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setpgid(0, 0);
  // Not SIGTERM: a program that is only starting may lose it. mosquitto 2.0 forgets one that comes before its main
  // loop.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != plan.parent) _exit(127);
  for (int i = 0; i < 3; ++i) {
    if (dup2(plan.files[i], i) < 0) give_up(plan);
  }
  close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC);
  if (plan.environment.empty()) {
    execv(plan.program, plan.arguments.data());
  } else {
    execve(plan.program, plan.arguments.data(), plan.environment.data());
  }
  give_up(plan);
}

// 0 when the pipe closed without a word: the program runs.
int read_failure(int fd) {
  int error_number = 0;
  ssize_t count = 0;
  do count = read(fd, &error_number, sizeof error_number);
  while (count < 0 && errno == EINTR);
  return count == sizeof error_number ? error_number : 0;
}

// Of a child that nobody can wait for with a deadline.
void kill_and_reap(pid_t id) {
  kill(id, SIGKILL);
  while (waitpid(id, nullptr, 0) < 0 && errno == EINTR) {
  }
}

int milliseconds_until(SteadyTime deadline) {
  const auto left = std::chrono::ceil<Milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<decltype(left)>(left, 0, INT_MAX));
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const ChildOptions& options) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return start_error(options.program, errno);
  const Descriptor failure(ends[0]);
  Descriptor failure_writer(ends[1]);
  // Above the three that dup2() will overwrite.
  const Descriptor nothing(fcntl(Descriptor(open("/dev/null", O_RDWR | O_CLOEXEC)).get(), F_DUPFD_CLOEXEC, 3));

  std::vector<std::string> arguments = options.arguments;
  arguments.insert(arguments.begin(), options.program);
  const auto file = [&](int given) { return given < 0 ? nothing.get() : given; };
  ChildPlan plan{options.program.c_str(), pointers_to(arguments), {}, {}, failure_writer.get(), getpid()};
  if (options.environment) plan.environment = pointers_to(*options.environment);
  plan.files[0] = file(options.input);
  plan.files[1] = file(options.output);
  plan.files[2] = file(options.error);

  const pid_t id = fork();
  if (id < 0) return start_error(options.program, errno);
  if (id == 0) become(plan);
  failure_writer.close_now();
  Descriptor handle(pidfd_open(id, 0));
  if (!handle.open()) {
    const int error_number = errno;
    kill_and_reap(id);
    return start_error(options.program, error_number);
  }
  ChildProcess child(id, std::move(handle));
  if (const int error_number = read_failure(failure.get()); error_number != 0) {
    return start_error(options.program, error_number);
  }
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : id_(std::exchange(other.id_, -1)), handle_(std::move(other.handle_)), status_(std::exchange(other.status_, 0)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    stop();
    id_ = std::exchange(other.id_, -1);
    handle_ = std::move(other.handle_);
    status_ = std::exchange(other.status_, 0);
  }
  return *this;
}

ChildProcess::~ChildProcess() {
  stop();
}

void ChildProcess::signal(int number) const {
  if (!status_) kill(id_, number);
}

std::optional<int> ChildProcess::wait(SteadyTime deadline) {
  while (!status_) {
    pollfd ended{handle_.get(), POLLIN, 0};
    const int ready = poll(&ended, 1, milliseconds_until(deadline));
    if (ready == 0) return std::nullopt;
    if (ready < 0) continue;
    int status = 0;
    if (waitpid(id_, &status, 0) != id_) return std::nullopt;
    status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  return status_;
}

void ChildProcess::stop() {
  if (status_) return;
  signal(SIGTERM);
  if (wait(std::chrono::steady_clock::now() + kGrace)) return;
  signal(SIGKILL);
  wait(SteadyTime::max());
}

std::optional<std::string> find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string folders = fmt::format("{}:/usr/local/sbin:/usr/sbin:/sbin", path == nullptr ? "" : path);
  while (!folders.empty()) {
    const std::size_t end = std::min(folders.find(':'), folders.size());
    const std::string candidate = folders.substr(0, end) + "/" + name;
    if (end > 0 && access(candidate.c_str(), X_OK) == 0) return candidate;
    folders.erase(0, end + 1);
  }
  return std::nullopt;
}

}  // namespace atcert
