// SPDX-License-Identifier: Apache-2.0
#include "interrupt.hpp"

#include <pthread.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <ctime>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace atcert::cli {
namespace {

// How often it is looked whether anything is still held.
constexpr Milliseconds kLook{20};
// What a program that has nothing to clean up gets to end by itself; one that has cleaned up still tells its result.
constexpr Milliseconds kGrace{100};
constexpr Milliseconds kGraceAfterWork{1000};
// Only credentials that go over the slowest line take this long; the clean-up of a job has a limit of its own.
constexpr Milliseconds kPatience{120'000};

// Wakes the watcher when the program is over; nobody sends it from outside.
int over_signal() {
  return SIGRTMIN;
}

// What the parent has ignored for us (nohup, a background job of a script) stays ignored.
bool is_ignored(int number) {
  struct sigaction action {};
  return sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t signals_to_watch() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(number)) sigaddset(&set, number);
  }
  sigaddset(&set, over_signal());
  return set;
}

Error interrupted() {
  return {ErrorKind::interrupted,
          "interrupted",
          "interrupted; nothing was under way that needed an end",
          {},
          "run it again"};
}

Error cut_off(const std::string& why, const std::vector<std::string>& held) {
  std::string remedy;
  for (const std::string& each : held) remedy += (remedy.empty() ? "" : "; ") + each;
  return {ErrorKind::interrupted, "cut_off", why + ": clean-up was cut off", {}, std::move(remedy)};
}

[[noreturn]] void end(Ui& ui, const Error& error) {
  ui.last_words(error);
  _exit(static_cast<int>(error.kind));
}

}  // namespace

Interrupt::Interrupt(Ui& ui, Undertakings& undertakings)
    : ui_(ui), undertakings_(undertakings), signals_(signals_to_watch()) {
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  // A closed pipe and a limit on the size of files are errors of the write, not the end of a clean-up.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  watcher_ = std::jthread([this](const std::stop_token& over) { watch(over); });
}

Interrupt::~Interrupt() {
  watcher_.request_stop();
  pthread_kill(watcher_.native_handle(), over_signal());
}

void Interrupt::watch(const std::stop_token& over) {
  while (!over.stop_requested()) {
    const int number = sigwaitinfo(&signals_, nullptr);
    if (number < 0 || number == over_signal()) continue;
    source_.request_stop();
    return see_to_the_end(over);
  }
}

void Interrupt::see_to_the_end(const std::stop_token& over) {
  constexpr timespec kWait{0, std::chrono::nanoseconds(kLook).count()};
  const SteadyTime begun = std::chrono::steady_clock::now();
  SteadyTime last_held = begun;
  while (!over.stop_requested()) {
    const int number = sigtimedwait(&signals_, nullptr, &kWait);
    const std::vector<std::string> held = undertakings_.held();
    const bool again = number > 0 && number != over_signal();
    if (again) end(ui_, held.empty() ? interrupted() : cut_off("interrupted a second time", held));
    const SteadyTime now = std::chrono::steady_clock::now();
    if (!held.empty()) {
      last_held = now;
      if (now - begun > kPatience) end(ui_, cut_off("interrupted, but it did not end in two minutes", held));
    }
    if (now - last_held < (undertakings_.any_begun() ? kGraceAfterWork : kGrace)) continue;
    if (const auto closed = undertakings_.close_when_idle()) end(ui_, interrupted());
  }
}

}  // namespace atcert::cli
