// SPDX-License-Identifier: Apache-2.0
#include "options/online.hpp"

#include "base/random.hpp"
#include "options/address.hpp"

namespace atcert::cli {

void add_online_options(Verb& verb, OnlineOptions& options) {
  const std::string group = "Online";
  verb.add_flag("--online", options.online, "Connect to the endpoint from this machine, too, as a module would")
      ->group(group);
  verb.add_flag("--no-connect", options.no_connect,
                "Without MQTT CONNECT, which throws out whoever is connected with the client id")
      ->needs("--online")
      ->group(group);
  verb.add_option("--mqtt-port", options.mqtt_port, "Port of the endpoint; 443 for MQTT with ALPN")
      ->option_text("N [8883]")
      ->range(1, 65535)
      ->needs("--online")
      ->group(group);
  verb.add_option("--broker", options.broker, "Where the connections go instead, whatever name they are for")
      ->option_text("HOST:PORT")
      ->needs("--online")
      ->group(group);
}

Result<cloud::Server> server_of(const OnlineOptions& options, const std::optional<std::string>& endpoint) {
  if (!endpoint || endpoint->empty()) {
    return Error{ErrorKind::usage,
                 "no_endpoint",
                 "--online without an endpoint to connect to",
                 {},
                 "add --endpoint HOST; \"aws iot describe-endpoint --endpoint-type iot:Data-ATS\" tells it"};
  }
  cloud::Server server{.host = *endpoint, .port = static_cast<std::uint16_t>(options.mqtt_port)};
  if (options.broker.empty()) return server;
  ATCERT_TRY(Address, address, parse_address(options.broker, "--broker " + options.broker));
  server.address = address.host;
  server.address_port = address.port;
  return server;
}

Result<cloud::ProbeOptions> probe_options(const OnlineOptions& options, const std::optional<std::string>& client_id) {
  cloud::ProbeOptions probe{.client_id = client_id.value_or(""), .without_server_name = true, .each_version = true};
  if (options.no_connect) {
    probe.client_id.clear();
  } else if (probe.client_id.empty()) {
    ATCERT_TRY(std::string, nonce, new_nonce());
    probe.client_id = "atcert-" + nonce;
  }
  return probe;
}

}  // namespace atcert::cli
