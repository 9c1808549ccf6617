// SPDX-License-Identifier: Apache-2.0
// Private to this folder: an MQTT 3.1.1 client (Eclipse Paho C) over a TLS connection. It has no thread but that of the
// relay, and reads only while one of its functions waits.
#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "cloud/probe.hpp"
#include "cloud/relay.hpp"
#include "cloud/waiting.hpp"

namespace atcert::cloud {

struct Message {
  std::string topic;
  std::string payload;
  bool retained = false;
};

class MqttClient {
 public:
  // `stream` has shaken hands. A stop request ends whatever waits.
  static Result<std::unique_ptr<MqttClient>> make(std::unique_ptr<TlsStream> stream, std::string client_id,
                                                  const std::stop_token& stop);
  ~MqttClient();  // says goodbye to the broker
  MqttClient(const MqttClient&) = delete;
  MqttClient& operator=(const MqttClient&) = delete;

  // Once, and before everything else.
  MqttConnect connect(const Waiting& waiting);

  enum class Subscribed { yes, refused, connection_lost };
  Subscribed subscribe(const std::string& filter);

  // With QoS 1: true when the broker has acknowledged it.
  bool publish(const std::string& topic, const std::string& payload, Milliseconds limit);

  // The next message of the subscriptions; nothing: none came in time. False: the connection is lost.
  bool receive(std::optional<Message>& message, Milliseconds limit);

 private:
  MqttClient(std::unique_ptr<Relay> relay, std::string client_id, const std::stop_token& stop)
      : relay_(std::move(relay)), client_id_(std::move(client_id)), stop_(stop) {}
  void explain(MqttConnect& connect, const Waiting& waiting);

  std::unique_ptr<Relay> relay_;
  std::string client_id_;
  std::stop_token stop_;
  void* client_ = nullptr;
};

}  // namespace atcert::cloud
