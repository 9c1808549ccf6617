// SPDX-License-Identifier: Apache-2.0
// Every offline test of credentials and of the names used with them. Errors stop a job before the port is opened;
// warnings do not.
#pragma once

#include <optional>
#include <string>

#include "credentials/credentials.hpp"
#include "credentials/finding.hpp"
#include "credentials/module_limits.hpp"

namespace atcert::credentials {

struct CheckOptions {
  Date now = {};
  std::chrono::days soon{30};  // "expires soon" is within this time
  std::optional<ModuleLimits> module = {};
  // What the credentials are to be used with; not checked when absent.
  std::optional<std::string> endpoint = {};
  std::optional<std::string> client_id = {};
  std::optional<std::string> publish_topic = {};
  std::optional<std::string> subscribe_topic = {};
  bool strict = false;
};

Findings check(const Credentials& credentials, const CheckOptions& options);

// The part that depends on options.module alone, for when it is known only after all else was checked.
Findings check_module(const Credentials& credentials, const CheckOptions& options);

// The part that needs no credentials: the endpoint, the client id and the topics.
Findings check_names(const CheckOptions& options);

}  // namespace atcert::credentials
