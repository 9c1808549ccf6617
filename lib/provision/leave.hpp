// SPDX-License-Identifier: Apache-2.0
// The last part of a job, whatever happened before it: the module's own settings are put back, and who interrupted the
// job learns whether the module can be used as it is.
#pragma once

#include "provision/job.hpp"

namespace atcert::provision {

Part leave_module();

}  // namespace atcert::provision
