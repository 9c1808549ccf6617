// SPDX-License-Identifier: Apache-2.0
// atcert push: credentials into a module over AT, read back and compared.
#include <memory>

#include <CLI/CLI.hpp>

#include "job.hpp"

namespace atcert::cli {

void add_push(CLI::App& app, Program& program) {
  const auto options = std::make_shared<JobOptions>();
  options->command = "push";
  options->push = true;
  CLI::App* verb = app.add_subcommand(options->command, "Put credentials into a module, read back and compared");
  add_credential_options(*verb, options->credentials);
  verb->add_flag("--force", options->force, "Write also what the module holds already");
  add_port_options(*verb, options->port);
  add_job_options(*verb, *options);
  verb->callback([options, &program] { program.run = [options, &program] { return run_job(*options, program); }; });
}

}  // namespace atcert::cli
