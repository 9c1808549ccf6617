// SPDX-License-Identifier: Apache-2.0
// A second client of the broker, on another implementation of MQTT and TLS (libmosquitto): it proves from outside that
// a message passed the broker, and sends messages from the cloud's side. Single-threaded: it reads while it waits.
#pragma once

#include <string>
#include <vector>

#include "base/scratch_folder.hpp"
#include "support/broker.hpp"

struct mosquitto;

namespace atcert::test {

class Observer {
 public:
  struct Message {
    std::string topic;
    std::string payload;
    bool operator==(const Message&) const = default;
  };

  // Connected with credentials of the broker's authority, and subscribed to everything, when it returns.
  explicit Observer(const Broker& broker);
  ~Observer();
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  // Waits up to 5 s for this message.
  bool saw(const Message& message);
  // Waits up to 5 s for a message with `part` in its payload; its payload, or nothing.
  std::string payload_with(const std::string& part);

  void publish(const Message& message, bool retain = false);

 private:
  template <typename Done>
  bool read_until(Done done);

  ScratchFolder folder_;  // libmosquitto takes credentials from files
  mosquitto* client_;
  std::vector<Message> messages_;
  bool connected_ = false;
  bool subscribed_ = false;
};

}  // namespace atcert::test
