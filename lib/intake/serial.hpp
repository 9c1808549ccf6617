// SPDX-License-Identifier: Apache-2.0
// Serials of units, which are the names of their folders: on this system and on those that the folders are copied to.
#pragma once

#include <string>
#include <string_view>

namespace atcert::intake {

// Why the serial cannot name a folder everywhere; empty when it can.
std::string serial_fault(std::string_view serial);

// What two serials have in common that differ by upper and lower case alone: on some systems they name one folder.
std::string folded(std::string_view serial);

}  // namespace atcert::intake
