// SPDX-License-Identifier: Apache-2.0
// Ctrl-C, SIGTERM and SIGHUP. A thread of its own waits for them; they are blocked everywhere else, so no handler runs
// in the middle of anything, and no descriptor is needed. The first one asks what is under way (Undertakings) to stop
// and clean up. A program that does nothing of the kind, because it reads, waits for input, parses or asks, is ended at
// once, wherever it is. The second signal ends the process in any case, and says what was cut off.
#pragma once

#include <signal.h>

#include <stop_token>
#include <thread>

#include "base/undertakings.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

class Interrupt {
 public:
  // Before any other thread is started: threads inherit what is blocked.
  Interrupt(Ui& ui, Undertakings& undertakings);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  void watch(const std::stop_token& over);
  // Until the program has ended, or is ended here.
  void see_to_the_end(const std::stop_token& over);

  Ui& ui_;
  Undertakings& undertakings_;
  sigset_t signals_;
  std::stop_source source_;
  std::jthread watcher_;
};

}  // namespace atcert::cli
