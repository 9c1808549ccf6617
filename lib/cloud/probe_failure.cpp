// SPDX-License-Identifier: Apache-2.0
#include "cloud/probe_failure.hpp"

#include <netdb.h>

#include <algorithm>
#include <cerrno>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "base/plural.hpp"

namespace atcert::cloud {
namespace {

// Alerts of RFC 8446 section 6.2 and RFC 7301 section 3.2.
constexpr int kUnknownCa = 48;
constexpr int kProtocolVersion = 70;
constexpr int kNoApplicationProtocol = 120;

using ClientCertificate = TlsHandshake::ClientCertificate;
using Answer = MqttConnect::Answer;

std::string seconds_of(Milliseconds time) {
  return fmt::format("{:.1f} s", static_cast<double>(time.count()) / 1000);
}

Error interrupted(const std::string& doing) {
  return {ErrorKind::interrupted, "interrupted", "interrupted while " + doing, {}, "run it again"};
}

Error network(std::string code, std::string what, std::string cause, std::string remedy) {
  return {ErrorKind::network, std::move(code), std::move(what), std::move(cause), std::move(remedy)};
}

Error cloud(std::string code, std::string what, std::string cause, std::string remedy) {
  return {ErrorKind::cloud, std::move(code), std::move(what), std::move(cause), std::move(remedy)};
}

class Judge {
 public:
  Judge(const Probe& seen, const credentials::Credentials* credentials) : seen_(seen), credentials_(credentials) {}

  std::optional<Error> run() const {
    if (seen_.lookup.stage != Stage::passed) return of_lookup();
    if (seen_.tcp.stage != Stage::passed) return of_tcp();
    if (auto error = of_tls()) return error;
    if (is_beyond_modules()) return only_tls_1_3();
    if (seen_.mqtt.stage == Stage::not_tried || seen_.mqtt.stage == Stage::passed) return std::nullopt;
    return of_mqtt();
  }

 private:
  const std::string& name() const { return seen_.server.address.empty() ? seen_.server.host : seen_.server.address; }
  std::string where() const { return fmt::format("{}, port {}", name(), seen_.tcp.port); }

  Error of_lookup() const {
    const NameLookup& lookup = seen_.lookup;
    const std::string doing = fmt::format("looking up {}", excerpt(name()));
    if (lookup.stage == Stage::interrupted) return interrupted(doing);
    if (lookup.stage == Stage::timed_out) {
      return network("host_dns_timeout", fmt::format("{}: no answer in {}", doing, seconds_of(lookup.took)),
                     "this machine's name servers do not answer", "check this machine's network and /etc/resolv.conf");
    }
    const bool is_unknown = lookup.code == EAI_NONAME || lookup.code == EAI_NODATA;
    return network("host_dns_failed", fmt::format("{}: {}", doing, lookup.error),
                   is_unknown ? "the endpoint is mistyped, or this machine's name servers do not know it"
                              : "this machine's name servers cannot be asked",
                   is_unknown ? "compare it with what \"aws iot describe-endpoint --endpoint-type iot:Data-ATS\" prints"
                              : "check this machine's network and /etc/resolv.conf");
  }

  Error of_tcp() const {
    const TcpConnection& tcp = seen_.tcp;
    const std::string doing = fmt::format("connecting to {} ({})", excerpt(where()), tcp.address);
    if (tcp.stage == Stage::interrupted) return interrupted(doing);
    if (tcp.stage == Stage::timed_out) {
      return network("host_tcp_timeout", fmt::format("{}: no answer in {}", doing, seconds_of(tcp.took)),
                     "a firewall drops what goes to this port", port_remedy());
    }
    const bool is_refused = tcp.code == ECONNREFUSED;
    return network("host_tcp_failed", fmt::format("{}: {}", doing, tcp.error),
                   is_refused ? "nothing listens on this port there, or a firewall refuses it"
                              : "this machine has no way to that address",
                   is_refused ? port_remedy() : "check this machine's network");
  }

