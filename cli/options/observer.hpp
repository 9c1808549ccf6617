// SPDX-License-Identifier: Apache-2.0
// --observe: the options of the host's own client at the broker.
#pragma once

#include <memory>
#include <string>

#include "credentials/credentials.hpp"
#include "program.hpp"
#include "provision/observe.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct ObserverOptions {
  bool observe = false;
  std::string credentials;  // a folder or a file
  std::string client_id;
  std::string broker;  // HOST:PORT
};

void add_observer_options(Verb& verb, ObserverOptions& options);

// With the credentials that the options name, else with `own`, which may be null. An error of kind usage: there are
// none, or the address is none.
Result<provision::ObserverSettings> observer_settings(const ObserverOptions& options,
                                                      std::shared_ptr<const credentials::Credentials> own,
                                                      Program& program);

}  // namespace atcert::cli
