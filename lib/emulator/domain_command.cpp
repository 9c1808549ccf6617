// SPDX-License-Identifier: Apache-2.0
#include "emulator/domain_command.hpp"

#include <fmt/core.h>

#include "emulator/names.hpp"
#include "emulator/timing.hpp"

namespace atcert::emulator {
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
  const std::optional<Route> route = route_to(run_.board.options, name.value, 0);
  if (!online_() || !route || !(route->given || is_address(name.value))) {
    run_.timers.after(kDomainFailureTime, [this] { run_.port.finish(Outcome::error); });
    return Outcome::running;
  }
  run_.timers.after(kDomainTime, [this, address = shown_address(route->address)] {
    const std::string_view quote = run_.board.features.quoted_domain ? "\"" : "";
    run_.port.print(fmt::format("+CIPDOMAIN:{}{}{}\r\n", quote, address, quote));
    run_.port.finish(Outcome::ok);
  });
  return Outcome::running;
}

}  // namespace atcert::emulator
