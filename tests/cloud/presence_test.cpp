// SPDX-License-Identifier: Apache-2.0
// Messages as "Lifecycle events" in the AWS IoT developer guide shows them.
#include "cloud/presence.hpp"

#include <doctest/doctest.h>

namespace atcert::cloud {

TEST_CASE("events name the client, the certificate and the reason") {
  const auto connected = presence_event("$aws/events/presence/connected/186b5",
                                        R"({"clientId": "186b5", "timestamp": 1573002230757, "eventType": "connected",
          "sessionIdentifier": "a4666d2a7d844ae4ac5d7b38c9cb7967", "principalIdentifier": "12345678901234567890123456789012",
          "ipAddress": "192.0.2.0", "versionNumber": 0})");
  REQUIRE(connected);
  CHECK(*connected == PresenceEvent{"connected", "186b5", "", "12345678901234567890123456789012"});
  const auto gone = presence_event("$aws/events/presence/disconnected/186b5",
                                   R"({"clientId": "186b5", "timestamp": 1573002340451, "eventType": "disconnected",
          "principalIdentifier": "1234", "clientInitiatedDisconnect": false, "disconnectReason": "DUPLICATE_CLIENTID"})");
  REQUIRE(gone);
  CHECK(*gone == PresenceEvent{"disconnected", "186b5", "DUPLICATE_CLIENTID", "1234"});
}

TEST_CASE("what is not of AWS's topics, or tells of another client than its topic, is no event") {
  const char* event = R"({"clientId": "a", "eventType": "connected"})";
  CHECK(presence_event("$aws/events/presence/connected/a", event));
  CHECK_FALSE(presence_event("events/presence/connected/a", event));
  CHECK_FALSE(presence_event("$aws/events/presence/connected/b", event));
  CHECK_FALSE(presence_event("$aws/events/presence/disconnected/a", event));
  for (const char* text : {"", "[]", "{", "{\"clientId\": 1, \"eventType\": \"connected\"}", "{\"clientId\": \"a\"}"}) {
    CAPTURE(text);
    CHECK_FALSE(presence_event("$aws/events/presence/connected/a", text));
  }
}

}  // namespace atcert::cloud
