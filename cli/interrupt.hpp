// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM as a stop request. A thread of its own waits for the signals, which are blocked everywhere else,
// so no handler runs in the middle of anything. The first signal asks the job to stop and clean up; the second, for a
// job that takes too long over it, ends the process.
#pragma once

#include <stop_token>
#include <thread>

namespace atcert::cli {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  void watch();

  std::stop_source source_;
  int signals_ = -1;  // signalfd
  int wake_ = -1;     // eventfd that ends the thread
  std::jthread watcher_;
};

}  // namespace atcert::cli
