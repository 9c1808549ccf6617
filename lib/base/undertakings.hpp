// SPDX-License-Identifier: Apache-2.0
// What must come to its own end when the program is interrupted: a dialogue with a module, files that belong together,
// a terminal without echo. Whoever does such a thing holds it; it is asked to stop by a stop token, and cleans up.
// While nothing is held the process may be ended at any point. For all threads.
#pragma once

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace atcert {

class Undertakings {
 public:
  class Hold;

  // `cut_off`: what is to be done when it is ended before its end.
  [[nodiscard]] Hold begin(std::string cut_off);

  // What `cut_off` says, of all that is held; and whether anything was held at any time.
  std::vector<std::string> held() const;
  bool any_begun() const;

  // When nothing is held: whoever begins something waits for as long as the lock lives.
  std::optional<std::unique_lock<std::mutex>> close_when_idle();

 private:
  mutable std::mutex mutex_;
  std::list<std::string> held_;
  bool any_begun_ = false;
};

class Undertakings::Hold {
 public:
  Hold() = default;  // of nothing
  Hold(Undertakings& owner, std::list<std::string>::iterator entry) : owner_(&owner), entry_(entry) {}
  Hold(Hold&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)), entry_(other.entry_) {}
  Hold& operator=(Hold&&) = delete;
  ~Hold();

 private:
  Undertakings* owner_ = nullptr;
  std::list<std::string>::iterator entry_;
};

}  // namespace atcert
