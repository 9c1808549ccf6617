// SPDX-License-Identifier: Apache-2.0
// A run as a JUnit file, as CI servers read it: one suite a command, one test case a step, its stage as the class name.
#pragma once

#include <string>

#include "report/run.hpp"

namespace atcert::report {

std::string to_junit(const Run& run);

}  // namespace atcert::report
