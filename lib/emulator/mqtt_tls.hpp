// SPDX-License-Identifier: Apache-2.0
// What the schemes of AT+MQTTUSERCFG mean for TLS (esp-tls under ESP-AT: esp_tls_mbedtls.c, skip_common_name).
//
//   scheme   verifies the server   sends its certificate   server name (SNI)
//   2        no                    no                      the host
//   3        yes                   no                      none and not checked; with AT+MQTTSNI that name, checked
//   4        no                    yes                     the host
//   5        yes                   yes                     as scheme 3
#pragma once

#include "emulator/mqtt_connection.hpp"
#include "emulator/tls_engine.hpp"

namespace atcert::emulator {

// Borrows the credentials of the request.
TlsSettings tls_settings(const MqttConnectRequest& request);

}  // namespace atcert::emulator
