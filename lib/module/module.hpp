// SPDX-License-Identifier: Apache-2.0
// What the module at the other end is, found out by asking it: identity, commands, where it stores credentials. Asking
// needs error codes on and the echo off; restore() puts both back as they were found.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "at/session.hpp"
#include "base/result.hpp"
#include "image/release.hpp"
#include "module/identity.hpp"
#include "module/partition.hpp"

namespace atcert::module {

// As it was before we changed it.
struct Settings {
  bool echo = false;
  std::optional<bool> error_codes;  // AT+SYSLOG; nothing where the firmware does not have it (before 2.1)
};

class Module {
 public:
  // Errors: no_module when nothing answers; module when it is no ESP-AT, too old, without MQTT, or has no place for
  // credentials; then the settings have been put back.
  static Result<Module> identify(at::Session& session);

  const Identity& identity() const { return identity_; }
  image::Generation generation() const { return generation_; }
  const std::vector<Partition>& partitions() const { return partitions_; }  // asked for in generation pki only
  const Partition* partition(std::string_view name) const;

  // `command` as the manual has it: "AT+MQTTSNI". Of a firmware that cannot list its commands (before 2.2) only those
  // that atcert uses are known.
  bool has_command(std::string_view command) const { return commands_.contains(std::string(command)); }

  Result<void> restore(at::Session& session) const;

 private:
  Result<void> ask(at::Session& session);
  Result<void> ask_settings(at::Session& session);
  Result<void> ask_identity(at::Session& session);
  Result<void> ask_commands(at::Session& session);
  Result<void> probe_commands(at::Session& session);
  Result<void> ask_storage(at::Session& session);

  Settings found_;
  Identity identity_;
  std::set<std::string> commands_;
  image::Generation generation_ = image::Generation::nvs;
  std::vector<Partition> partitions_;
};

}  // namespace atcert::module
