// SPDX-License-Identifier: Apache-2.0
#include "options/observer.hpp"

#include <utility>

#include "options/address.hpp"
#include "options/credentials.hpp"

namespace atcert::cli {

void add_observer_options(Verb& verb, ObserverOptions& options) {
  const std::string group = "Observer";
  verb.add_flag("--observe", options.observe,
                "Watch at the broker from this machine, and send the module a message from there")
      ->group(group);
  verb.add_option("--observer-creds", options.credentials,
                  "Folder or file with the credentials to watch with; provision takes those of the module without them")
      ->option_text("DIR|FILE")
      ->needs("--observe")
      ->group(group);
  verb.add_option("--observer-client-id", options.client_id, "Its MQTT client id, which nothing else may have")
      ->option_text("ID")
      ->needs("--observe")
      ->group(group);
  verb.add_option("--observer-broker", options.broker, "Where it connects instead of the endpoint")
      ->option_text("HOST:PORT")
      ->needs("--observe")
      ->group(group);
}

Result<provision::ObserverSettings> observer_settings(const ObserverOptions& options,
                                                      std::shared_ptr<const credentials::Credentials> own,
                                                      Program& program) {
  provision::ObserverSettings settings{std::move(own), options.client_id, {}, 0};
  if (!options.credentials.empty()) {
    CredentialOptions given;
    given.source.folder = options.credentials;
    ATCERT_TRY(credentials::Credentials, loaded, load_credentials(given, program));
    settings.credentials = std::make_shared<const credentials::Credentials>(std::move(loaded));
  }
  if (!settings.credentials) {
    return Error{ErrorKind::usage,
                 "no_observer_credentials",
                 "--observe without credentials: this machine has none that the broker would let it in with",
                 {},
                 "give --observer-creds DIR or FILE, with a certificate whose policy allows the topic"};
  }
  if (options.broker.empty()) return settings;
  ATCERT_TRY(Address, address, parse_address(options.broker, "--observer-broker " + options.broker));
  settings.address = std::move(address.host);
  settings.address_port = address.port;
  return settings;
}

}  // namespace atcert::cli
