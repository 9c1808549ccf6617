// SPDX-License-Identifier: Apache-2.0
// atcert verify: the connection script against a module.
#include <memory>

#include "verbs/job.hpp"

namespace atcert::cli {

void add_verify(Verbs& verbs, Program& program) {
  verbs.add("verify", "Prove that a module reaches the cloud with the credentials it holds", [&program](Verb verb) {
    const auto options = std::make_shared<JobOptions>();
    options->command = "verify";
    options->verify = true;
    add_port_options(verb, options->port);
    add_script_options(verb, options->script);
    add_diagnosis_options(verb, options->diagnosis);
    add_observer_options(verb, options->observer);
    add_job_options(verb, *options);
    verb.on_chosen([options, &program] { return run_job(*options, program); });
  });
}

}  // namespace atcert::cli
