// SPDX-License-Identifier: Apache-2.0
// What is wrong with what a probe saw, as an error: the first stage that did not go as it must for a module. Of kind
// network while there is no way to the server, cloud from there on.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "cloud/probe.hpp"

namespace atcert::cloud {

// Nothing: all that was tried is well. `credentials` are those of the probe, or null.
std::optional<Error> failure_of(const Probe& seen, const credentials::Credentials* credentials);

// "accepted", "refused", ... as JSON has it.
std::string_view name_of(TlsHandshake::ClientCertificate certificate);
std::string_view name_of(MqttConnect::Answer answer);

// What a CONNACK code means: "not authorized".
std::string_view meaning_of_connack(int code);

}  // namespace atcert::cloud