  std::string port_remedy() const {
    const std::string remedy = fmt::format("let TCP port {} out, and check the endpoint", seen_.tcp.port);
    return seen_.tcp.port == 8883 ? remedy + "; AWS has MQTT on port 443, too" : remedy;
  }

  std::optional<Error> of_tls() const {
    const TlsHandshake& tls = seen_.tls;
    if (tls.stage == Stage::interrupted) return interrupted("shaking hands with " + excerpt(where()));
    if (tls.trusted == false) return not_trusted();
    if (tls.name_matches == false) return wrong_name();
    if (tls.client_certificate == ClientCertificate::refused) return refused_certificate();
    if (tls.stage != Stage::passed && tls.client_certificate != ClientCertificate::none) return no_handshake();
    if (tls.client_certificate == ClientCertificate::not_asked && credentials_ != nullptr) return not_asked();
    return std::nullopt;
  }

  Error no_handshake() const {
    const TlsHandshake& tls = seen_.tls;
    const std::string doing = "TLS with " + excerpt(where());
    if (tls.stage == Stage::timed_out) {
      return cloud("host_tls_timeout", fmt::format("{}: no answer in {}", doing, seconds_of(tls.took)),
                   "what listens there does not speak TLS, or a firewall lets connections through and nothing else",
                   "check the endpoint and the port");
    }
    if (!tls.alert) {
      return cloud("host_tls_failed", fmt::format("{}: {}", doing, tls.error),
                   "what listens there does not speak TLS, or a firewall cuts TLS off",
                   "check the endpoint and the port");
    }
    const bool is_protocol = tls.alert->number == kNoApplicationProtocol;
    return cloud(
        "host_tls_refused",
        fmt::format("{}: the server ended it: {} (alert {})", doing, tls.alert->name, tls.alert->number),
        is_protocol ? "the server has no MQTT on this port (ALPN x-amzn-mqtt-ca)"
                    : "the server does not have this name, or no version of TLS in common",
        is_protocol ? "use port 8883" : "check the endpoint, and the security policy of its domain configuration");
  }

  Error refused_certificate() const {
    const TlsAlert& alert = *seen_.tls.alert;
    return cloud(
        "host_certificate_refused",
        fmt::format("{} refuses the device certificate: {} (alert {})", excerpt(where()), alert.name, alert.number),
        alert.number == kUnknownCa ? "the server does not know who issued it"
                                   : "it is not registered there, not active, or its key is another",
        "register and activate the certificate in the account and region of the endpoint; \"aws iot "
        "describe-certificate\" tells its status");
  }

  Error not_trusted() const {
    const TlsHandshake& tls = seen_.tls;
    const std::string ca = credentials_ == nullptr ? "" : credentials_->ca.first().subject;
    const std::string issuer = tls.chain.empty() ? "" : tls.chain.back().issuer;
    return cloud(
        "host_server_not_trusted",
        fmt::format("the CA {} does not verify the certificate of {}: {}", excerpt(ca), excerpt(where()), tls.distrust),
        fmt::format("the server's chain of {} was issued by {}: the CA is another, the clock of this machine is "
                    "wrong, or somebody stands between",
                    counted(tls.chain.size(), "certificate"), excerpt(issuer)),
        "give the root CA of that chain: --ca AmazonRootCA1 for AWS");
  }

  Error wrong_name() const {
    const auto& chain = seen_.tls.chain;
    return cloud("host_server_name",
                 fmt::format("the certificate of {} is not for {}", excerpt(where()), excerpt(seen_.server.host)),
                 fmt::format("the server shows {}", excerpt(chain.empty() ? "no certificate" : chain.front().subject)),
                 "check the endpoint");
  }

  Error not_asked() const {
    return cloud("host_certificate_not_asked",
                 fmt::format("{} asks for no client certificate, so the credentials are not tried", excerpt(where())),
                 "it is no broker that knows devices by their certificates, or the wrong port of one",
                 "check the endpoint and the port; with mosquitto, set require_certificate");
  }

