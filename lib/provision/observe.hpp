// SPDX-License-Identifier: Apache-2.0
// The parts of a job that let the host watch at the broker: it connects before the port is opened, so that nothing of
// the module's coming is missed, and tells at the end what it heard.
#pragma once

#include <memory>
#include <string>

#include "credentials/credentials.hpp"
#include "provision/job.hpp"

namespace atcert::provision {

struct ObserverSettings {
  std::shared_ptr<const credentials::Credentials> credentials;
  std::string client_id;  // empty: one of this run's own
  std::string address;    // where the endpoint is for the host; empty: where its name leads
  std::uint16_t address_port = 0;
};

// After check_script(), whose values say where to and what for.
Part connect_observer(ObserverSettings settings);

// After prove(): what AWS said of the module's connection goes into the record.
Part dismiss_observer();

}  // namespace atcert::provision
