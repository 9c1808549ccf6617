// SPDX-License-Identifier: Apache-2.0
// atcert provision: check, push, verify in one go.
#include <memory>

#include "verbs/job.hpp"

namespace atcert::cli {

void add_provision(Verbs& verbs, Program& program) {
  verbs.add("provision", "Check, push and verify in one go: the main job", [&program](Verb verb) {
    const auto options = std::make_shared<JobOptions>();
    options->command = "provision";
    options->push = true;
    options->verify = true;
    add_credential_options(verb, options->credentials);
    verb.add_flag("--force", options->force, "Write also what the module holds already");
    add_port_options(verb, options->port);
    add_speed_options(verb, options->speed);
    add_script_options(verb, options->script);
    add_diagnosis_options(verb, options->diagnosis);
    add_observer_options(verb, options->observer);
    add_job_options(verb, *options);
    verb.on_chosen([options, &program] { return run_job(*options, program); });
  });
}

}  // namespace atcert::cli
