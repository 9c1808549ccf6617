// SPDX-License-Identifier: Apache-2.0
// ./dev soak never: every verb under every adversity, and what must never happen after any of it. Ends at the first
// broken invariant (or, with --all, after all cases) with what is needed to see it again.
#include <atomic>
#include <cstdio>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "soak/trial.hpp"

namespace atcert::soak {
namespace {

struct Settings {
  std::string tool = ATCERT_BINARY;
  std::uint64_t seed = 0;
  std::size_t seconds = 0;  // 0: until the counts are reached
  std::size_t kills = 0;
  std::size_t dialogues = 0;
  std::size_t jobs = 8;
  std::size_t first_case = 0;
  std::string only;
  bool all = false;
  bool is_short = false;
};

struct Combination {
  const Verb* verb;
  const Adversity* adversity;

  std::string name() const { return verb->name + " / " + adversity->name; }
};

class Soak {
 public:
  explicit Soak(const Settings& settings) : settings_(settings), stock_(settings.tool) {
    adversities_ = adversities(unavailable_);
    for (const Adversity& adversity : adversities_) {
      for (const Verb& verb : verbs()) {
        if (!adversity.concerns(verb)) continue;
        if (settings_.is_short && adversity.line != nullptr && adversity.line->takes_minutes) continue;
        const Combination combination{&verb, &adversity};
        if (settings_.only.empty() || combination.name() == settings_.only) combinations_.push_back(combination);
      }
    }
    // A new order a seed, so that a short soak meets all of them in time.
    Chance chance(settings_.seed);
    for (std::size_t i = combinations_.size(); i > 1; --i) {
      std::swap(combinations_[i - 1], combinations_[chance.below(i)]);
    }
  }

  int run() {
    if (combinations_.empty()) {
      fmt::print(stderr, "soak: no combination is called '{}'\n", settings_.only);
      return 2;
    }
    fmt::print("soak: seed {}, {} combinations\n", settings_.seed, combinations_.size());
    for (const auto& reason : unavailable_) fmt::print("not tried: {}\n", reason);
    if (settings_.is_short) fmt::print("not tried: what takes minutes, as this soak is a short one\n");
    next_ = settings_.first_case;
    {
      std::vector<std::jthread> workers;
      for (std::size_t i = 0; i < settings_.jobs; ++i) workers.emplace_back([this] { work(); });
    }
    report();
    return failures_ == 0 ? 0 : 1;
  }

 private:
  bool enough() const {
    if (failures_ != 0 && !settings_.all) return true;
    if (!settings_.only.empty() && settings_.seconds == 0 && settings_.kills + settings_.dialogues == 0) {
      return next_ > settings_.first_case;
    }
    const auto elapsed = std::chrono::steady_clock::now() - begun_;
    if (settings_.seconds != 0 && elapsed >= std::chrono::seconds(settings_.seconds)) return true;
    const bool counted = kills_ >= settings_.kills && dialogues_ >= settings_.dialogues;
    return settings_.seconds == 0 && counted && next_ >= combinations_.size();
  }

  // Once all have had their turn, only what is still to be counted.
  bool is_needed(const Combination& combination, std::size_t number) const {
    if (number < combinations_.size() || settings_.seconds != 0 || !settings_.only.empty()) return true;
    if (combination.adversity->is_kill) return kills_ < settings_.kills;
    return combination.adversity->line != nullptr && dialogues_ < settings_.dialogues;
  }

  void work() {
    while (!enough()) {
      const std::size_t number = next_++;
      const Combination& combination = combinations_[number % combinations_.size()];
      if (!is_needed(combination, number)) continue;
      Chance chance(settings_.seed ^ (number * 0x2545f4914f6cdd1d));
      Verdict verdict;
      try {
        verdict = try_case(stock_, *combination.verb, *combination.adversity, chance);
      } catch (const std::exception& failure) {
        verdict.broken.push_back(std::string("the harness: ") + failure.what());
      }
      count(combination, number, verdict);
    }
  }

