// SPDX-License-Identifier: Apache-2.0
// The options of what is looked at when a job fails.
#pragma once

#include <string>

#include "base/result.hpp"
#include "provision/diagnose.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct DiagnosisOptions {
  bool online = false;
  bool no_connect = false;
  std::string broker;  // HOST:PORT
  std::string aws_certificate_json;
};

void add_diagnosis_options(Verb& verb, DiagnosisOptions& options);

// Reads what the options name. Errors are of kind input, or usage for an address that is none.
Result<provision::Informants> informants(const DiagnosisOptions& options);

}  // namespace atcert::cli
