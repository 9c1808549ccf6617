// SPDX-License-Identifier: Apache-2.0
#include "emulator/domain_command.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "emulator/timing.hpp"

namespace atcert::emulator {
namespace {

// A broker that is named, not numbered, is one on this machine as far as the module can tell.
std::string address_of(const std::string& host) {
  const bool numeric = !host.empty() && host.find_first_not_of("0123456789.") == std::string::npos;
  return numeric ? host : "127.0.0.1";
}

}  // namespace

CommandRows DomainCommand::commands() {
  return {{"+CIPDOMAIN", {}, [this](const auto& p) { return resolve(p); }, {}}};
}

// <"domain name">[,<ip network>][,<timeout>]
Outcome DomainCommand::resolve(const Parameters& parameters) {
  const std::size_t most = run_.board.features.domain_timeout ? 3 : 2;
  const auto name = parameters.text(0);
  if (!name.ok() || name.value.empty() || parameters.count() > most) return Outcome::error;
  if (parameters.count() > 1) {
    const auto network = parameters.number(1);
    if (network.failed() || (network.ok() && (network.value < 1 || network.value > 3))) return Outcome::error;
  }
  const auto& broker = run_.board.options.broker;
  if (!online_() || !broker) {
    run_.timers.after(kDomainFailureTime, [this] { run_.port.finish(Outcome::error); });
    return Outcome::running;
  }
  run_.timers.after(kDomainTime, [this, address = address_of(broker->host)] {
    const std::string_view quote = run_.board.features.quoted_domain ? "\"" : "";
    run_.port.print(fmt::format("+CIPDOMAIN:{}{}{}\r\n", quote, address, quote));
    run_.port.finish(Outcome::ok);
  });
  return Outcome::running;
}

}  // namespace atcert::emulator
