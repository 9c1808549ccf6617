// SPDX-License-Identifier: Apache-2.0
#include "cloud/observer.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "cloud/path.hpp"
#include "cloud/probe_failure.hpp"

namespace atcert::cloud {
namespace {

// Of what an observer sees only the newest counts.
constexpr std::size_t kMostMessages = 1000;

Error of_observer(Error error) {
  error.what = "the observer: " + error.what;
  return error;
}

}  // namespace

Result<std::unique_ptr<Observer>> Observer::connect(const credentials::Credentials& credentials,
                                                    ObserverOptions options, const Clock& clock,
                                                    const std::stop_token& stop) {
  ATCERT_TRY(TlsIdentity, identity, TlsIdentity::make(&credentials));
  std::unique_ptr<Observer> observer(
      new Observer(std::move(options), std::make_unique<TlsIdentity>(std::move(identity)), clock, stop));
  ATCERT_CHECK(observer->open(credentials));
  observer->hears_presence_ = observer->subscribe_presence();
  // AWS answers a subscription that it does not allow by closing the connection.
  if (!observer->hears_presence_) ATCERT_CHECK(observer->open(credentials));
  ATCERT_CHECK(observer->subscribe());
  return observer;
}

Observer::Observer(ObserverOptions options, std::unique_ptr<TlsIdentity> identity, const Clock& clock,
                   std::stop_token stop)
    : options_(std::move(options)), identity_(std::move(identity)), clock_(clock), stop_(std::move(stop)) {}

Observer::~Observer() = default;

Result<void> Observer::open(const credentials::Credentials& credentials) {
  client_.reset();
  Path path(options_.server, *identity_, clock_, options_.stage_limit, stop_);
  Probe seen;
  seen.server = options_.server;
  seen.lookup = path.find();
  if (seen.lookup.stage == Stage::passed) {
    Path::Session session = path.connect(options_.client_id);
    seen.tcp = std::move(session.tcp);
    seen.tls = std::move(session.tls);
    seen.mqtt = std::move(session.mqtt);
    client_ = std::move(session.client);
  }
  if (client_) return {};
  auto failure = failure_of(seen, &credentials);
  return failure ? of_observer(*std::move(failure)) : lost();
}

Result<void> Observer::subscribe() {
  switch (client_->subscribe(options_.topic)) {
    case MqttClient::Subscribed::yes:
      return {};
    case MqttClient::Subscribed::connection_lost:
      if (stop_.stop_requested()) return lost();
      [[fallthrough]];
    case MqttClient::Subscribed::refused:
      break;
  }
  return Error{ErrorKind::cloud, "observer_not_subscribed",
               fmt::format("the observer: the broker does not let it subscribe to \"{}\"", excerpt(options_.topic)),
               "the policy of the observer's certificate does not allow it",
               fmt::format("allow iot:Subscribe on topicfilter/{0} and iot:Receive on topic/{0} for the observer",
                           excerpt(options_.topic))};
}

bool Observer::subscribe_presence() {
  const std::string& id = options_.module_id;
  if (id.empty() || id.find_first_of("#+/") != id.npos) return false;
  for (const char* event : {"connected", "connect_failed", "disconnected"}) {
    if (client_->subscribe(presence_topic(event, id)) != MqttClient::Subscribed::yes) return false;
  }
  return true;
}

bool Observer::take_next(Milliseconds limit) {
  std::optional<Message> message;
  if (!client_->receive(message, limit)) return false;
  if (!message) return true;
  if (auto event = presence_event(message->topic, message->payload)) {
    presence_.push_back(*std::move(event));
  } else {
    if (messages_.size() == kMostMessages) messages_.erase(messages_.begin());
    messages_.push_back(*std::move(message));
  }
  return true;
}

bool Observer::has(const std::string& topic, const std::string& payload) const {
  return std::any_of(messages_.begin(), messages_.end(),
                     [&](const Message& message) { return message.topic == topic && message.payload == payload; });
}

bool Observer::has_event(std::string_view name) const {
  return std::any_of(presence_.begin(), presence_.end(),
                     [&](const PresenceEvent& event) { return event.event == name; });
}

Result<bool> Observer::saw(const std::string& topic, const std::string& payload, Milliseconds limit) {
  const Waiting waiting(clock_, limit, stop_);
  while (!has(topic, payload)) {
    if (!take_next(waiting.left())) return lost();
    if (waiting.left() == Milliseconds(0)) return has(topic, payload);
  }
  return true;
}

Result<void> Observer::send(const std::string& topic, const std::string& payload, Milliseconds limit) {
  if (client_->publish(topic, payload, limit)) return {};
  if (stop_.stop_requested()) return lost();
  return Error{ErrorKind::cloud, "observer_not_published",
               fmt::format("the observer: the broker does not acknowledge its message to \"{}\"", excerpt(topic)),
               "the policy of the observer's certificate does not allow it, or the connection is lost",
               fmt::format("allow iot:Publish on topic/{} for the observer", excerpt(topic))};
}

const std::vector<PresenceEvent>& Observer::presence(std::string_view awaited, Milliseconds limit) {
  const Waiting waiting(clock_, limit, stop_);
  while (hears_presence_ && take_next(waiting.left())) {
    if (has_event(awaited) || waiting.left() == Milliseconds(0)) break;
  }
  return presence_;
}

Error Observer::lost() const {
  if (stop_.stop_requested()) return {ErrorKind::interrupted, "interrupted", "interrupted", {}, "run it again"};
  return {ErrorKind::cloud, "observer_lost", "the observer: its connection to the broker is lost",
          "another client of the same id, a policy that ends it, or this machine's network",
          "give the observer a client id that nothing else has: --observer-client-id ID"};
}

}  // namespace atcert::cloud
