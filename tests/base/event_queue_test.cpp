// SPDX-License-Identifier: Apache-2.0
#include "base/event_queue.hpp"

#include <atomic>
#include <latch>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace atcert {
namespace {

// Events as short text: "start a", "progress 5".
struct Text final : Events {
  void step_started(const StepName& name) override { lines.push_back("start " + name.step); }
  void progress(std::uint64_t done, std::uint64_t) override { lines.push_back("progress " + std::to_string(done)); }
  void waiting(const StepName&, Milliseconds elapsed, Milliseconds) override {
    lines.push_back("waiting " + std::to_string(elapsed.count()));
  }
  void step_ended(const StepEnd& end) override { lines.push_back("end " + end.name.step); }
  void note(const std::string& text) override { lines.push_back("note " + text); }
  void warning(const std::string& text) override { lines.push_back("warning " + text); }
  std::vector<std::string> lines;
};

using Lines = std::vector<std::string>;

Lines drawn(EventQueue& queue) {
  Text text;
  queue.close();
  queue.draw([&](const Event& event) { replay(event, text); });
  return text.lines;
}

StepEnd ended(const std::string& step) {
  StepEnd end;
  end.name = {"push", step};
  return end;
}

struct Bench {
  explicit Bench(std::size_t capacity = 100) : queue(capacity) {}
  EventQueue queue;
  SystemClock clock;
  QueuedEvents events{queue, clock};
};

}  // namespace

TEST_CASE("what is told is drawn in its order, whole") {
  Bench bench;
  bench.events.step_started({"push", "mqtt_ca"});
  bench.events.progress(5, 10);
  bench.events.waiting({"push", "mqtt_ca"}, Milliseconds(2000), Milliseconds(9000));
  bench.events.step_ended(ended("mqtt_ca"));
  bench.events.note("a note");
  bench.events.warning("a warning");
  CHECK(drawn(bench.queue) ==
        Lines{"start mqtt_ca", "progress 5", "waiting 2000", "end mqtt_ca", "note a note", "warning a warning"});
}

TEST_CASE("an event names its unit and its port, and when it was told") {
  EventQueue queue;
  const SystemClock clock;
  QueuedEvents events(queue, clock, "unit-42", "/dev/ttyUSB3");
  const WallTime before = clock.wall();
  events.dialogue("> AT");
  queue.close();
  int count = 0;
  queue.draw([&](const Event& event) {
    ++count;
    CHECK(event.unit == "unit-42");
    CHECK(event.port == "/dev/ttyUSB3");
    CHECK(event.time >= before);
    CHECK(std::get<Event::Dialogue>(event.what).text == "> AT");
  });
  CHECK(count == 1);
}

TEST_CASE("of how far a job is only the last is kept, of each job for itself") {
  EventQueue queue;
  const SystemClock clock;
  QueuedEvents one(queue, clock, {}, "one");
  QueuedEvents two(queue, clock, {}, "two");
  for (std::uint64_t done = 1; done <= 3; ++done) {
    one.progress(done, 10);
    two.progress(10 * done, 100);
  }
  one.step_ended(ended("mqtt_ca"));
  one.progress(4, 10);
  CHECK(drawn(queue) == Lines{"progress 3", "progress 30", "end mqtt_ca", "progress 4"});
}

TEST_CASE("in a full queue what lives for a moment makes way, the oldest first, and the lost dialogue is counted") {
  Bench bench(3);
  bench.events.step_started({"push", "mqtt_ca"});
  bench.events.dialogue("> AT");
  bench.events.note("one");
  bench.events.note("two");
  bench.events.note("three");
  bench.events.dialogue("< OK");
  bench.events.step_started({"push", "mqtt_cert"});
  CHECK(bench.queue.dialogue_lost() == 2);
  CHECK(drawn(bench.queue) == Lines{"note one", "note two", "note three"});
}

TEST_CASE("whoever tells is not held up by whoever shows") {
  Bench bench;
  std::latch showing(1);
  std::latch told(1);
  Text text;
  std::jthread screen([&] {
    bench.queue.draw([&](const Event& event) {
      showing.count_down();
      told.wait();  // a terminal that takes nothing
      replay(event, text);
    });
  });
  bench.events.note("first");
  showing.wait();
  for (int i = 0; i < 1000; ++i) bench.events.progress(static_cast<std::uint64_t>(i), 1000);
  for (int i = 0; i < 50; ++i) bench.events.note("more");
  told.count_down();
  bench.queue.close();
  screen.join();
  CHECK(text.lines.size() == 52);
  CHECK(text.lines[1] == "progress 999");
}

TEST_CASE("many jobs share one screen, and nothing of what must be told is lost") {
  constexpr int kJobs = 8;
  constexpr int kSteps = 200;
  EventQueue queue(16);
  const SystemClock clock;
  std::vector<int> next(kJobs, 0);
  bool in_order = true;
  std::jthread screen([&] {
    queue.draw([&](const Event& event) {
      const auto* end = std::get_if<StepEnd>(&event.what);
      if (end == nullptr) return;
      int& expected = next[static_cast<std::size_t>(std::stoi(event.port))];
      in_order = in_order && end->name.step == std::to_string(expected++);
    });
  });
  {
    std::vector<std::jthread> jobs;
    for (int job = 0; job < kJobs; ++job) {
      jobs.emplace_back([&, job] {
        QueuedEvents events(queue, clock, {}, std::to_string(job));
        for (int step = 0; step < kSteps; ++step) {
          events.step_started({"push", std::to_string(step)});
          events.progress(1, 2);
          events.step_ended(ended(std::to_string(step)));
        }
      });
    }
  }
  queue.close();
  screen.join();
  CHECK(in_order);
  CHECK(next == std::vector<int>(kJobs, kSteps));
}

}  // namespace atcert
