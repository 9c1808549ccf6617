// SPDX-License-Identifier: Apache-2.0
// Private to this folder: carries bytes between a TLS connection and a socket of this process on loopback, for an MQTT
// client that does its own sockets but is to do no TLS: keys would have to be in files for it. A thread of its own does
// the carrying. Nobody else gets in: of all that connects only what this process itself has opened is taken.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "base/wake_up.hpp"
#include "cloud/tls.hpp"

namespace atcert::cloud {

class Relay {
 public:
  // `stream` has shaken hands. A stop request closes everything.
  static Result<std::unique_ptr<Relay>> start(std::unique_ptr<TlsStream> stream, const std::stop_token& stop);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::uint16_t port() const { return port_; }  // on 127.0.0.1

  // Ends it; then these say how the server ended it, if it did.
  void finish();
  bool closed_by_server() const { return closed_by_server_; }
  const std::optional<TlsAlert>& alert() const { return stream_->alert(); }
  const std::string& error() const { return stream_->error(); }

 private:
  Relay(std::unique_ptr<TlsStream> stream, Descriptor listener, std::uint16_t port, const std::stop_token& stop);
  void run();
  Descriptor accept_own() const;

  std::unique_ptr<TlsStream> stream_;
  Descriptor listener_;
  std::uint16_t port_;
  bool closed_by_server_ = false;
  WakeUp over_;
  std::stop_callback<std::function<void()>> when_stopped_;
  std::thread thread_;
};

}  // namespace atcert::cloud
