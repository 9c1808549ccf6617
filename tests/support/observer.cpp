// SPDX-License-Identifier: Apache-2.0
#include "support/observer.hpp"

#include <algorithm>
#include <chrono>

#include <mosquitto.h>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "support/require.hpp"

namespace atcert::test {

Observer::Observer(const Broker& broker) : folder_(require(ScratchFolder::create("observer"))) {
  mosquitto_lib_init();
  const auto own = require(credentials::make_device(broker.pki().authority, throwaway_options("observer")));
  const auto ca = folder_.path() / "ca.pem";
  const auto certificate = folder_.path() / "cert.pem";
  const auto key = folder_.path() / "key.pem";
  REQUIRE(write_file(ca, as_bytes(broker.pki().authority.certificate)).ok());
  REQUIRE(write_file(certificate, as_bytes(own.certificate)).ok());
  REQUIRE(write_file(key, own.key.reveal(), Privacy::secret).ok());

  client_ = mosquitto_new(nullptr, true, this);
  mosquitto_connect_callback_set(
      client_, [](mosquitto*, void* self, int code) { static_cast<Observer*>(self)->connected_ = code == 0; });
  mosquitto_subscribe_callback_set(
      client_, [](mosquitto*, void* self, int, int, const int*) { static_cast<Observer*>(self)->subscribed_ = true; });
  mosquitto_message_callback_set(client_, [](mosquitto*, void* self, const mosquitto_message* message) {
    static_cast<Observer*>(self)->messages_.push_back(
        {message->topic, {static_cast<const char*>(message->payload), static_cast<std::size_t>(message->payloadlen)}});
  });
  REQUIRE(mosquitto_tls_set(client_, ca.c_str(), nullptr, certificate.c_str(), key.c_str(), nullptr) == 0);
  mosquitto_tls_insecure_set(client_, true);  // the broker is reached by its address, not by its name
  REQUIRE(mosquitto_connect(client_, "127.0.0.1", broker.port(), 60) == 0);
  REQUIRE(read_until([this] { return connected_; }));
  for (const char* filter : {"#", "$aws/#"}) {  // the first leaves out what begins with a dollar sign
    subscribed_ = false;
    REQUIRE(mosquitto_subscribe(client_, nullptr, filter, 1) == 0);
    REQUIRE(read_until([this] { return subscribed_; }));
  }
}

Observer::~Observer() {
  mosquitto_disconnect(client_);
  mosquitto_destroy(client_);
  mosquitto_lib_cleanup();
}

bool Observer::saw(const Message& message) {
  return read_until([&] { return std::find(messages_.begin(), messages_.end(), message) != messages_.end(); });
}

std::string Observer::payload_with(const std::string& part) {
  std::string found;
  read_until([&] {
    const auto message = std::find_if(messages_.begin(), messages_.end(), [&](const Message& candidate) {
      return candidate.payload.find(part) != std::string::npos;
    });
    if (message != messages_.end()) found = message->payload;
    return message != messages_.end();
  });
  return found;
}

void Observer::publish(const Message& message, bool retain) {
  REQUIRE(mosquitto_publish(client_, nullptr, message.topic.c_str(), static_cast<int>(message.payload.size()),
                            message.payload.data(), 1, retain) == 0);
  REQUIRE(saw(message));
}

template <typename Done>
bool Observer::read_until(Done done) {
  constexpr int kStepMs = 50;
  const auto deadline = SystemClock().now() + std::chrono::seconds(5);
  while (!done()) {
    if (SystemClock().now() > deadline || mosquitto_loop(client_, kStepMs, 1) != MOSQ_ERR_SUCCESS) return done();
  }
  return true;
}

}  // namespace atcert::test
