// SPDX-License-Identifier: Apache-2.0
// What the module at the other end is, found out by asking it: identity, commands, where it stores credentials. Only
// what is needed is asked for, since each question costs time on the line.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "at/session.hpp"
#include "base/result.hpp"
#include "image/release.hpp"
#include "module/identity.hpp"
#include "module/partition.hpp"
#include "module/settings.hpp"

namespace atcert::module {

class Module {
 public:
  // Asks a module whose settings are as they should be. Errors: no_module when it falls silent; module when it is no
  // ESP-AT, too old, without MQTT, or has no place for credentials.
  static Result<Module> identify(at::Session& session, const Settings& settings);

  const Identity& identity() const { return identity_; }
  const std::string& mac() const { return mac_; }  // of the station, "02:00:00:00:00:42"; empty: it does not say
  image::Generation generation() const { return generation_; }
  const std::vector<Partition>& partitions() const { return partitions_; }  // asked for in generation pki only
  const Partition* partition(std::string_view name) const;

  // `command` as the manual has it: "AT+MQTTSNI". Asks once, with the query form, which changes nothing: a command that
  // has no query is refused for that and not as unknown. Without error codes only those that answer it are known.
  Result<bool> has_command(at::Session& session, std::string_view command);

 private:
  Result<void> ask(at::Session& session);
  Result<void> ask_identity(at::Session& session);
  Result<void> ask_mac(at::Session& session);
  Result<void> ask_storage(at::Session& session);
  Result<at::Reply> ask_mfg(at::Session& session);

  bool error_codes_ = false;
  Identity identity_;
  std::string mac_;
  std::map<std::string, bool, std::less<>> commands_;  // those that were asked for, and whether they are there
  image::Generation generation_ = image::Generation::nvs;
  std::vector<Partition> partitions_;
};

}  // namespace atcert::module
