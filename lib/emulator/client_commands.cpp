// SPDX-License-Identifier: Apache-2.0
#include "emulator/client_commands.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "emulator/credential_reader.hpp"
#include "emulator/names.hpp"
#include "emulator/timing.hpp"

namespace atcert::emulator {
namespace {

constexpr std::size_t kMaxHost = 128;
constexpr std::size_t kMaxTopic = 128;
constexpr std::size_t kMaxData = 256;
constexpr std::size_t kMaxTopics = 10;
constexpr std::int32_t kLastTcpScheme = 5;  // 6 to 10 are WebSocket
constexpr ClientParameters::NumberRule kQosRule{0x6047, 0x6048, 0, 2};
constexpr ClientParameters::NumberRule kRetainRule{0x6049, 0x604A, 0, 1};
constexpr ClientParameters::TextRule kTopicRule{0x6041, 0x6042, 0x6043, kMaxTopic};

bool verifies_server(int scheme) {
  return scheme == 3 || scheme == 5 || scheme == 8 || scheme == 10;
}

bool has_certificate(int scheme) {
  return scheme == 4 || scheme == 5 || scheme == 9 || scheme == 10;
}

// The characters that the firmware lets through: "https://..." and "host:port" are refused before any network use.
bool is_host_name(const std::string& host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

}  // namespace

CommandRows ClientCommands::commands() {
  CommandRows rows = config_.commands();
  rows.push_back(
      {"+MQTTCONN", [this] { return query_connection(); }, [this](const auto& p) { return connect(p); }, {}});
  rows.push_back({"+MQTTPUB", {}, [this](const auto& p) { return publish(p); }, {}});
  rows.push_back({"+MQTTPUBRAW", {}, [this](const auto& p) { return publish_raw(p); }, {}});
  rows.push_back({"+MQTTSUB", [this] { return query_topics(); }, [this](const auto& p) { return subscribe(p); }, {}});
  rows.push_back({"+MQTTUNSUB", {}, [this](const auto& p) { return unsubscribe(p); }, {}});
  rows.push_back({"+MQTTCLEAN", {}, [this](const auto& p) { return clean(p); }, {}});
  return rows;
}

Outcome ClientCommands::query_connection() const {
  const int state = static_cast<int>(config_.state);
  if (host_.empty()) {
    run_.port.print(fmt::format("+MQTTCONN:0,{},{},\"\",\"\",\"\",0\r\n", state, config_.scheme()));
  } else {
    run_.port.print(fmt::format("+MQTTCONN:0,{},{},\"{}\",\"{}\",\"{}\",{:d}\r\n", state, config_.scheme(), host_,
                                port_, config_.path(), reconnect_));
  }
  return Outcome::ok;
}

// <LinkID>,<"host">,<port>,<reconnect>[,<timeout_ms>]
Outcome ClientCommands::connect(const Parameters& parameters) {
  const ClientParameters p(run_.port, parameters);
  if (config_.state == ClientState::none) return p.fail(kNoConfigured);
  if (!p.link()) return Outcome::error;
  if (config_.state > ClientState::lost) return p.fail(kAlreadyConnected);
  if (config_.state == ClientState::lost) return reconnect_ ? p.fail(kDisconnectedState) : Outcome::error;
  auto host = p.text(1, {0x603A, 0x603B, 0x603C, kMaxHost});
  if (!host) return Outcome::error;
  if (!is_host_name(*host)) return p.fail(0x6052);
  const auto port = p.number(2, {0x603D, 0x603E, 0, 65535});
  if (!port) return Outcome::error;
  const auto reconnect = p.number(3, {0x603F, 0x6040, 0, 1});
  if (!reconnect) return Outcome::error;
  const bool timed = run_.board.features.mqtt_timeout && p.count() == 5;
  if (!timed && p.count() != 4) return p.fail(kWrongCount);
  connect_limit_ = run_.board.features.mqtt_timeout ? Milliseconds(15'000) : Milliseconds(10'000);
  if (timed) {
    const auto limit = parameters.number(4);
    if (!limit.ok() || limit.value < 3000 || limit.value > 60'000) return Outcome::error;
    connect_limit_ = Milliseconds(limit.value);
  }
  host_ = std::move(*host);
  port_ = static_cast<std::uint16_t>(*port);
  reconnect_ = *reconnect == 1;
  if (!open()) return p.fail(kPrepareError);
  wait_ = Wait::connect;
  if (run_.board.has(Fault::restart_in_mqttconn)) {
    connection_.reset();  // it must not be quicker than the restart
    run_.timers.after(kRestartDelay, hooks_.crash);
  }
  if (run_.board.faults().is(Fault::wifi_lost, LossMoment::connect)) lose_network_once();
  return Outcome::running;
}

// In the middle of the running command.
void ClientCommands::lose_network_once() {
  if (std::exchange(run_.board.network_was_lost, true)) return;
  run_.timers.after(Milliseconds(1), hooks_.lose_network);
}

// The broker ends the connection, as AWS does when the policy allows no such thing.
Outcome ClientCommands::denied() {
  run_.timers.after(kRefusalTime, [this] { on_closed(); });
  return Outcome::running;
}

// Makes a connection with the credentials that are in flash now. False: they cannot be read.
bool ClientCommands::open() {
  MqttConnectRequest request = config_.request();
  if (!read_credentials(request)) {
    run_.port.print_error(execution_error(kTlsConfigError));
    return false;
  }
  const std::optional<Route> route = route_to(run_.board.options, host_, port_);
  const bool fails = run_.board.faults().happens(Fault::connect_fails);
  if (fails || !hooks_.online() || !route || request.scheme > kLastTcpScheme) {
    run_.timers.after(kDomainTime, [this] { on_closed(); });
    return true;
  }
  if (route->given) request.instead = route->address;
  request.host = host_;
  request.port = port_;
  request.release = run_.board.options.release;
  request.module_time = run_.board.time.now();
  request.check_dates = run_.board.kind.checks_dates;
  request.timeout = connect_limit_;
  connection_ = hooks_.connect(std::move(request), run_.board.clock.now());
  return true;
}

bool ClientCommands::read_credentials(MqttConnectRequest& request) const {
  if (verifies_server(request.scheme) && !read_credential("mqtt_ca", 0x6021, request.ca)) return false;
  if (!has_certificate(request.scheme)) return true;
  return read_credential("mqtt_cert", 0x6023, request.certificate) && read_credential("mqtt_key", 0x6025, request.key);
}

// `missing` is the code for an item that is not there; the next one stands for an item that cannot be read whole.
bool ClientCommands::read_credential(std::string_view name, std::uint32_t missing, Secret& content) const {
  Credential stored = emulator::read_credential(run_.board, name);
  if (stored.state == StoredItem::missing) run_.port.print_error(execution_error(missing));
  if (stored.state == StoredItem::damaged) run_.port.print_error(execution_error(missing + 1));
  content = std::move(stored.content);
  return stored.state == StoredItem::good;
}

Outcome ClientCommands::query_topics() const {
  const int state = static_cast<int>(config_.state);
  if (topics_.empty()) run_.port.print(fmt::format("+MQTTSUB:0,{},\"\",0\r\n", state));
  for (const Topic& topic : topics_) {
    run_.port.print(fmt::format("+MQTTSUB:0,{},\"{}\",{}\r\n", state, topic.name, topic.qos));
  }
  return Outcome::ok;
}

// Whether the link is right and connected; else the code is printed.
bool ClientCommands::ready(const ClientParameters& parameters) const {
  if (!parameters.link()) return false;
  if (config_.state <= ClientState::lost) parameters.fail(kNotConnected);
  return config_.state > ClientState::lost;
}

// <LinkID>,<"topic">,<qos>. Of a topic that is there already, or one too many, only the log port tells.
Outcome ClientCommands::subscribe(const Parameters& parameters) {
  const ClientParameters p(run_.port, parameters);
  if (!ready(p)) return Outcome::error;
  auto topic = p.text(1, kTopicRule);
  if (!topic) return Outcome::error;
  const auto qos = p.number(2, kQosRule);
  if (!qos) return Outcome::error;
  if (p.count() != 3) return p.fail(kWrongCount);
  const bool known =
      std::any_of(topics_.begin(), topics_.end(), [&](const Topic& each) { return each.name == *topic; });
  if (known || topics_.size() == kMaxTopics) return Outcome::ok;
  wait_topic_ = {std::move(*topic), static_cast<std::uint8_t>(*qos)};
  if (run_.board.has(Fault::message_retained)) print_old_message(wait_topic_.name);
  if (run_.board.has(Fault::subscribe_denied)) {
    wait_ = Wait::subscribe;
    return denied();
  }
  wait_for(Wait::subscribe, connection_->subscribe(wait_topic_.name, wait_topic_.qos));
  return Outcome::running;
}

// <LinkID>,<"topic">
Outcome ClientCommands::unsubscribe(const Parameters& parameters) {
  const ClientParameters p(run_.port, parameters);
  if (!ready(p)) return Outcome::error;
  auto topic = p.text(1, kTopicRule);
  if (!topic) return Outcome::error;
  if (p.count() != 2) return p.fail(kWrongCount);
  const bool known =
      std::any_of(topics_.begin(), topics_.end(), [&](const Topic& each) { return each.name == *topic; });
  if (!known) return Outcome::ok;
  wait_topic_ = {std::move(*topic), 0};
  wait_for(Wait::unsubscribe, connection_->unsubscribe(wait_topic_.name));
  return Outcome::running;
}

// <LinkID>,<"topic">,<"data">,<qos>,<retain>
Outcome ClientCommands::publish(const Parameters& parameters) {
  const ClientParameters p(run_.port, parameters);
  if (!ready(p)) return Outcome::error;
  auto topic = p.text(1, kTopicRule);
  if (!topic) return Outcome::error;
  const auto data = p.text(2, {0x6044, 0x6045, 0x6046, kMaxData});
  if (!data) return Outcome::error;
  const auto qos = p.number(3, kQosRule);
  if (!qos) return Outcome::error;
  const auto retain = p.number(4, kRetainRule);
  if (!retain) return Outcome::error;
  if (p.count() != 5) return p.fail(kWrongCount);
  return send({std::move(*topic), static_cast<std::uint8_t>(*qos)}, as_bytes(*data), *retain == 1, Wait::publish);
}

// <LinkID>,<"topic">,<length>,<qos>,<retain>, then the message
Outcome ClientCommands::publish_raw(const Parameters& parameters) {
  const ClientParameters p(run_.port, parameters);
  if (!ready(p)) return Outcome::error;
  auto topic = p.text(1, kTopicRule);
  if (!topic) return Outcome::error;
  const auto length = p.number(2, {0x604B, 0x604C, 1, std::numeric_limits<std::int32_t>::max()});
  if (!length) return Outcome::error;
  const auto qos = p.number(3, kQosRule);
  if (!qos) return Outcome::error;
  const auto retain = p.number(4, kRetainRule);
  if (!retain) return Outcome::error;
  if (p.count() != 5) return p.fail(kWrongCount);
  const Topic target{std::move(*topic), static_cast<std::uint8_t>(*qos)};
  return run_.port.collect(static_cast<std::size_t>(*length), Prompt::result, Surplus::busy,
                           [this, target, keep = *retain == 1](Secret data) {
                             return send(target, data.reveal(), keep, Wait::publish_raw);
                           });
}

// With QoS 0 a message counts as published as soon as it is on its way. The connection may have gone in the meantime.
Outcome ClientCommands::send(const Topic& topic, ByteView payload, bool retain, Wait wait) {
  wait_ = wait;
  if (config_.state <= ClientState::lost) {
    end_wait(false);
    return Outcome::done;
  }
  if (run_.board.has(Fault::publish_denied)) return denied();
  if (run_.board.faults().is(Fault::wifi_lost, LossMoment::publish) && !run_.board.network_was_lost) {
    lose_network_once();
    return Outcome::running;
  }
  const std::uint16_t id = connection_->publish(topic.name, payload, topic.qos, retain);
  if (topic.qos == 0) {
    end_wait(true);
    return Outcome::done;
  }
  wait_for(wait, id);
  return Outcome::running;
}

// <LinkID>
Outcome ClientCommands::clean(const Parameters& parameters) {
  const ClientParameters p(run_.port, parameters);
  if (!p.link()) return Outcome::error;
  if (p.count() != 1) return p.fail(kWrongCount);
  if (config_.state == ClientState::none) return p.fail(kAlreadyClean);
  run_.timers.cancel(std::exchange(retry_, 0));
  wait_for(Wait::clean, 0);
  if (config_.state > ClientState::lost) {
    connection_->disconnect();
    return Outcome::running;
  }
  end_wait(true);
  return Outcome::done;
}

}  // namespace atcert::emulator
