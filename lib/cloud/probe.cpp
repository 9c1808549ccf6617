// SPDX-License-Identifier: Apache-2.0
#include "cloud/probe.hpp"

#include "cloud/path.hpp"

namespace atcert::cloud {
namespace {

// For a server's word on the client certificate after the handshake: there is only the way back to wait for.
constexpr Milliseconds kVerdictPatience{3000};

class Prober {
 public:
  Prober(const Server& server, const TlsIdentity& identity, const ProbeOptions& options, const Clock& clock,
         const std::stop_token& stop)
      : identity_(identity), options_(options), path_(server, identity, clock, options.stage_limit, stop) {
    seen_.server = server;
  }

  Probe run() {
    seen_.lookup = path_.find();
    if (seen_.lookup.stage != Stage::passed) return std::move(seen_);
    seen_.tls = shake_hands({}, seen_.tcp);
    // Who says nothing to one handshake says nothing to the others.
    if (seen_.tls.stage != Stage::passed && seen_.tls.stage != Stage::failed) return std::move(seen_);
    try_variants();
    if (is_worth_mqtt()) seen_.mqtt = path_.connect(options_.client_id).mqtt;
    return std::move(seen_);
  }

 private:
  TlsHandshake shake_hands(const TlsOptions& how, TcpConnection& tcp) {
    Path::Opened opened = path_.open(how);
    tcp = std::move(opened.tcp);
    if (opened.stream) opened.stream->hear_verdict(opened.tls, path_.stage(kVerdictPatience));
    return std::move(opened.tls);
  }

  void try_variant(const TlsOptions& how) {
    TcpConnection tcp;
    TlsHandshake handshake = shake_hands(how, tcp);
    handshake.server_name = how.server_name;
    handshake.offered = how.versions;
    if (tcp.stage != Stage::passed) {
      handshake.stage = tcp.stage;
      handshake.error = tcp.error;
    }
    seen_.variants.push_back(std::move(handshake));
  }

  void try_variants() {
    if (options_.without_server_name) try_variant({.server_name = false});
    if (!options_.each_version) return;
    try_variant({.versions = TlsVersions::only_1_2});
    try_variant({.versions = TlsVersions::only_1_3});
  }

  // A stranger gets no CONNECT, and who was refused before gets no other answer now.
  bool is_worth_mqtt() const {
    const TlsHandshake& tls = seen_.tls;
    return !options_.client_id.empty() && identity_.has_credentials() && tls.stage == Stage::passed && !tls.alert &&
           tls.trusted == true && tls.name_matches == true;
  }

  const TlsIdentity& identity_;
  const ProbeOptions& options_;
  Path path_;
  Probe seen_;
};

}  // namespace

std::string_view name_of(Stage stage) {
  switch (stage) {
    case Stage::not_tried:
      return "not tried";
    case Stage::passed:
      return "passed";
    case Stage::failed:
      return "failed";
    case Stage::timed_out:
      return "timed out";
    case Stage::interrupted:
      return "interrupted";
  }
  return {};
}

Result<Probe> probe(const Server& server, const credentials::Credentials* credentials, const ProbeOptions& options,
                    const Clock& clock, const std::stop_token& stop) {
  ATCERT_TRY(TlsIdentity, identity, TlsIdentity::make(credentials));
  return Prober(server, identity, options, clock, stop).run();
}

}  // namespace atcert::cloud
