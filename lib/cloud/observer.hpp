// SPDX-License-Identifier: Apache-2.0
// A client of the host at the module's broker: it sees that a message of the module got there, sends one from the
// cloud's side, and hears what AWS itself says of the module's connection, where it may. One thread uses it.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cloud/presence.hpp"
#include "cloud/probe.hpp"

namespace atcert::cloud {

class MqttClient;
class TlsIdentity;
struct Message;

struct ObserverOptions {
  Server server;
  std::string client_id;  // its own
  std::string topic;      // of the module's messages
  std::string module_id;  // the module's client id, for the events about it
  Milliseconds stage_limit{10'000};
};

class Observer {
 public:
  // Connected and subscribed to the topic. Errors are those of probe_failure.hpp, told of the observer, or that it may
  // not subscribe.
  static Result<std::unique_ptr<Observer>> connect(const credentials::Credentials& credentials, ObserverOptions options,
                                                   const Clock& clock, const std::stop_token& stop);
  ~Observer();
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  const std::string& client_id() const { return options_.client_id; }

  // Whether the message has come, or comes in time. An error: the connection is lost, or the job is interrupted.
  Result<bool> saw(const std::string& topic, const std::string& payload, Milliseconds limit);

  // Returns when the broker has acknowledged it.
  Result<void> send(const std::string& topic, const std::string& payload, Milliseconds limit);

  // AWS refuses the subscription to its events unless the observer's policy allows it.
  bool hears_presence() const { return hears_presence_; }
  // The events so far and those that come in time, which ends with the first of a name that is asked for.
  const std::vector<PresenceEvent>& presence(std::string_view awaited, Milliseconds limit);

 private:
  Observer(ObserverOptions options, std::unique_ptr<TlsIdentity> identity, const Clock& clock, std::stop_token stop);
  Result<void> open(const credentials::Credentials& credentials);
  Result<void> subscribe();
  bool subscribe_presence();
  // False when the connection is lost.
  bool take_next(Milliseconds limit);
  bool has(const std::string& topic, const std::string& payload) const;
  bool has_event(std::string_view name) const;
  Error lost() const;

  ObserverOptions options_;
  std::unique_ptr<TlsIdentity> identity_;
  const Clock& clock_;
  std::stop_token stop_;
  std::unique_ptr<MqttClient> client_;
  std::vector<Message> messages_;
  std::vector<PresenceEvent> presence_;
  bool hears_presence_ = false;
};

}  // namespace atcert::cloud
