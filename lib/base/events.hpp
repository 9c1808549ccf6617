// SPDX-License-Identifier: Apache-2.0
// What a job tells while it runs. The library reports through this interface and never prints; the command line renders
// it for a person, a pipe or JSON.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace atcert {

// A stage is one of the job's parts ("check", "identify", "push", "verify", "clean-up"); a step is one thing done in
// it.
struct StepName {
  std::string stage;
  std::string step;
};

struct StepEnd {
  enum class Outcome { passed, failed, skipped };

  StepName name;
  Outcome outcome = Outcome::passed;
  Milliseconds duration{0};
  std::string detail;  // a few words: "1188 bytes, read back equal"
  Error error;         // filled when failed
};

// Called on the thread that runs the job. An implementation must not block for long: the module is waiting.
class Events {
 public:
  virtual ~Events() = default;
  virtual void step_started(const StepName&) {}
  virtual void progress(std::uint64_t /*done*/, std::uint64_t /*total*/) {}
  // A step still waits for the module, since `elapsed`, for `limit` at most. Once a second.
  virtual void waiting(const StepName&, Milliseconds /*elapsed*/, Milliseconds /*limit*/) {}
  virtual void step_ended(const StepEnd&) {}
  virtual void note(const std::string&) {}
  virtual void warning(const std::string&) {}
};

}  // namespace atcert
