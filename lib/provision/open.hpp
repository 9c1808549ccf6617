// SPDX-License-Identifier: Apache-2.0
// The parts of a job that open the port, find a module there, and find out what it is.
#pragma once

#include "provision/job.hpp"

namespace atcert::provision {

// The port is open, and a module there takes commands.
Part open_module();

Part identify_module();

}  // namespace atcert::provision
