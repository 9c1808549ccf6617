// SPDX-License-Identifier: Apache-2.0
// --online: the options of what the host itself sees of the cloud.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "cloud/probe.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct OnlineOptions {
  bool online = false;
  bool no_connect = false;
  int mqtt_port = 8883;
  std::string broker;  // HOST:PORT
};

void add_online_options(Verb& verb, OnlineOptions& options);

// The server that they name. An error of kind usage: there is no endpoint, or the address is none.
Result<cloud::Server> server_of(const OnlineOptions& options, const std::optional<std::string>& endpoint);

// With a client id of this run's own where none is given: nobody else is thrown out by it.
Result<cloud::ProbeOptions> probe_options(const OnlineOptions& options, const std::optional<std::string>& client_id);

}  // namespace atcert::cli
