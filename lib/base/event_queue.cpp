// SPDX-License-Identifier: Apache-2.0
#include "base/event_queue.hpp"

#include <algorithm>

namespace atcert {
namespace {

template <typename Kind>
bool is(const Event& event) {
  return std::holds_alternative<Kind>(event.what);
}

bool is_how_far(const Event& event) {
  return is<Event::Progress>(event) || is<Event::Waiting>(event);
}

bool is_of_the_moment(const Event& event) {
  return is_how_far(event) || is<Event::StepStarted>(event) || is<Event::Dialogue>(event);
}

bool same_job(const Event& one, const Event& other) {
  return one.unit == other.unit && one.port == other.port;
}

struct Replay {
  Events& to;

  void operator()(const Event::StepStarted& started) const { to.step_started(started.name); }
  void operator()(const Event::Progress& progress) const { to.progress(progress.done, progress.total); }
  void operator()(const Event::Waiting& wait) const { to.waiting(wait.name, wait.elapsed, wait.limit); }
  void operator()(const StepEnd& end) const { to.step_ended(end); }
  void operator()(const Event::Note& note) const { to.note(note.text); }
  void operator()(const Event::Warning& warning) const { to.warning(warning.text); }
  void operator()(const Event::Dialogue&) const {}
};

}  // namespace

void EventQueue::tell(Event event) {
  std::unique_lock lock(mutex_);
  if (merge(event)) return;
  if (events_.size() >= capacity_ && !make_way()) {
    if (is_of_the_moment(event)) {
      dialogue_lost_ += is<Event::Dialogue>(event) ? 1 : 0;
      return;
    }
    drained_.wait(lock, [this] { return events_.size() < capacity_; });
  }
  events_.push_back(std::move(event));
  filled_.notify_one();
}

// Into the last event of the same job, when both say how far it is.
bool EventQueue::merge(const Event& event) {
  if (!is_how_far(event)) return false;
  const auto last =
      std::find_if(events_.rbegin(), events_.rend(), [&](const Event& each) { return same_job(each, event); });
  if (last == events_.rend() || last->what.index() != event.what.index()) return false;
  *last = event;
  return true;
}

// The oldest of those that live for a moment goes. False: there is none.
bool EventQueue::make_way() {
  const auto oldest = std::find_if(events_.begin(), events_.end(), is_of_the_moment);
  if (oldest == events_.end()) return false;
  dialogue_lost_ += is<Event::Dialogue>(*oldest) ? 1 : 0;
  events_.erase(oldest);
  return true;
}

void EventQueue::draw(const std::function<void(const Event&)>& show) {
  for (;;) {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return closed_ || !events_.empty(); });
    if (events_.empty()) return;
    const Event event = std::move(events_.front());
    events_.pop_front();
    lock.unlock();
    drained_.notify_one();
    show(event);
  }
}

void EventQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  filled_.notify_all();
}

std::uint64_t EventQueue::dialogue_lost() const {
  const std::lock_guard lock(mutex_);
  return dialogue_lost_;
}

void replay(const Event& event, Events& to) {
  std::visit(Replay{to}, event.what);
}

}  // namespace atcert
