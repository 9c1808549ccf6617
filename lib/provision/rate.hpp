// SPDX-License-Identifier: Apache-2.0
// The parts of a job that raise the rate of the line for a transfer and put it back, and what to do when something went
// wrong in between.
#pragma once

#include "module/line_speed.hpp"
#include "provision/job.hpp"

namespace atcert::provision {

// After open_module(): what follows has the higher rate.
Part raise_rate(module::Speed speed);

// Before a part that is to run at the module's own rate; runs also when something failed. leave_module() does it too.
Part return_rate();

// Brings the dialogue to where the module takes commands, and has its settings as they should be. A rate that was
// raised is lowered: what failed may be its fault.
Result<void> recover(Context& context);

}  // namespace atcert::provision
