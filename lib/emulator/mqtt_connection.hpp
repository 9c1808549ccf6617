// SPDX-License-Identifier: Apache-2.0
// The emulated module's MQTT connection as its AT side sees it: a request with what AT+MQTTUSERCFG, AT+MQTTCONNCFG,
// AT+MQTTSNI, AT+MQTTALPN, AT+MQTTCONN and the flash say, and an object that lives in the module's poll loop;
// destroying it closes. The real one is mqtt_client.hpp; tests of the AT side bring their own. One thread uses a
// connection.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "emulator/pollable.hpp"
#include "image/release.hpp"

namespace atcert::emulator {

// Where connections go instead of the host and port that the module was told (`--broker`).
struct BrokerAddress {
  std::string host;
  std::uint16_t port = 0;
};

struct MqttLastWill {
  std::string topic;  // empty: no last will
  std::string message;
  std::uint8_t qos = 0;
  bool retain = false;
};

struct MqttConnectRequest {
  // As AT+MQTTUSERCFG numbers them: 1 TCP, 2 TLS that checks nothing, 3 TLS that verifies the server, 4 TLS with the
  // client certificate that does not verify the server, 5 mutual TLS.
  int scheme = 1;
  std::string host;
  std::uint16_t port = 0;
  std::optional<BrokerAddress> instead;  // where the emulated network leads them
  std::string client_id;
  std::string username;
  Secret password;
  std::optional<std::string> sni;  // what AT+MQTTSNI gave
  std::vector<std::string> alpn;
  std::uint16_t keepalive = 120;  // seconds; 0: no pings
  bool clean_session = true;
  MqttLastWill last_will;
  // PEM as it is stored in flash, read anew for every connect; schemes that do not need an item ignore it.
  Secret ca;
  Secret certificate;
  Secret key;
  image::Release release{{4, 1, 1, 0}};  // whose TLS library connects
  WallTime module_time;                  // the module's own clock: 1970 until it is set
  bool check_dates = true;               // the ESP8266 builds do not check dates
  Milliseconds timeout{15'000};          // from connect to CONNACK
};

struct MqttConnected {};

// The connection is gone, or was never made. It is the last event.
struct MqttClosed {
  std::string reason;  // in the words of the module's log port: "mbedtls_ssl_handshake returned -0x2700: ..."
};

struct MqttSubscribed {
  std::uint16_t id;
  std::uint8_t code;  // granted QoS, or 0x80
};

struct MqttUnsubscribed {
  std::uint16_t id;
};

// The message is sent (QoS 0) or acknowledged (QoS 1 and 2).
struct MqttPublished {
  std::uint16_t id;
};

struct MqttReceived {
  std::string topic;
  Bytes payload;
  std::uint8_t qos;
  bool retained;
};

using MqttEvent =
    std::variant<MqttConnected, MqttClosed, MqttSubscribed, MqttUnsubscribed, MqttPublished, MqttReceived>;

class MqttConnection : public Pollable {
 public:
  // What happened since the last call, in order. Any of the calls here may cause events.
  virtual std::vector<MqttEvent> take_events() = 0;

  // Each returns the packet id that the acknowledging event names; ids are never 0. Only between MqttConnected and
  // MqttClosed. How long to wait for an acknowledgement is the caller's business.
  virtual std::uint16_t subscribe(const std::string& topic, std::uint8_t qos) = 0;
  virtual std::uint16_t unsubscribe(const std::string& topic) = 0;
  virtual std::uint16_t publish(const std::string& topic, ByteView payload, std::uint8_t qos, bool retain) = 0;

  // Says goodbye and closes; MqttClosed follows.
  virtual void disconnect() = 0;
};

// Starts to connect; MqttConnected or MqttClosed tells how it went. `now` is what on_ready() would get.
using MqttConnectionFactory = std::function<std::unique_ptr<MqttConnection>(MqttConnectRequest, SteadyTime now)>;

}  // namespace atcert::emulator
