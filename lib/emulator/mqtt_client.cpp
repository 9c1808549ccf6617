// SPDX-License-Identifier: Apache-2.0
#include "emulator/mqtt_client.hpp"

#include <poll.h>

#include <chrono>

#include "emulator/mqtt_tls.hpp"

namespace atcert::emulator {
namespace {

// esp-mqtt's words for the return codes of CONNACK.
std::string refusal(std::uint8_t code) {
  switch (code) {
    case 1:
      return "Connection refused, bad protocol";
    case 2:
      return "Connection refused, client identifier rejected";
    case 3:
      return "Connection refused, server unavailable";
    case 4:
      return "Connection refused, bad username or password";
    case 5:
      return "Connection refused, not authorized";
    default:
      return "Connection refused, unknown reason";
  }
}

Route route_of(const MqttConnectRequest& request, const std::optional<BrokerAddress>& instead) {
  if (instead) return {*instead, true};
  if (request.instead) return {*request.instead, true};
  return {{request.host, request.port}, false};
}

std::optional<TlsSettings> tls_of(const MqttConnectRequest& request) {
  if (request.scheme == 1) return std::nullopt;
  return tls_settings(request);
}

}  // namespace

MqttClient::MqttClient(MqttConnectRequest request, const std::optional<BrokerAddress>& instead, SteadyTime now)
    : request_(std::move(request)), connect_deadline_(now + request_.timeout), now_(now), last_sent_(now) {
  auto link = NetLink::connect(route_of(request_, instead), tls_of(request_));
  if (link) {
    link_.emplace(std::move(*link));
  } else {
    close(link.error().what);
  }
}

MqttClient::~MqttClient() {
  disconnect();
}

int MqttClient::descriptor() const {
  return link_ ? link_->descriptor() : -1;
}

short MqttClient::poll_events() const {
  return link_ ? link_->poll_events() : short{0};
}

std::optional<SteadyTime> MqttClient::deadline() const {
  return events_.empty() ? timer() : now_;
}

void MqttClient::on_ready(SteadyTime now) {
  now_ = now;
  if (!link_) return;
  const auto alive = link_->advance();
  if (link_->open() && !greeted_) {
    greeted_ = true;
    send(encode_connect(request_).reveal());
  }
  read_packets();
  if (link_ && !alive) return close(alive.error().what);
  check_time(now);
}

std::vector<MqttEvent> MqttClient::take_events() {
  return std::exchange(events_, {});
}

std::uint16_t MqttClient::subscribe(const std::string& topic, std::uint8_t qos) {
  const std::uint16_t id = next_id();
  send(encode_subscribe(id, topic, qos));
  return id;
}

std::uint16_t MqttClient::unsubscribe(const std::string& topic) {
  const std::uint16_t id = next_id();
  send(encode_unsubscribe(id, topic));
  return id;
}

std::uint16_t MqttClient::publish(const std::string& topic, ByteView payload, std::uint8_t qos, bool retain) {
  const std::uint16_t id = next_id();
  const std::uint16_t id_on_wire = qos > 0 ? id : std::uint16_t{0};
  send(encode_publish({topic, to_bytes(payload), qos, retain, false, id_on_wire}));
  if (qos == 0) events_.emplace_back(MqttPublished{id});
  return id;
}

void MqttClient::disconnect() {
  if (!link_) return;
  if (connected_) send(encode_disconnect());
  close("disconnected by the module");
}

void MqttClient::close(std::string reason) {
  link_.reset();
  connected_ = false;
  events_.emplace_back(MqttClosed{std::move(reason)});
}

void MqttClient::send(ByteView packet) {
  if (!link_) return;
  link_->send(packet);
  last_sent_ = now_;
}

void MqttClient::read_packets() {
  reader_.feed(link_->take_received());
  while (link_) {
    const auto packet = reader_.next();
    if (!packet) return close("mqtt_process_receive: " + packet.error().what);
    if (!*packet) return;
    std::visit([this](const auto& content) { handle(content); }, **packet);
  }
}

// Half of the keep-alive is when esp-mqtt pings; an answer that is missing by the next turn ends the connection.
std::optional<SteadyTime> MqttClient::timer() const {
  if (!link_) return std::nullopt;
  if (!connected_) return connect_deadline_;
  if (request_.keepalive == 0) return std::nullopt;
  return last_sent_ + Milliseconds(1000 * request_.keepalive / 2);
}

void MqttClient::check_time(SteadyTime now) {
  if (now < timer().value_or(SteadyTime::max())) return;
  if (!connected_) {
    close(link_->connecting() ? "esp-tls: select() timeout (0x8006)" : "no CONNACK in time");
  } else if (ping_pending_) {
    close("No PING_RESP, disconnected");
  } else {
    ping_pending_ = true;
    send(encode_pingreq());
  }
}

std::uint16_t MqttClient::next_id() {
  if (++last_id_ == 0) ++last_id_;
  return last_id_;
}

void MqttClient::handle(const MqttConnAck& ack) {
  if (ack.code != 0) return close(refusal(ack.code));
  connected_ = true;
  events_.emplace_back(MqttConnected{});
}

void MqttClient::handle(const MqttPublish& message) {
  if (message.qos == 1) send(encode_ack({MqttType::puback, message.id}));
  if (message.qos == 2) send(encode_ack({MqttType::pubrec, message.id}));
  events_.emplace_back(MqttReceived{message.topic, message.payload, message.qos, message.retain});
}

void MqttClient::handle(const MqttSubAck& ack) {
  events_.emplace_back(MqttSubscribed{ack.id, ack.codes.front()});
}

void MqttClient::handle(const MqttAck& ack) {
  switch (ack.type) {
    case MqttType::puback:
    case MqttType::pubcomp:
      events_.emplace_back(MqttPublished{ack.id});
      break;
    case MqttType::pubrec:
      send(encode_ack({MqttType::pubrel, ack.id}));
      break;
    case MqttType::pubrel:
      send(encode_ack({MqttType::pubcomp, ack.id}));
      break;
    default:
      events_.emplace_back(MqttUnsubscribed{ack.id});
      break;
  }
}

void MqttClient::handle(const MqttPingResp&) {
  ping_pending_ = false;
}

MqttConnectionFactory real_mqtt(std::optional<BrokerAddress> instead) {
  return [instead = std::move(instead)](MqttConnectRequest request, SteadyTime now) {
    return std::make_unique<MqttClient>(std::move(request), instead, now);
  };
}

}  // namespace atcert::emulator
