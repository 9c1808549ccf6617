// SPDX-License-Identifier: Apache-2.0
// The jobs: check, push, verify, and provision, which is all of them in one go. A job judges all its input before the
// port is opened, tells its steps as events while it runs, puts the module's settings back at the end, and returns what
// happened as a report::Run. One thread runs a job; another may only ask its stop token to stop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "at/dialogue_log.hpp"
#include "base/clock.hpp"
#include "base/events.hpp"
#include "base/random.hpp"
#include "credentials/check.hpp"
#include "credentials/credentials.hpp"
#include "report/run.hpp"
#include "script/script.hpp"
#include "script/variables.hpp"
#include "serial/transport.hpp"

namespace atcert::provision {

struct Job {
  std::string command;                                  // "provision"
  std::optional<credentials::Credentials> credentials;  // not for verify alone
  credentials::CheckOptions check;
  bool push = false;                             // put the credentials into the module
  bool force = false;                            // write also what is there already
  bool dry_run = false;                          // change nothing, say what would be done
  std::shared_ptr<const script::Script> script;  // null: the job ends without verifying
  script::Given given;                           // values of the script's variables
};

// What a job works with.
struct Bench {
  std::function<Result<std::unique_ptr<serial::Transport>>()> open_port;
  const Clock& clock;
  at::DialogueLog* log = nullptr;  // may be null
  std::stop_token stop;
  RandomSource random = getrandom;  // of what proves that a message is this run's own
};

report::Run run(Job job, const Bench& bench, Events& events);

}  // namespace atcert::provision
