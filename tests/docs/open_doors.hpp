// SPDX-License-Identifier: Apache-2.0
// Who gets into a broker that another program started: asked of the system (Linux) and by a client (libmosquitto).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace atcert::test {

// The process of this name that runs in `folder`.
std::optional<pid_t> process_in(const std::filesystem::path& folder, const std::string& name);

// The TCP sockets on which a process listens, as /proc/net writes addresses: "0100007F:1F90" is 127.0.0.1, port 8080.
std::vector<std::string> listeners_of(pid_t process);
std::string loopback_listener(std::uint16_t port);

// Whether a client that gives no name gets into the broker on 127.0.0.1: without TLS, or with it and no certificate
// (where `authority` is a file with the broker's CA).
bool anonymous_gets_in(std::uint16_t port, const std::filesystem::path& authority = {});

}  // namespace atcert::test