  bool is_beyond_modules() const {
    return std::any_of(seen_.variants.begin(), seen_.variants.end(), [](const TlsHandshake& tls) {
      return tls.offered == TlsVersions::only_1_2 && tls.alert && tls.alert->number == kProtocolVersion;
    });
  }

  Error only_tls_1_3() const {
    return cloud("host_only_tls_1_3", fmt::format("{} speaks TLS 1.3 alone", excerpt(where())),
                 "no released ESP-AT firmware speaks TLS 1.3, so that no module reaches it",
                 "choose a security policy with TLS 1.2 for the domain configuration: TLS13_1_2_2022_10");
  }

  Error of_mqtt() const {
    const MqttConnect& mqtt = seen_.mqtt;
    const std::string doing = fmt::format("MQTT CONNECT to {} as \"{}\"", excerpt(where()), excerpt(mqtt.client_id));
    if (mqtt.stage == Stage::interrupted) return interrupted(doing);
    if (mqtt.stage == Stage::timed_out) {
      return cloud("host_mqtt_timeout", fmt::format("{}: no answer in {}", doing, seconds_of(mqtt.took)),
                   "what listens there speaks TLS, and does not answer MQTT", "check the endpoint and the port");
    }
    if (mqtt.answer == Answer::refused) {
      return cloud("host_mqtt_refused",
                   fmt::format("{}: refused, {} (CONNACK {})", doing, meaning_of_connack(mqtt.code), mqtt.code),
                   "the broker knows the certificate, and does not let this client id in", policy_remedy());
    }
    if (mqtt.alert) {
      return cloud("host_mqtt_alert",
                   fmt::format("{}: the server ended TLS: {} (alert {})", doing, mqtt.alert->name, mqtt.alert->number),
                   "the broker does not take the device certificate",
                   "register and activate the certificate in the account and region of the endpoint");
    }
    if (mqtt.answer == Answer::closed) {
      return cloud("host_mqtt_closed", fmt::format("{}: the broker closed the connection", doing),
                   "this is how AWS refuses: no policy of the certificate allows iot:Connect for this client id, the "
                   "certificate is not active, or another client of the same id came",
                   policy_remedy());
    }
    return cloud("host_mqtt_failed", fmt::format("{}: {}", doing, mqtt.error), "what listens there is no MQTT broker",
                 "check the endpoint and the port");
  }

  std::string policy_remedy() const {
    return "attach a policy to the certificate that allows iot:Connect for the client id, or give the one that it "
           "allows: --client-id ID";
  }

  const Probe& seen_;
  const credentials::Credentials* credentials_;
};

}  // namespace

std::optional<Error> failure_of(const Probe& seen, const credentials::Credentials* credentials) {
  return Judge(seen, credentials).run();
}

std::string_view name_of(ClientCertificate certificate) {
  switch (certificate) {
    case ClientCertificate::unknown:
      return "unknown";
    case ClientCertificate::not_asked:
      return "not asked for";
    case ClientCertificate::accepted:
      return "accepted";
    case ClientCertificate::refused:
      return "refused";
    case ClientCertificate::none:
      return "none to show";
  }
  return {};
}

std::string_view name_of(Answer answer) {
  switch (answer) {
    case Answer::none:
      return "none";
    case Answer::accepted:
      return "accepted";
    case Answer::refused:
      return "refused";
    case Answer::closed:
      return "closed";
  }
  return {};
}

// MQTT 3.1.1 section 3.2.2.3; 7 is AWS's own.
std::string_view meaning_of_connack(int code) {
  switch (code) {
    case 0:
      return "accepted";
    case 1:
      return "unacceptable protocol version";
    case 2:
      return "client id rejected";
    case 3:
      return "server unavailable";
    case 4:
      return "bad user name or password";
    case 5:
    case 7:
      return "not authorized";
    default:
      return "no code of MQTT 3.1.1";
  }
}

}  // namespace atcert::cloud
