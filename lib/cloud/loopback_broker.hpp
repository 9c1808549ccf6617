// SPDX-License-Identifier: Apache-2.0
// A real broker (mosquitto) on loopback that stands in for AWS: TLS, and only clients that show a certificate of the
// given authority. For the demo and the tests. Ends with its owner, and with the thread that started it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/child_process.hpp"
#include "base/result.hpp"
#include "base/scratch_folder.hpp"
#include "base/secret.hpp"

namespace atcert::cloud {

struct LoopbackBrokerOptions {
  std::string client_authority;            // PEM: clients must show a certificate of it
  std::string certificate;                 // PEM, the broker's own
  Secret key;                              // PEM
  bool plain_listener = false;             // also a port without TLS
  std::vector<std::string> settings = {};  // more lines of mosquitto.conf: a broker that refuses something
};

class LoopbackBroker {
 public:
  // Returns when it listens. Errors: mosquitto is not installed, or does not start (with its own words).
  static Result<LoopbackBroker> start(const LoopbackBrokerOptions& options);

  std::uint16_t port() const { return ports_.tls; }
  std::uint16_t plain_port() const { return ports_.plain; }  // 0 without one

  void stop() { process_.stop(); }

 private:
  struct Ports {
    std::uint16_t tls = 0;
    std::uint16_t plain = 0;
  };

  LoopbackBroker(ScratchFolder folder, ChildProcess process, Ports ports)
      : folder_(std::move(folder)), process_(std::move(process)), ports_(ports) {}
  static Result<Ports> choose_ports(bool plain);
  static std::string configuration(const std::filesystem::path& folder, Ports ports,
                                   const std::vector<std::string>& settings);
  // True when it listens, false when another program was faster to take a port.
  static Result<bool> wait_until_running(int log);

  ScratchFolder folder_;  // its keys; outlives the process
  ChildProcess process_;
  Ports ports_;
};

}  // namespace atcert::cloud
