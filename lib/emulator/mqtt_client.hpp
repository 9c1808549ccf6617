// SPDX-License-Identifier: Apache-2.0
// The MQTT client of the emulated module over real TCP and TLS: MqttConnection as esp-mqtt under ESP-AT behaves, with
// its log messages as close reasons. Lives in the module's poll loop and never blocks it.
#pragma once

#include <memory>
#include <optional>

#include "emulator/mqtt_connection.hpp"
#include "emulator/mqtt_packet.hpp"
#include "emulator/net_link.hpp"

namespace atcert::emulator {

class MqttClient final : public MqttConnection {
 public:
  // Starts to connect to `instead`, or to what the request says.
  MqttClient(MqttConnectRequest request, const std::optional<BrokerAddress>& instead, SteadyTime now);
  ~MqttClient() override;

  int descriptor() const override;
  short poll_events() const override;
  std::optional<SteadyTime> deadline() const override;
  void on_ready(SteadyTime now) override;
  std::vector<MqttEvent> take_events() override;
  std::uint16_t subscribe(const std::string& topic, std::uint8_t qos) override;
  std::uint16_t unsubscribe(const std::string& topic) override;
  std::uint16_t publish(const std::string& topic, ByteView payload, std::uint8_t qos, bool retain) override;
  void disconnect() override;

 private:
  void close(std::string reason);
  void send(ByteView packet);
  void read_packets();
  std::optional<SteadyTime> timer() const;
  void check_time(SteadyTime now);
  std::uint16_t next_id();

  void handle(const MqttConnAck& ack);
  void handle(const MqttPublish& message);
  void handle(const MqttSubAck& ack);
  void handle(const MqttAck& ack);
  void handle(const MqttPingResp& response);

  MqttConnectRequest request_;
  std::optional<NetLink> link_;  // none: closed
  MqttPacketReader reader_;
  std::vector<MqttEvent> events_;
  SteadyTime connect_deadline_;
  SteadyTime now_;        // of the last call that told the time
  SteadyTime last_sent_;  // for the keep-alive
  bool greeted_ = false;  // CONNECT is sent
  bool connected_ = false;
  bool ping_pending_ = false;
  std::uint16_t last_id_ = 0;
};

// Real connections for the AT side: to `instead` whatever the module was told, or to where the request says, which then
// must be an address of this machine's network in numbers, or localhost.
MqttConnectionFactory real_mqtt(std::optional<BrokerAddress> instead = {});

}  // namespace atcert::emulator
