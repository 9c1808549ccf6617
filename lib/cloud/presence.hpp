// SPDX-License-Identifier: Apache-2.0
// AWS's own word on a client: the events that it publishes when one connects, does not get in, or goes ("Lifecycle
// events" in the AWS IoT developer guide). They may come late, twice or out of order.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace atcert::cloud {

struct PresenceEvent {
  std::string event;      // "connected", "connect_failed", "disconnected"
  std::string client_id;  // of whom it tells
  std::string reason;     // "AUTHORIZATION_FAILED", "DUPLICATE_CLIENTID", ...; empty: none given
  std::string principal;  // the certificate id; empty: none given
  bool operator==(const PresenceEvent&) const = default;
};

// The topics of a client's events; an id with a wildcard in it has none.
std::string presence_topic(std::string_view event, std::string_view client_id);

// The event in a message; nothing when it is none.
std::optional<PresenceEvent> presence_event(std::string_view topic, std::string_view payload);

}  // namespace atcert::cloud
