// SPDX-License-Identifier: Apache-2.0
#include "credentials/mqtt_names.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace atcert::credentials {
namespace {

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// MQTT 3.1.1 section 4.7.1: # is the last level alone, + fills a level.
bool has_misplaced_wildcard(std::string_view topic) {
  for (std::size_t i = 0; i < topic.size(); ++i) {
    if (topic[i] != '#' && topic[i] != '+') continue;
    const bool begins_level = i == 0 || topic[i - 1] == '/';
    const bool ends_level = i + 1 == topic.size() || topic[i + 1] == '/';
    if (!begins_level || !ends_level || (topic[i] == '#' && i + 1 != topic.size())) return true;
  }
  return false;
}

// AWS does not count the first three levels of a Basic Ingest topic: $aws/rules/<rule>/.
std::string_view counted_part(std::string_view topic) {
  constexpr std::string_view kRules = "$aws/rules/";
  if (!topic.starts_with(kRules)) return topic;
  const std::size_t slash = topic.find('/', kRules.size());
  return slash == std::string_view::npos ? std::string_view() : topic.substr(slash + 1);
}

Finding error(std::string code, std::string message, std::string remedy) {
  return {Severity::error, std::move(code), std::move(message), std::move(remedy)};
}

Findings check_topic_length(std::string_view topic) {
  if (topic.size() > kMaxModuleTopicSize) {
    return {error("topic_too_long",
                  fmt::format("the topic has {} bytes; ESP-AT takes {} and AWS {}", topic.size(), kMaxModuleTopicSize,
                              kMaxAwsTopicSize),
                  "choose a shorter topic")};
  }
  return {};
}

}  // namespace

Findings check_client_id(std::string_view id) {
  if (id.empty()) {
    return {
        error("client_id_empty", "the client id is empty", "give an id of 1 to 128 bytes, such as the thing's name")};
  }
  if (id.size() > kMaxClientIdSize) {
    return {error("client_id_too_long",
                  fmt::format("the client id has {} bytes; AWS takes {}", id.size(), kMaxClientIdSize),
                  "choose a shorter client id")};
  }
  if (has_control_characters(id)) {
    return {error("client_id_form", "the client id holds control characters", "use printable characters only")};
  }
  if (id.starts_with('$')) {
    return {error("client_id_form", "the client id begins with $, which AWS refuses", "choose another client id")};
  }
  return {};
}

Findings check_topic(std::string_view topic, TopicUse use) {
  if (topic.empty()) return {error("topic_empty", "the topic is empty", "give a topic")};
  if (has_control_characters(topic)) {
    return {error("topic_form", "the topic holds control characters", "use printable characters only")};
  }
  Findings findings = check_topic_length(topic);
  const std::string_view counted = counted_part(topic);
  if (std::count(counted.begin(), counted.end(), '/') > kMaxTopicSlashes) {
    findings.push_back(
        error("topic_too_deep",
              fmt::format("the topic \"{}\" has more than {} slashes, which AWS refuses", topic, kMaxTopicSlashes),
              "use fewer levels"));
  }
  const bool wildcard = topic.find_first_of("#+") != std::string_view::npos;
  if (use == TopicUse::publish && wildcard) {
    findings.push_back(error("topic_wildcard",
                             fmt::format("the topic \"{}\" has a wildcard and is published to", topic),
                             "name one topic, without # and +"));
  } else if (has_misplaced_wildcard(topic)) {
    findings.push_back(error("topic_wildcard",
                             fmt::format("the topic filter \"{}\" has a wildcard in the wrong place", topic),
                             "+ stands for a whole level, # for all that follow at the end"));
  }
  return findings;
}

}  // namespace atcert::credentials
