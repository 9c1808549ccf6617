// SPDX-License-Identifier: Apache-2.0
// What push, verify and provision have in common: the options of a job, and running it with its progress on stderr and
// its summary on stdout.
#pragma once

#include <string>

#include "options/common.hpp"
#include "options/credentials.hpp"
#include "options/diagnosis.hpp"
#include "options/observer.hpp"
#include "options/script.hpp"
#include "options/speed.hpp"
#include "program.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct JobOptions {
  std::string command;
  bool push = false;
  bool verify = false;
  UiSettings output;
  PortOptions port;
  SpeedOptions speed;
  CredentialOptions credentials;
  ScriptOptions script;
  DiagnosisOptions diagnosis;
  ObserverOptions observer;
  std::string junit;
  std::string log;
  unsigned timeout = 0;  // seconds for all of it; 0: no limit but those of its parts
  bool dry_run = false;
  bool force = false;
};

// The options that every job has, besides those of its parts.
void add_job_options(Verb& verb, JobOptions& options);

int run_job(const JobOptions& options, Program& program);

}  // namespace atcert::cli
