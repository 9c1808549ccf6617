// SPDX-License-Identifier: Apache-2.0
#include "emulator/client_config.hpp"

namespace atcert::emulator {
namespace {

constexpr std::int32_t kDefaultKeepalive = 120;  // seconds; what 0 is changed to
constexpr std::int32_t kMaxKeepalive = 7200;
constexpr std::int32_t kMaxLongField = 1024;
constexpr std::int32_t kMaxAlpn = 5;
constexpr std::size_t kMaxUserField = 64;
constexpr std::size_t kMaxPath = 32;
constexpr std::size_t kMaxTopic = 128;

}  // namespace

CommandRows ClientConfig::commands() {
  const auto field = [this](Secret ClientConfig::*which) {
    return [this, which](const Parameters& p) { return set_field(which, p); };
  };
  const auto long_field = [this](Secret ClientConfig::*which) {
    return [this, which](const Parameters& p) { return set_long_field(which, p); };
  };
  CommandRows rows{
      {"+MQTTUSERCFG", {}, [this](const auto& p) { return set_user(p); }, {}},
      {"+MQTTCLIENTID", {}, field(&ClientConfig::client_id_), {}},
      {"+MQTTUSERNAME", {}, field(&ClientConfig::username_), {}},
      {"+MQTTPASSWORD", {}, field(&ClientConfig::password_), {}},
      {"+MQTTCONNCFG", {}, [this](const auto& p) { return set_connection(p); }, {}},
  };
  const Features& features = run_.board.features;
  if (features.mqtt_long) {
    rows.push_back({"+MQTTLONGCLIENTID", {}, long_field(&ClientConfig::client_id_), {}});
    rows.push_back({"+MQTTLONGUSERNAME", {}, long_field(&ClientConfig::username_), {}});
    rows.push_back({"+MQTTLONGPASSWORD", {}, long_field(&ClientConfig::password_), {}});
  }
  if (features.mqtt_sni) rows.push_back({"+MQTTSNI", {}, [this](const auto& p) { return set_sni(p); }, {}});
  if (features.mqtt_alpn) rows.push_back({"+MQTTALPN", {}, [this](const auto& p) { return set_alpn(p); }, {}});
  return rows;
}

void ClientConfig::clear() {
  state = ClientState::none;
  scheme_ = 0;
  client_id_ = {};
  username_ = {};
  password_ = {};
  path_.clear();
  keepalive_ = 0;
  clean_session_ = true;
  last_will_ = {};
  sni_.reset();
  alpn_.clear();
}

MqttConnectRequest ClientConfig::request() const {
  MqttConnectRequest request;
  request.scheme = scheme_;
  request.client_id = client_id_.reveal_text();
  request.username = username_.reveal_text();
  request.password = password_.clone();
  request.keepalive = static_cast<std::uint16_t>(keepalive_ == 0 ? kDefaultKeepalive : keepalive_);
  request.clean_session = clean_session_;
  request.last_will = last_will_;
  request.sni = sni_;
  request.alpn = alpn_;
  return request;
}

// <LinkID>,<scheme>,<"client_id">,<"username">,<"password">,<cert_key_ID>,<CA_ID>,<"path">
Outcome ClientConfig::set_user(const Parameters& parameters) {
  const ClientParameters p(run_.port, parameters);
  if (!p.link()) return Outcome::error;
  if (state > ClientState::connection_configured) return p.fail(kNotInConfiguredState);
  const auto scheme = p.number(1, {0x6012, 0x6013, 1, 10});
  if (!scheme) return Outcome::error;
  auto client_id = p.secret(2, {0x6014, 0, 0x6016});
  if (!client_id) return Outcome::error;
  auto username = p.secret(3, {0x6017, 0, 0x6019, kMaxUserField});
  if (!username) return Outcome::error;
  auto password = p.secret(4, {0x601A, 0, 0x601C, kMaxUserField});
  if (!password) return Outcome::error;
  if (!p.number(5, {0x601D, 0x601E, 0, 1}) || !p.number(6, {0x601F, 0x6020, 0, 1})) return Outcome::error;
  auto path = p.text(7, {0x6027, 0, 0x6029, kMaxPath});
  if (!path) return Outcome::error;
  if (p.count() != 8) return p.fail(kWrongCount);
  scheme_ = *scheme;
  client_id_ = std::move(*client_id);
  username_ = std::move(*username);
  password_ = std::move(*password);
  path_ = std::move(*path);
  state = ClientState::user_configured;
  return Outcome::ok;
}

// <LinkID>,<keepalive>,<disable_clean_session>,<"lwt_topic">,<"lwt_msg">,<lwt_qos>,<lwt_retain>
Outcome ClientConfig::set_connection(const Parameters& parameters) {
  const ClientParameters p(run_.port, parameters);
  if (!p.link()) return Outcome::error;
  if (state > ClientState::connection_configured) return p.fail(kNotInConfiguredState);
  if (state == ClientState::none) return p.fail(kNoConfigured);
  const auto keepalive = p.number(1, {0x602B, 0x602D, 0, kMaxKeepalive});
  if (!keepalive) return Outcome::error;
  const auto disable_clean = p.number(2, {0x602E, 0x602F, 0, 1});
  if (!disable_clean) return Outcome::error;
  auto topic = p.text(3, {0x6030, 0, 0x6032, kMaxTopic});
  if (!topic) return Outcome::error;
  auto message = p.text(4, {0x6033, 0, 0x6035, run_.board.features.last_will_limit});
  if (!message) return Outcome::error;
  const auto qos = p.number(5, {0x6036, 0x6037, 0, 2});
  if (!qos) return Outcome::error;
  const auto retain = p.number(6, {0x6038, 0x6039, 0, 1});
  if (!retain) return Outcome::error;
  if (p.count() != 7) return p.fail(kWrongCount);
  keepalive_ = *keepalive;
  clean_session_ = *disable_clean == 0;
  last_will_ = {std::move(*topic), std::move(*message), static_cast<std::uint8_t>(*qos), *retain == 1};
  state = ClientState::connection_configured;
  return Outcome::ok;
}

bool ClientConfig::right_after_user(const ClientParameters& parameters) const {
  if (!parameters.link()) return false;
  if (state != ClientState::user_configured) parameters.fail(kNotInConfiguredState);
  return state == ClientState::user_configured;
}

// <LinkID>,<"sni">; an empty one takes it back.
Outcome ClientConfig::set_sni(const Parameters& parameters) {
  if (!right_after_user({run_.port, parameters})) return Outcome::error;
  auto sni = parameters.text(1);
  if (!sni.ok() || parameters.count() != 2) return Outcome::error;
  sni_.reset();
  if (!sni.value.empty()) sni_ = std::move(sni.value);
  return Outcome::ok;
}

// <LinkID>,<alpn_counts>[,<"alpn">]...
Outcome ClientConfig::set_alpn(const Parameters& parameters) {
  if (!right_after_user({run_.port, parameters})) return Outcome::error;
  const auto count = parameters.number(1);
  if (!count.ok() || count.value < 0 || count.value > kMaxAlpn) return Outcome::error;
  if (parameters.count() != static_cast<std::size_t>(count.value) + 2) return Outcome::error;
  std::vector<std::string> names;
  for (std::size_t i = 2; i < parameters.count(); ++i) {
    auto name = parameters.text(i);
    if (!name.ok() || name.value.empty()) return Outcome::error;
    names.push_back(std::move(name.value));
  }
  alpn_ = std::move(names);
  return Outcome::ok;
}

// <LinkID>,<"text">
Outcome ClientConfig::set_field(Secret ClientConfig::*field, const Parameters& parameters) {
  const ClientParameters p(run_.port, parameters);
  if (!right_after_user(p)) return Outcome::error;
  auto value = parameters.secret(1);
  if (!value.ok()) return Outcome::error;
  if (p.count() != 2) return p.fail(kWrongCount);
  this->*field = std::move(value.value);
  return Outcome::ok;
}

// <LinkID>,<length>, then the text itself
Outcome ClientConfig::set_long_field(Secret ClientConfig::*field, const Parameters& parameters) {
  const ClientParameters p(run_.port, parameters);
  if (!right_after_user(p)) return Outcome::error;
  const auto length = p.number(1, {0x604B, 0x604C, 1, kMaxLongField});
  if (!length) return Outcome::error;
  if (p.count() != 2) return p.fail(kWrongCount);
  return run_.port.collect(static_cast<std::size_t>(*length), Prompt::result, Surplus::busy,
                           [this, field](Secret data) {
                             this->*field = std::move(data);
                             return Outcome::ok;
                           });
}

}  // namespace atcert::emulator
