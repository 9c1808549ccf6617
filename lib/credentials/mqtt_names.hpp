// SPDX-License-Identifier: Apache-2.0
// Client ids and topics within the limits of AWS IoT ("AWS IoT Core message broker and protocol limits and quotas") and
// of ESP-AT (128 bytes a topic, "MQTT AT Commands").
#pragma once

#include <string_view>

#include "credentials/finding.hpp"

namespace atcert::credentials {

inline constexpr std::size_t kMaxClientIdSize = 128;
inline constexpr std::size_t kMaxAwsTopicSize = 256;
inline constexpr std::size_t kMaxModuleTopicSize = 128;
inline constexpr int kMaxTopicSlashes = 7;

enum class TopicUse { publish, subscribe };

Findings check_client_id(std::string_view id);
Findings check_topic(std::string_view topic, TopicUse use);

}  // namespace atcert::credentials
