// SPDX-License-Identifier: Apache-2.0
// What jobs tell, as values on one bounded queue. Any thread puts them in, one draws them out: whoever shows them may
// be slow, or stand before a terminal that takes nothing, while a module is waiting for its next command, and many jobs
// can share one screen.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <variant>

#include "base/clock.hpp"
#include "base/events.hpp"

namespace atcert {

struct Event {
  struct StepStarted {
    StepName name;
  };
  struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
  };
  struct Waiting {
    StepName name;
    Milliseconds elapsed{0};
    Milliseconds limit{0};
  };
  struct Note {
    std::string text;
  };
  struct Warning {
    std::string text;
  };
  // A line of the serial dialogue, fit to be shown.
  struct Dialogue {
    std::string text;
  };
  using What = std::variant<StepStarted, Progress, Waiting, StepEnd, Note, Warning, Dialogue>;

  std::string unit;  // of a list; empty: there is but one
  std::string port;  // empty: there is but one
  WallTime time;
  What what;
};

class EventQueue {
 public:
  explicit EventQueue(std::size_t capacity = 4096) : capacity_(capacity) {}

  // Of how far something is only the last is kept. When the queue is full what only lives for a moment (that, a step's
  // start, a line of the dialogue) makes way; the ends of steps, notes and warnings are never lost: for them the caller
  // waits until there is room again.
  void tell(Event event);

  // Calls `show` with each event in its order, until the queue is closed and empty. For one thread.
  void draw(const std::function<void(const Event&)>& show);

  // Nothing is told any more.
  void close();

  // How many lines of the dialogue had to make way.
  std::uint64_t dialogue_lost() const;

 private:
  bool merge(const Event& event);
  bool make_way();

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::condition_variable drained_;
  std::deque<Event> events_;
  std::uint64_t dialogue_lost_ = 0;
  bool closed_ = false;
};

// The events of one job, on their way into the queue.
class QueuedEvents final : public Events {
 public:
  QueuedEvents(EventQueue& queue, const Clock& clock, std::string unit = {}, std::string port = {})
      : queue_(queue), clock_(clock), unit_(std::move(unit)), port_(std::move(port)) {}

  void step_started(const StepName& name) override { tell(Event::StepStarted{name}); }
  void progress(std::uint64_t done, std::uint64_t total) override { tell(Event::Progress{done, total}); }
  void waiting(const StepName& name, Milliseconds elapsed, Milliseconds limit) override {
    tell(Event::Waiting{name, elapsed, limit});
  }
  void step_ended(const StepEnd& end) override { tell(end); }
  void note(const std::string& text) override { tell(Event::Note{text}); }
  void warning(const std::string& text) override { tell(Event::Warning{text}); }
  void dialogue(std::string text) { tell(Event::Dialogue{std::move(text)}); }

 private:
  void tell(Event::What what) { queue_.tell({unit_, port_, clock_.wall(), std::move(what)}); }

  EventQueue& queue_;
  const Clock& clock_;
  const std::string unit_;
  const std::string port_;
};

// The event as a call: for whoever shows the events of one job. Lines of the dialogue are no part of that.
void replay(const Event& event, Events& to);

}  // namespace atcert
