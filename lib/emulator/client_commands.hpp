// SPDX-License-Identifier: Apache-2.0
// The MQTT client at work: AT+MQTTCONN, AT+MQTTSUB, AT+MQTTUNSUB, AT+MQTTPUB, AT+MQTTPUBRAW, AT+MQTTCLEAN and what they
// print when the broker speaks (ESP-AT, MQTT AT Commands; order of the checks and states from the object code of
// at_mqtt_cmd.c in ESP-AT 4.1.1.0). A failed connect, subscribe or publish prints no error code.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "emulator/client_config.hpp"
#include "emulator/mqtt_connection.hpp"

namespace atcert::emulator {

class ClientCommands {
 public:
  struct Hooks {
    MqttConnectionFactory connect;
    std::function<bool()> online;
    std::function<void()> crash;
    std::function<void()> lose_network;
  };

  ClientCommands(Run& run, Hooks hooks) : run_(run), hooks_(std::move(hooks)), config_(run) {}

  CommandRows commands();
  // What is to be polled; null: nothing.
  MqttConnection* connection() const { return connection_.get(); }
  // Acts on what happened on the connection.
  void service();
  void network_lost();

 private:
  struct Topic {
    std::string name;
    std::uint8_t qos;
  };
  // What the running command waits for.
  enum class Wait { nothing, connect, subscribe, unsubscribe, publish, publish_raw, clean };

  Outcome query_connection() const;
  Outcome connect(const Parameters& parameters);
  Outcome query_topics() const;
  Outcome subscribe(const Parameters& parameters);
  Outcome unsubscribe(const Parameters& parameters);
  Outcome publish(const Parameters& parameters);
  Outcome publish_raw(const Parameters& parameters);
  Outcome clean(const Parameters& parameters);

  bool ready(const ClientParameters& parameters) const;
  bool read_credentials(MqttConnectRequest& request) const;
  bool read_credential(std::string_view name, std::uint32_t missing, Secret& content) const;
  bool open();
  Outcome send(const Topic& topic, ByteView payload, bool retain, Wait wait);

  void wait_for(Wait what, std::uint16_t id);
  void end_wait(bool success);
  void print_connected() const;
  void deliver(const MqttReceived& message);
  void print_received(const MqttReceived& message) const;
  void print_old_message(std::string_view topic) const;
  void on_connected();
  void on_closed();
  void on_subscribed(const MqttSubscribed& event);
  void on_unsubscribed(const MqttUnsubscribed& event);
  void retry_later();
  void lose_network_once();
  Outcome denied();

  Run& run_;
  Hooks hooks_;
  ClientConfig config_;
  std::string host_;
  std::uint16_t port_ = 0;
  bool reconnect_ = false;
  Milliseconds connect_limit_{0};
  std::unique_ptr<MqttConnection> connection_;
  std::vector<Topic> topics_;
  Wait wait_ = Wait::nothing;
  std::uint16_t wait_id_ = 0;
  Topic wait_topic_{};
  Timers::Id wait_limit_ = 0;
  Timers::Id retry_ = 0;
};

}  // namespace atcert::emulator
