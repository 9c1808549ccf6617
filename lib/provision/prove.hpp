// SPDX-License-Identifier: Apache-2.0
// The part of a job that proves, by its connection script, that the module reaches the cloud; with an observer
// (observe.hpp) also that the cloud reaches the module.
#pragma once

#include "provision/job.hpp"

namespace atcert::provision {

Part prove();

// Sends nothing, and tells the commands that prove() would send.
Part tell_script(bool observed);

}  // namespace atcert::provision
