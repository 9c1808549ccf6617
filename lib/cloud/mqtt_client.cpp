// SPDX-License-Identifier: Apache-2.0
#include "cloud/mqtt_client.hpp"

#include <MQTTClient.h>

#include <array>

#include <fmt/core.h>

namespace atcert::cloud {
namespace {

// The longest that AWS allows ("AWS IoT Core message broker and protocol limits and quotas"): no ping is ever due.
constexpr int kKeepAliveSeconds = 1200;
constexpr int kAtLeastOnce = 1;

int milliseconds(Milliseconds limit) {
  return static_cast<int>(limit.count());
}

// Paho counts in whole seconds.
int seconds(Milliseconds limit) {
  return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(limit).count());
}

}  // namespace

Result<std::unique_ptr<MqttClient>> MqttClient::make(std::unique_ptr<TlsStream> stream, std::string client_id,
                                                     const std::stop_token& stop) {
  ATCERT_TRY(std::unique_ptr<Relay>, relay, Relay::start(std::move(stream), stop));
  const std::string address = fmt::format("tcp://127.0.0.1:{}", relay->port());
  std::unique_ptr<MqttClient> client(new MqttClient(std::move(relay), std::move(client_id), stop));
  const int made = MQTTClient_create(&client->client_, address.c_str(), client->client_id_.c_str(),
                                     MQTTCLIENT_PERSISTENCE_NONE, nullptr);
  if (made == MQTTCLIENT_SUCCESS) return client;
  return Error{ErrorKind::usage,
               "client_id_unusable",
               fmt::format("the MQTT client does not take the client id: {}", MQTTClient_strerror(made)),
               {},
               "give a client id of UTF-8 text"};
}

MqttClient::~MqttClient() {
  if (client_ == nullptr) return;
  MQTTClient_disconnect(client_, 0);
  MQTTClient_destroy(&client_);
}

MqttConnect MqttClient::connect(const Waiting& waiting) {
  MqttConnect connect;
  connect.client_id = client_id_;
  MQTTClient_connectOptions options = MQTTClient_connectOptions_initializer;
  options.MQTTVersion = MQTTVERSION_3_1_1;
  options.keepAliveInterval = kKeepAliveSeconds;
  options.reliable = 0;
  options.connectTimeout = seconds(waiting.left());
  const int answer = MQTTClient_connect(client_, &options);
  connect.took = waiting.taken();
  if (answer == MQTTCLIENT_SUCCESS) {
    connect.stage = Stage::passed;
    connect.answer = MqttConnect::Answer::accepted;
  } else if (answer > 0) {
    connect.stage = Stage::failed;
    connect.answer = MqttConnect::Answer::refused;
    connect.code = answer;
  } else {
    explain(connect, waiting);
  }
  return connect;
}

void MqttClient::explain(MqttConnect& connect, const Waiting& waiting) {
  relay_->finish();
  connect.stage = Stage::failed;
  if (stop_.stop_requested()) {
    connect.stage = Stage::interrupted;
  } else if (relay_->closed_by_server()) {
    connect.answer = MqttConnect::Answer::closed;
    connect.alert = relay_->alert();
    connect.error = relay_->error();
  } else if (waiting.left() == Milliseconds(0)) {
    connect.stage = Stage::timed_out;
  } else {
    connect.error = "what the server answers is no MQTT";
  }
}

MqttClient::Subscribed MqttClient::subscribe(const std::string& filter) {
  const int result = MQTTClient_subscribe(client_, filter.c_str(), kAtLeastOnce);
  if (result == MQTTCLIENT_SUCCESS) return Subscribed::yes;
  return MQTTClient_isConnected(client_) != 0 ? Subscribed::refused : Subscribed::connection_lost;
}

bool MqttClient::publish(const std::string& topic, const std::string& payload, Milliseconds limit) {
  MQTTClient_deliveryToken token = 0;
  const int given = MQTTClient_publish(client_, topic.c_str(), static_cast<int>(payload.size()), payload.data(),
                                       kAtLeastOnce, 0, &token);
  if (given != MQTTCLIENT_SUCCESS) return false;
  return MQTTClient_waitForCompletion(client_, token, static_cast<unsigned long>(limit.count())) == MQTTCLIENT_SUCCESS;
}

bool MqttClient::receive(std::optional<Message>& message, Milliseconds limit) {
  char* topic = nullptr;
  int size = 0;
  MQTTClient_message* received = nullptr;
  const int result =
      MQTTClient_receive(client_, &topic, &size, &received, static_cast<unsigned long>(milliseconds(limit)));
  if (received != nullptr) {
    const auto* payload = static_cast<const char*>(received->payload);
    message = Message{topic, {payload, static_cast<std::size_t>(received->payloadlen)}, received->retained != 0};
    MQTTClient_freeMessage(&received);
    MQTTClient_free(topic);
    return true;
  }
  message.reset();
  return result == MQTTCLIENT_SUCCESS && MQTTClient_isConnected(client_) != 0;
}

}  // namespace atcert::cloud
