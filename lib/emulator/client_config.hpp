// SPDX-License-Identifier: Apache-2.0
// What the MQTT client is told before it connects: AT+MQTTUSERCFG, AT+MQTTCLIENTID, AT+MQTTUSERNAME, AT+MQTTPASSWORD,
// their LONG forms, AT+MQTTCONNCFG, AT+MQTTSNI, AT+MQTTALPN (ESP-AT, MQTT AT Commands; order of the checks from the
// object code of at_mqtt_cmd.c in ESP-AT 4.1.1.0).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emulator/board.hpp"
#include "emulator/client_parameters.hpp"
#include "emulator/mqtt_connection.hpp"

namespace atcert::emulator {

// As AT+MQTTCONN? numbers them.
enum class ClientState { none, user_configured, connection_configured, lost, connected, unsubscribed, subscribed };

class ClientConfig {
 public:
  explicit ClientConfig(Run& run) : run_(run) {}

  CommandRows commands();

  ClientState state = ClientState::none;
  int scheme() const { return scheme_; }
  const std::string& path() const { return path_; }
  // Forgets all, as AT+MQTTCLEAN does.
  void clear();
  // A request with all that was configured; the caller adds what AT+MQTTCONN and the flash say.
  MqttConnectRequest request() const;

 private:
  Outcome set_user(const Parameters& parameters);
  Outcome set_connection(const Parameters& parameters);
  Outcome set_sni(const Parameters& parameters);
  Outcome set_alpn(const Parameters& parameters);
  Outcome set_field(Secret ClientConfig::*field, const Parameters& parameters);
  Outcome set_long_field(Secret ClientConfig::*field, const Parameters& parameters);
  // Whether the link is right and nothing but AT+MQTTUSERCFG was sent before; else the code is printed.
  bool right_after_user(const ClientParameters& parameters) const;

  Run& run_;
  int scheme_ = 0;
  Secret client_id_;
  Secret username_;
  Secret password_;
  std::string path_;
  std::int32_t keepalive_ = 0;
  bool clean_session_ = true;
  MqttLastWill last_will_;
  std::optional<std::string> sni_;
  std::vector<std::string> alpn_;
};

}  // namespace atcert::emulator
