// SPDX-License-Identifier: Apache-2.0
// What the MQTT client does when something happens on its connection (ESP-AT, MQTT AT Notes).
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "emulator/client_commands.hpp"
#include "emulator/timing.hpp"

namespace atcert::emulator {
namespace {

constexpr std::size_t kSmallBufferSize = 48;
constexpr std::uint8_t kRefused = 0x80;

// The header of a PUBLISH packet: type and length, topic, packet id.
std::size_t header_size(const MqttReceived& message) {
  const std::size_t variable = 2 + message.topic.size() + (message.qos > 0 ? 2 : 0);
  const std::size_t rest = variable + message.payload.size();
  const std::size_t length_size = rest < 128 ? 1 : rest < 16'384 ? 2 : rest < 2'097'152 ? 3 : 4;
  return 1 + length_size + variable;
}

}  // namespace

void ClientCommands::service() {
  if (!connection_) return;
  for (const MqttEvent& event : connection_->take_events()) {
    if (std::holds_alternative<MqttConnected>(event)) on_connected();
    if (const auto* subscribed = std::get_if<MqttSubscribed>(&event)) on_subscribed(*subscribed);
    if (const auto* unsubscribed = std::get_if<MqttUnsubscribed>(&event)) on_unsubscribed(*unsubscribed);
    if (const auto* received = std::get_if<MqttReceived>(&event)) deliver(*received);
    if (const auto* published = std::get_if<MqttPublished>(&event); published != nullptr && published->id == wait_id_) {
      if (wait_ == Wait::publish || wait_ == Wait::publish_raw) end_wait(true);
    }
    if (std::holds_alternative<MqttClosed>(event)) {
      on_closed();
      return;
    }
  }
}

void ClientCommands::network_lost() {
  if (!connection_) return;
  on_closed();
}

void ClientCommands::on_connected() {
  const bool result_first = run_.board.has(Fault::result_first);
  if (!result_first) print_connected();
  config_.state = topics_.empty() ? ClientState::connected : ClientState::subscribed;
  for (const Topic& topic : topics_) connection_->subscribe(topic.name, topic.qos);
  if (wait_ == Wait::connect) end_wait(true);
  if (result_first) print_connected();
  if (!run_.board.has(Fault::taken_over)) return;
  run_.timers.after(Milliseconds(run_.board.faults().argument(Fault::taken_over)), [this] {
    if (connection_) on_closed();
  });
}

// The connection ends, or a first connect or one after a loss has failed.
void ClientCommands::on_closed() {
  connection_.reset();
  if (wait_ == Wait::clean) return end_wait(true);
  if (!run_.board.has(Fault::missing_disconnected)) run_.port.print("+MQTTDISCONNECTED:0\r\n");
  if (wait_ == Wait::connect) {
    config_.state = ClientState::connection_configured;
    return end_wait(false);
  }
  config_.state = ClientState::lost;
  if (wait_ != Wait::nothing) end_wait(false);
  if (reconnect_) retry_later();
}

void ClientCommands::retry_later() {
  retry_ = run_.timers.after(kReconnectPause, [this] {
    if (!open()) retry_later();
  });
}

void ClientCommands::on_subscribed(const MqttSubscribed& event) {
  if (wait_ != Wait::subscribe || event.id != wait_id_) return;
  const bool refused = event.code == kRefused && run_.board.features.suback_checked;
  if (!refused) {
    topics_.push_back(wait_topic_);
    config_.state = ClientState::subscribed;
  }
  end_wait(!refused);
}

void ClientCommands::on_unsubscribed(const MqttUnsubscribed& event) {
  if (wait_ != Wait::unsubscribe || event.id != wait_id_) return;
  std::erase_if(topics_, [&](const Topic& each) { return each.name == wait_topic_.name; });
  if (topics_.empty()) config_.state = ClientState::unsubscribed;
  end_wait(true);
}

void ClientCommands::wait_for(Wait what, std::uint16_t id) {
  wait_ = what;
  wait_id_ = id;
  wait_limit_ = run_.timers.after(kAcknowledgeLimit, [this] { end_wait(wait_ == Wait::clean); });
}

void ClientCommands::end_wait(bool success) {
  const Wait ended = std::exchange(wait_, Wait::nothing);
  run_.timers.cancel(std::exchange(wait_limit_, 0));
  if (ended == Wait::clean) {
    connection_.reset();
    config_.clear();
    topics_.clear();
    host_.clear();
  }
  if (ended == Wait::publish_raw) {
    run_.port.print(success ? "+MQTTPUB:OK\r\n" : "+MQTTPUB:FAIL\r\n");
    return run_.port.finish(Outcome::done);
  }
  run_.port.finish(success ? Outcome::ok : Outcome::error);
}

void ClientCommands::print_connected() const {
  const int scheme = run_.board.has(Fault::plain_mqtt) ? 1 : config_.scheme();
  const std::string_view quote = run_.board.has(Fault::unquoted_connected) ? "" : "\"";
  run_.port.print(fmt::format("+MQTTCONNECTED:0,{},{}{}{},{}{}{},\"{}\",{:d}\r\n", scheme, quote, host_, quote, quote,
                              port_, quote, config_.path(), reconnect_));
}

void ClientCommands::deliver(const MqttReceived& message) {
  FaultSet& faults = run_.board.faults();
  if (faults.happens(Fault::message_lost)) return;
  for (std::int32_t i = 0; i < faults.argument(Fault::other_topics); ++i) print_old_message(fmt::format("other/{}", i));
  if (faults.has(Fault::message_replayed)) {
    if (!run_.board.first_message) run_.board.first_message = message;
    return print_received(*run_.board.first_message);
  }
  if (faults.has(Fault::message_late)) {
    run_.timers.after(Milliseconds(faults.argument(Fault::message_late)), [this, message] { print_received(message); });
    return;
  }
  print_received(message);
  if (faults.has(Fault::message_twice)) print_received(message);
}

// Of an earlier run.
void ClientCommands::print_old_message(std::string_view topic) const {
  print_received(
      {std::string(topic), to_bytes(as_bytes("{\"atcert\":\"0123456789abcdef\",\"from\":\"module\"}")), 1, true});
}

// In pieces as they fit the buffer; nothing says that a piece is not the first.
void ClientCommands::print_received(const MqttReceived& message) const {
  const std::size_t buffer = run_.board.has(Fault::split_subrecv) ? kSmallBufferSize : run_.board.features.mqtt_buffer;
  const std::size_t header = header_size(message);
  ByteView rest = message.payload;
  std::size_t room = buffer > header ? buffer - header : 1;
  do {
    const ByteView piece = rest.first(std::min(room, rest.size()));
    run_.port.print(fmt::format("+MQTTSUBRECV:0,\"{}\",{},", message.topic, piece.size()));
    run_.port.print(piece);
    run_.port.print("\r\n");
    rest = rest.subspan(piece.size());
    room = buffer;
  } while (!rest.empty());
}

}  // namespace atcert::emulator
