// SPDX-License-Identifier: Apache-2.0
#include "cloud/presence.hpp"

#include "base/json_tree.hpp"

namespace atcert::cloud {
namespace {

constexpr std::string_view kTopics = "$aws/events/presence/";

std::string text_of(const JsonNode& object, std::string_view key) {
  const JsonNode* node = object.find(key);
  return node != nullptr && node->kind == JsonNode::Kind::string ? node->text : std::string();
}

}  // namespace

std::string presence_topic(std::string_view event, std::string_view client_id) {
  return std::string(kTopics).append(event).append("/").append(client_id);
}

std::optional<PresenceEvent> presence_event(std::string_view topic, std::string_view payload) {
  if (!topic.starts_with(kTopics)) return std::nullopt;
  const auto document = parse_json(payload, {.code = "presence"});
  if (!document || document->kind != JsonNode::Kind::object) return std::nullopt;
  PresenceEvent event{
      text_of(*document, "eventType"), text_of(*document, "clientId"), {}, text_of(*document, "principalIdentifier")};
  // By the topic, which the broker's policy has been applied to.
  if (event.event.empty() || topic != presence_topic(event.event, event.client_id)) return std::nullopt;
  event.reason = text_of(*document, event.event == "connect_failed" ? "connectFailureReason" : "disconnectReason");
  return event;
}

}  // namespace atcert::cloud
