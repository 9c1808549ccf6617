// SPDX-License-Identifier: Apache-2.0
// Private to this folder: the first two stages, names and TCP.
#pragma once

#include "base/descriptor.hpp"
#include "cloud/probe.hpp"
#include "cloud/waiting.hpp"

namespace atcert::cloud {

// Asks the system's resolver, which cannot be stopped: a thread of its own waits for it, and is left behind when the
// time is up.
NameLookup look_up(const std::string& name, const Waiting& waiting);

struct Connected {
  TcpConnection facts;
  Descriptor socket;  // non-blocking; open when `facts` says that it passed
};

// The first of the addresses that answers; those before it share the time.
Connected connect_to(const std::vector<std::string>& addresses, std::uint16_t port, const Clock& clock,
                     Milliseconds limit, const std::stop_token& stop);

}  // namespace atcert::cloud
