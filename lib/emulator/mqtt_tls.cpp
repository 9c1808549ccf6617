// SPDX-License-Identifier: Apache-2.0
#include "emulator/mqtt_tls.hpp"

namespace atcert::emulator {

TlsSettings tls_settings(const MqttConnectRequest& request) {
  TlsSettings settings;
  settings.release = request.release;
  settings.verify_server = request.scheme == 3 || request.scheme == 5;
  settings.send_certificate = request.scheme == 4 || request.scheme == 5;
  settings.server_name = settings.verify_server ? request.sni : request.host;
  settings.alpn = request.alpn;
  settings.ca = request.ca.reveal();
  settings.certificate = request.certificate.reveal();
  settings.key = &request.key;
  settings.module_time = request.module_time;
  settings.check_dates = request.check_dates;
  return settings;
}

}  // namespace atcert::emulator
