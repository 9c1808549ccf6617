// SPDX-License-Identifier: Apache-2.0
// The part of a job that reads what the module holds, and changes nothing.
#pragma once

#include "provision/job.hpp"

namespace atcert::provision {

// After identify_module(). What is empty, damaged or foreign is told as that, and is no error.
Part read_slots();

}  // namespace atcert::provision