  void count(const Combination& combination, std::size_t number, const Verdict& verdict) {
    const std::lock_guard lock(mutex_);
    ++runs_[combination.verb->name][combination.adversity->name];
    if (verdict.took > slowest_) {
      slowest_ = verdict.took;
      slowest_name_ = combination.name();
    }
    if (combination.adversity->is_kill && verdict.killed) ++kills_;
    if (combination.adversity->line != nullptr) ++dialogues_;
    if (verdict.broken.empty()) return;
    ++failures_;
    broken_[combination.name()] = verdict.broken.front();
    fmt::print("BROKEN: {}\n", combination.name());
    for (const auto& what : verdict.broken) fmt::print("  {}\n", what);
    fmt::print("  again: ./dev soak never --seed {} --case {} --only '{}'\n", settings_.seed, number,
               combination.name());
    fmt::print("  ran: {}\n  {}\n", verdict.command, verdict.said);
    std::fflush(stdout);
  }

  void report() {
    fmt::print("runs, by verb and adversity:\n");
    for (const auto& [verb, counts] : runs_) {
      fmt::print("{}:", verb);
      for (const auto& [adversity, runs] : counts) fmt::print(" {} {}", adversity, runs);
      fmt::print("\n");
    }
    fmt::print("{} cases, {} of them killed with SIGKILL, {} hostile dialogues, seed {}\n", total(), kills_.load(),
               dialogues_.load(), settings_.seed);
    fmt::print("the slowest: {}, {} ms\n", slowest_name_, slowest_.count());
    const std::size_t met = std::min<std::size_t>(next_, combinations_.size());
    if (met < combinations_.size()) fmt::print("{} combinations had no turn\n", combinations_.size() - met);
    for (const auto& [name, what] : broken_) fmt::print("broken: {}: {}\n", name, what);
    fmt::print("what must never happen has {}happened\n", failures_ == 0 ? "not " : "");
  }

  std::size_t total() const {
    std::size_t sum = 0;
    for (const auto& [verb, counts] : runs_) {
      for (const auto& [adversity, runs] : counts) sum += runs;
    }
    return sum;
  }

  Settings settings_;
  Stock stock_;
  std::vector<std::string> unavailable_;
  std::vector<Adversity> adversities_;
  std::vector<Combination> combinations_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> failures_ = 0;
  std::atomic<std::size_t> kills_ = 0;
  std::atomic<std::size_t> dialogues_ = 0;
  std::mutex mutex_;
  std::map<std::string, std::map<std::string, std::size_t>> runs_;
  std::map<std::string, std::string> broken_;
  Milliseconds slowest_{};
  std::string slowest_name_;
};

}  // namespace
}  // namespace atcert::soak

int main(int argc, char** argv) {
  setvbuf(stdout, nullptr, _IOLBF, 0);  // a soak that is cut off has said what it found
  atcert::soak::Settings settings;
  settings.seed = std::random_device()();
  CLI::App app("Every verb under every adversity, and what must never happen after any of it.");
  app.add_option("--tool", settings.tool, "the built tool");
  app.add_option("--seed", settings.seed, "where chance starts; printed by every run");
  app.add_option("--seconds", settings.seconds,
                 "how long; without it, until all had a turn and the counts are reached");
  app.add_option("--kills", settings.kills, "how many runs must have ended by SIGKILL");
  app.add_option("--dialogues", settings.dialogues, "how many hostile dialogues there must have been");
  app.add_option("--jobs", settings.jobs, "how many cases at once");
  app.add_option("--case", settings.first_case, "the number of the first case, to see one again");
  app.add_option("--only", settings.only, "one combination, as 'VERB / ADVERSITY'");
  app.add_flag("--short", settings.is_short, "leave out what takes minutes");
  app.add_flag("--all", settings.all, "go on after a broken invariant");
  try {
    app.parse(argc, argv);
    return atcert::soak::Soak(settings).run();
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong);
  } catch (const std::exception& failure) {
    fmt::print(stderr, "soak: {}\n", failure.what());
    return 1;
  }
}
