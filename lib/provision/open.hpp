// SPDX-License-Identifier: Apache-2.0
// The part of a job that opens the port and finds out what module is there.
#pragma once

#include "provision/job.hpp"

namespace atcert::provision {

Part open_module();

}  // namespace atcert::provision
