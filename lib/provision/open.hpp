// SPDX-License-Identifier: Apache-2.0
// The parts of a job that open the port, find a module there, and find out what it is.
#pragma once

#include "provision/job.hpp"

namespace atcert::provision {

// The port is open, and a module there takes commands.
Part open_module();

Part identify_module();

// After a restart: takes up the dialogue again with a module that is as after any start, and finds that it is the same.
Result<void> identify_again(Context& context);

}  // namespace atcert::provision
