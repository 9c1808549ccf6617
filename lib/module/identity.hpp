// SPDX-License-Identifier: Apache-2.0
// What AT+GMR says. Its forms differ between releases; all of them are read:
//   AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)                      up to 2.1: no chip
//   AT version:4.2.0.0-dev(s-8a71d66 - ESP32C2 - Jul 30 2025 07:10:44)      "s-": a build without log output
//   AT version:1.7.4.0(May 11 2020 19:13:04)                                NonOS AT and ESP32 1.x
//   Bin version:2.1.0(WROOM-02)   Bin version:v4.1.1.0(MINI-1)   Bin version(Wroom 02):1.7.4   or missing
#pragma once

#include <span>
#include <string>

#include "base/outside.hpp"
#include "base/result.hpp"
#include "image/release.hpp"

namespace atcert::module {

struct Identity {
  std::string firmware;  // the AT version as the module writes it: "2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)"
  image::Release release;
  bool development = false;  // "-dev": built between releases
  bool silence = false;      // a build without log output
  std::string hash;          // of the AT core's source; may be empty
  std::string chip;          // "ESP32C3"; empty up to 2.1
  std::string core_time;     // "Jul 24 2020 12:01:05"
  std::string sdk;           // "v3.4-22-g967752e2"
  std::string build_hash;    // of the whole firmware's source; may be empty
  std::string build_time;
  std::string bin_version;  // "2.1.0"; vendors renumber it, so nothing follows from it; may be empty
  std::string module_name;  // "WROOM-02"; may be empty
};

// `lines` are those of the reply to AT+GMR; lines that belong to nobody are passed over. All text in an Identity may be
// shown.
Result<Identity> parse_identity(std::span<const OutsideText> lines);

}  // namespace atcert::module
