// SPDX-License-Identifier: Apache-2.0
// What the emulated module is, and the world around it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "emulator/faults.hpp"
#include "emulator/mqtt_connection.hpp"
#include "image/release.hpp"

namespace atcert::emulator {

struct AccessPoint {
  std::string ssid;
  Secret password;  // empty: an open network
};

// A name that leads somewhere of its own (`--resolve`).
struct ResolvedName {
  std::string name;
  BrokerAddress address;
};

struct Options {
  std::string module = "ESP32-WROOM-32";
  image::Generation generation = image::Generation::pki;
  image::Release release{{2, 4, 0, 0}};
  std::vector<AccessPoint> access_points;  // what is in the air
  std::optional<BrokerAddress> broker;     // where all names lead to
  std::vector<ResolvedName> resolved;
  std::vector<std::string> unresolved;    // `--no-dns`
  std::optional<std::int32_t> baud_rate;  // as if AT+UART_DEF had set it
  FaultSet faults;
};

// The release that `atcert emulate` has if none is named.
inline image::Release default_release(image::Generation generation) {
  return generation == image::Generation::pki ? image::Release{{2, 4, 0, 0}} : image::Release{{4, 1, 1, 0}};
}

}  // namespace atcert::emulator
