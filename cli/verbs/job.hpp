// SPDX-License-Identifier: Apache-2.0
// What push, verify and provision have in common: the parts of their jobs, and what is said of them in the end.
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
#include "verbs/job_run.hpp"

namespace atcert::cli {

struct JobOptions : RunOptions {
  bool push = false;
  bool verify = false;
  SpeedOptions speed;
  CredentialOptions credentials;
  ScriptOptions script;
  DiagnosisOptions diagnosis;
  ObserverOptions observer;
  bool dry_run = false;
  bool force = false;
};

// The options that every job has, besides those of its parts.
void add_job_options(Verb& verb, JobOptions& options);

int run_job(const JobOptions& options, Program& program);

}  // namespace atcert::cli
