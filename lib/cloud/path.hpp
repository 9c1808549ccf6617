// SPDX-License-Identifier: Apache-2.0
// Private to this folder: the way to a server, as often as it is gone: its name is looked up once, then each connection
// is one of its own.
#pragma once

#include <algorithm>
#include <memory>
#include <stop_token>

#include "cloud/mqtt_client.hpp"
#include "cloud/probe.hpp"
#include "cloud/tls.hpp"
#include "cloud/waiting.hpp"

namespace atcert::cloud {

class Path {
 public:
  // All that is referred to outlives it. `stage_limit` is for each stage.
  Path(const Server& server, const TlsIdentity& identity, const Clock& clock, Milliseconds stage_limit,
       const std::stop_token& stop)
      : server_(server), identity_(identity), clock_(clock), stage_limit_(stage_limit), stop_(stop) {}

  const NameLookup& find();

  struct Opened {
    TcpConnection tcp;
    TlsHandshake tls;
    std::unique_ptr<TlsStream> stream;  // when both have passed
  };
  // With the server's name and MQTT's ALPN filled in.
  Opened open(TlsOptions options = {});

  struct Session {
    TcpConnection tcp;
    TlsHandshake tls;
    MqttConnect mqtt;                    // has failed where one before it has
    std::unique_ptr<MqttClient> client;  // when all have passed
  };
  // Only with a server that the CA verifies.
  Session connect(const std::string& client_id);

  // The time of a stage, or less.
  Waiting stage(Milliseconds most = Milliseconds::max()) const { return {clock_, std::min(most, stage_limit_), stop_}; }

 private:
  const Server& server_;
  const TlsIdentity& identity_;
  const Clock& clock_;
  Milliseconds stage_limit_;
  const std::stop_token& stop_;
  NameLookup lookup_;
};

}  // namespace atcert::cloud
