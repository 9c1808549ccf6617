// SPDX-License-Identifier: Apache-2.0
// What the parts of one job share: what they work with, where they tell and record it, and the typed results that each
// leaves to those after it. It lives as long as the job, on the thread that runs it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

#include "at/dialogue_log.hpp"
#include "at/session.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "cloud/observer.hpp"
#include "credentials/check.hpp"
#include "credentials/credentials.hpp"
#include "diagnosis/evidence.hpp"
#include "diagnosis/slots.hpp"
#include "diagnosis/witness.hpp"
#include "module/line_speed.hpp"
#include "module/module.hpp"
#include "module/settings.hpp"
#include "provision/steps.hpp"
#include "report/run.hpp"
#include "script/runner.hpp"
#include "script/script.hpp"
#include "serial/transport.hpp"

namespace atcert::provision {

// What a job works with.
struct Bench {
  std::function<Result<std::unique_ptr<serial::Transport>>()> open_port;
  const Clock& clock;
  at::DialogueLog* log = nullptr;  // may be null
  std::stop_token stop;
  RandomSource random = getrandom;  // of what proves that a message is this run's own
};

// From check: what was found good. Only that is pushed and run.
struct Checked {
  std::shared_ptr<const credentials::Credentials> credentials;  // null: the job has none
  credentials::CheckOptions options;                            // by which they were judged
  std::shared_ptr<const script::Script> script;                 // null: the job has none
  script::Values values;                                        // of the script's variables
};

// From open: the port, and the dialogue on it.
struct Line {
  Line(std::unique_ptr<serial::Transport> opened, const Bench& bench, at::DialogueLog* log)
      : port(std::move(opened)), session(*port, bench.clock, log, bench.stop) {}

  std::unique_ptr<serial::Transport> port;
  at::Session session;
};

// From a step of the script that failed: what is known of it.
struct Failure {
  diagnosis::Evidence evidence;
  std::optional<diagnosis::SlotContents> contents;  // of the module, where it was asked for them
  bool told = false;                                // the script's own table of causes knows it
  bool plain = false;                               // the script has no more than a general word for it
};

struct Context {
  Context(const Bench& with, Steps& told, report::Run& kept)
      : bench(with), steps(told), record(kept), witness(with.log) {}

  const Bench& bench;
  Steps& steps;
  report::Run& record;  // its error is the first that a part ended with

  Checked checked;
  diagnosis::Witness witness;            // of the whole dialogue
  std::optional<Line> line;              // from open, also when nothing answered on it
  module::LineSpeed speed;               // of the line, while it is open
  module::Settings settings;             // of the module that was opened, as far as they were changed
  std::optional<module::Module> module;  // from identify
  std::optional<Failure> failure;        // from prove
  std::optional<script::Captures> seen;  // from prove, once its script was begun: what the module said

  std::unique_ptr<cloud::Observer> observer;  // from connect_observer(), where somebody watches
};

}  // namespace atcert::provision
