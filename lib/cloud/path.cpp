// SPDX-License-Identifier: Apache-2.0
#include "cloud/path.hpp"

#include "cloud/network.hpp"

namespace atcert::cloud {
namespace {

// "Device communication protocols" in the AWS IoT developer guide: MQTT with a client certificate on port 443.
constexpr std::uint16_t kAlpnPort = 443;
constexpr const char* kAlpnProtocol = "x-amzn-mqtt-ca";

// What kept the handshake from passing, in one place.
std::string reason_of(const Path::Opened& opened) {
  if (opened.tcp.stage != Stage::passed) return opened.tcp.error;
  return opened.tls.alert ? opened.tls.alert->name : opened.tls.error;
}

}  // namespace

const NameLookup& Path::find() {
  return lookup_ = look_up(server_.address.empty() ? server_.host : server_.address, stage());
}

Path::Opened Path::open(TlsOptions options) {
  options.host = server_.host;
  if (server_.port == kAlpnPort) options.protocol = kAlpnProtocol;
  const std::uint16_t port = server_.address_port == 0 ? server_.port : server_.address_port;
  Connected connected = connect_to(lookup_.addresses, port, clock_, stage_limit_, stop_);
  Opened opened;
  opened.tcp = std::move(connected.facts);
  if (opened.tcp.stage != Stage::passed) return opened;
  opened.stream = std::make_unique<TlsStream>(identity_, std::move(connected.socket), options, clock_);
  opened.tls = opened.stream->shake_hands(stage());
  if (opened.tls.stage != Stage::passed) opened.stream.reset();
  return opened;
}

Path::Session Path::connect(const std::string& client_id) {
  Session session;
  session.mqtt.client_id = client_id;
  Opened opened = open({.only_verified = true});
  session.tcp = opened.tcp;
  session.tls = opened.tls;
  if (!opened.stream) {
    session.mqtt.stage = opened.tcp.stage == Stage::passed ? opened.tls.stage : opened.tcp.stage;
    session.mqtt.alert = opened.tls.alert;
    session.mqtt.error = reason_of(opened);
    return session;
  }
  auto client = MqttClient::make(std::move(opened.stream), client_id, stop_);
  if (!client) {
    session.mqtt.stage = Stage::failed;
    session.mqtt.error = client.error().what;
    return session;
  }
  session.mqtt = (*client)->connect(stage());
  if (session.mqtt.stage == Stage::passed) session.client = std::move(*client);
  return session;
}

}  // namespace atcert::cloud
