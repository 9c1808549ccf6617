// SPDX-License-Identifier: Apache-2.0
#include "support/broker.hpp"

#include <fmt/core.h>

#include "base/clock.hpp"
#include "support/require.hpp"

namespace atcert::test {
namespace {

cloud::LoopbackBroker start(const Pki& pki, bool plain_listener) {
  return require(cloud::LoopbackBroker::start({.client_authority = pki.authority.certificate,
                                               .certificate = pki.server.certificate,
                                               .key = pki.server.key.clone(),
                                               .plain_listener = plain_listener}));
}

}  // namespace

credentials::ThrowawayOptions throwaway_options(const std::string& common_name) {
  const auto now = std::chrono::floor<std::chrono::seconds>(SystemClock().wall());
  return {.common_name = common_name,
          .organization = "atcert tests",
          .not_before = now - std::chrono::days(1),
          .not_after = now + std::chrono::days(7)};
}

Pki Pki::make() {
  Pki pki;
  pki.authority = require(credentials::make_authority(throwaway_options("Throwaway Root CA")));
  pki.server = require(credentials::make_server(pki.authority, throwaway_options(kEndpoint), {kEndpoint}));
  pki.device = require(credentials::make_device(pki.authority, throwaway_options("AWS IoT Certificate")));
  return pki;
}

Broker::Broker(bool plain_listener) : pki_(Pki::make()), broker_(start(pki_, plain_listener)) {}

std::string Broker::address() const {
  return fmt::format("127.0.0.1:{}", port());
}

}  // namespace atcert::test
