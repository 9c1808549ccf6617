// SPDX-License-Identifier: Apache-2.0
// What the builds of ESP-AT say of themselves in AT+GMR. Commits and times of the core library are those in
// components/at/lib of espressif/esp-at at each tag; SDK and compile time are those of published replies where there is
// one, else of the ESP-IDF branch that the tag names.
#pragma once

#include <string_view>

#include "image/release.hpp"

namespace atcert::emulator {

struct FirmwareBuild {
  image::Release release;
  std::string_view chip;    // "" for every chip that has no row of its own
  std::string_view commit;  // of the closed core library
  std::string_view date;
  std::string_view sdk;
  std::string_view compile_time;
};

// Releases that are not in the table borrow the lines of the last one before them.
const FirmwareBuild& build_of(const image::Release& release, std::string_view chip);

}  // namespace atcert::emulator
