// SPDX-License-Identifier: Apache-2.0
// A real broker with throwaway credentials: one authority for it and for the device, P-256 keys (RSA takes longer to
// make).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cloud/loopback_broker.hpp"
#include "credentials/throwaway.hpp"

namespace atcert::test {

// The name in the broker's certificate, in the form of an AWS endpoint.
inline constexpr const char* kEndpoint = "test-ats.iot.eu-central-1.amazonaws.com";

// Valid from yesterday for a week.
credentials::ThrowawayOptions throwaway_options(const std::string& common_name);

struct Pki {
  credentials::Throwaway authority;
  credentials::Throwaway server;
  credentials::Throwaway device;

  static Pki make();
};

// The certificate of `authority` as another authority issues it: the same name and key, no longer self-signed.
std::string issued_by(const credentials::Throwaway& issuer, const credentials::Throwaway& authority);

class Broker {
 public:
  // `settings` are more lines of mosquitto.conf.
  explicit Broker(bool plain_listener = false, const std::vector<std::string>& settings = {});
  Broker(Pki pki, const std::vector<std::string>& settings);

  const Pki& pki() const { return pki_; }
  std::uint16_t port() const { return broker_.port(); }
  std::uint16_t plain_port() const { return broker_.plain_port(); }
  std::string address() const;  // for --broker
  void stop() { broker_.stop(); }

 private:
  Pki pki_;
  cloud::LoopbackBroker broker_;
};

// The settings of a broker that refuses every subscription; a file in `folder` says so to mosquitto's own plug-in.
std::vector<std::string> no_subscriptions(const std::filesystem::path& folder);

}  // namespace atcert::test
