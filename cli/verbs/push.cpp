// SPDX-License-Identifier: Apache-2.0
// atcert push: credentials into a module over AT, read back and compared.
#include <memory>

#include "verbs/job.hpp"

namespace atcert::cli {

void add_push(Verbs& verbs, Program& program) {
  verbs.add("push", "Put credentials into a module, read back and compared", [&program](Verb verb) {
    const auto options = std::make_shared<JobOptions>();
    options->command = "push";
    options->push = true;
    add_credential_options(verb, options->credentials);
    verb.add_flag("--force", options->force, "Write also what the module holds already");
    add_port_options(verb, options->port);
    add_speed_options(verb, options->speed);
    add_job_options(verb, *options);
    verb.on_chosen([options, &program] { return run_job(*options, program); });
  });
}

}  // namespace atcert::cli
