// SPDX-License-Identifier: Apache-2.0
// What this machine sees of the endpoint when a module has failed there: with the same credentials and the same client
// id, then as far as it tells causes apart, in other ways too.
#pragma once

#include <string>

#include "credentials/credentials.hpp"
#include "diagnosis/evidence.hpp"
#include "provision/context.hpp"

namespace atcert::provision {

struct HostLook {
  bool connect = true;  // MQTT CONNECT too, which throws out whoever is connected with the client id
  std::string address;  // to connect to instead of the endpoint; empty: where its name leads
  std::uint16_t address_port = 0;
};

// Adds what was seen to the evidence of the failure, as a step of the job. Takes a minute at most.
void look_from_host(const HostLook& how, Context& context, Failure& failure);

}  // namespace atcert::provision
