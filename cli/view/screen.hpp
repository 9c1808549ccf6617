// SPDX-License-Identifier: Apache-2.0
// The screen of one job: a thread of its own draws what the job tells and shows it, so that a terminal which takes
// nothing does not hold up the dialogue with a module. Nobody else uses the Ui until finish(). Where no thread can be
// started the job's own shows what it tells.
#pragma once

#include <string>
#include <thread>

#include "base/event_queue.hpp"
#include "view/progress.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

class Screen {
 public:
  Screen(Ui& ui, const Clock& clock);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  Events& events();
  // A line of the serial dialogue.
  void dialogue(std::string line);

  // The job has ended: all that it told is shown, when this returns.
  void finish();

 private:
  void show(const Event& event);

  Ui& ui_;
  EventQueue queue_;
  QueuedEvents queued_;
  Progress progress_;
  std::jthread thread_;
};

}  // namespace atcert::cli
