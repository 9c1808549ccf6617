// SPDX-License-Identifier: Apache-2.0
#include "options/diagnosis.hpp"

#include <utility>

#include "base/files.hpp"
#include "options/address.hpp"

namespace atcert::cli {
namespace {

constexpr std::size_t kMaxAnswer = 64 * 1024;

}  // namespace

void add_diagnosis_options(Verb& verb, DiagnosisOptions& options) {
  const std::string group = "Diagnosis";
  verb.add_flag("--online", options.online,
                "When the module fails at the cloud, connect from this machine too, as the module would")
      ->group(group);
  verb.add_flag("--no-connect", options.no_connect,
                "Without MQTT CONNECT, which throws out whoever is connected with the client id")
      ->needs("--online")
      ->group(group);
  verb.add_option("--online-broker", options.broker, "Where this machine connects instead of the endpoint")
      ->option_text("HOST:PORT")
      ->needs("--online")
      ->group(group);
  verb.add_option("--aws-certificate-json", options.aws_certificate_json,
                  "What aws iot describe-certificate says, as evidence when the module fails")
      ->option_text("FILE")
      ->group(group);
}

Result<provision::Informants> informants(const DiagnosisOptions& options) {
  provision::Informants read;
  if (options.online) {
    provision::HostLook host{.connect = !options.no_connect};
    if (!options.broker.empty()) {
      ATCERT_TRY(Address, address, parse_address(options.broker, "--online-broker " + options.broker));
      host.address = std::move(address.host);
      host.address_port = address.port;
    }
    read.host = std::move(host);
  }
  if (options.aws_certificate_json.empty()) return read;
  ATCERT_TRY(const Bytes, content, read_file(options.aws_certificate_json, kMaxAnswer));
  ATCERT_TRY(auto, described, diagnosis::read_certificate_description(as_text(content), options.aws_certificate_json));
  read.described = std::move(described);
  return read;
}

}  // namespace atcert::cli
