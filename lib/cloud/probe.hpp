// SPDX-License-Identifier: Apache-2.0
// What this machine sees of the cloud: one after the other the name, a connection, TLS as a module does it, MQTT. All
// of it is a value, to be shown, and to be weighed as evidence when a module fails where the host does not, or the
// other way round. What cannot be tried, because an earlier stage failed, stays `not_tried`.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "credentials/credentials.hpp"

namespace atcert::cloud {

enum class Stage { not_tried, passed, failed, timed_out, interrupted };

// "not tried", "passed", ...
std::string_view name_of(Stage stage);

// A broker: the name that it has to prove with its certificate, and where it is.
struct Server {
  std::string host;                // as the module knows it: for SNI, and for the name in the certificate
  std::uint16_t port = 8883;       // 443: MQTT with ALPN
  std::string address;             // to connect to instead, as a name or an address; empty: `host`
  std::uint16_t address_port = 0;  // there; 0: `port`
};

struct NameLookup {
  Stage stage = Stage::not_tried;
  std::vector<std::string> addresses;  // in the order of the system's resolver
  int code = 0;                        // EAI_NONAME, EAI_AGAIN, ... (getaddrinfo(3)); 0 when passed
  std::string error;                   // the resolver's words
  Milliseconds took{0};
};

struct TcpConnection {
  Stage stage = Stage::not_tried;
  std::string address;  // the one that answered, else the last that was tried
  std::uint16_t port = 0;
  int code = 0;       // errno: ECONNREFUSED, EHOSTUNREACH, ...; 0 when passed
  std::string error;  // the system's words
  Milliseconds took{0};
};

// An alert of the server (RFC 8446 section 6).
struct TlsAlert {
  int number = 0;    // 48
  std::string name;  // "unknown CA"
};

enum class TlsVersions { all, only_1_2, only_1_3 };

// A handshake, and what the server makes of the client certificate: TLS 1.3 tells that only after it.
struct TlsHandshake {
  enum class ClientCertificate {
    unknown,    // the handshake did not come so far, or the server did not tell
    not_asked,  // the server wants none: it is no broker of the kind that a module needs
    accepted,   // asked for, and the server goes on
    refused,    // asked for, and refused; `alert` says why
    none,       // asked for, and there was none to show: no credentials were given
  };

  Stage stage = Stage::not_tried;
  bool server_name = true;  // SNI was sent
  TlsVersions offered = TlsVersions::all;
  std::string version;                               // "TLSv1.3"
  std::string cipher;                                // "TLS_AES_128_GCM_SHA256"
  std::string protocol;                              // that the server chose by ALPN
  std::vector<credentials::CertificateFacts> chain;  // as the server sent it, its own first
  // Without credentials, or without a chain, these two are unknown.
  std::optional<bool> trusted;       // the given CA verifies the chain, now
  std::string distrust;              // why not: "unable to get local issuer certificate"
  std::optional<bool> name_matches;  // the server's certificate is for `host`
  ClientCertificate client_certificate = ClientCertificate::unknown;
  std::optional<TlsAlert> alert;
  std::string error;  // why the handshake failed, when no alert says it
  Milliseconds took{0};
};

// MQTT 3.1.1 CONNECT with the client id, over TLS as above. It throws out whoever is connected with that id.
struct MqttConnect {
  enum class Answer {
    none,      // `stage` says why
    accepted,  // CONNACK 0
    refused,   // CONNACK with `code`
    closed,    // the server closed the connection instead: AWS's way to say no
  };

  Stage stage = Stage::not_tried;
  std::string client_id;
  Answer answer = Answer::none;
  int code = 0;                   // of CONNACK (MQTT 3.1.1 section 3.2.2.3); AWS also sends 7
  std::optional<TlsAlert> alert;  // with which the server closed
  std::string error;
  Milliseconds took{0};
};

struct Probe {
  Server server;
  NameLookup lookup;
  TcpConnection tcp;
  TlsHandshake tls;
  std::vector<TlsHandshake> variants;  // the same another way, as far as was asked for
  MqttConnect mqtt;
};

struct ProbeOptions {
  std::string client_id;             // of the CONNECT; empty: there is none
  bool without_server_name = false;  // a variant: as firmware before AT+MQTTSNI does it
  bool each_version = false;         // two variants: TLS 1.2 alone, which is what most modules have, and 1.3 alone
  Milliseconds stage_limit{10'000};  // for each stage
};

// Looks at the server with the given credentials, or without any (null). Takes so many times the stage's limit as there
// are stages at most, and ends soon after a stop request; the stage that it cut short is then `interrupted`. An error
// of kind input: OpenSSL, which is not the firmware's library, does not take the credentials.
Result<Probe> probe(const Server& server, const credentials::Credentials* credentials, const ProbeOptions& options,
                    const Clock& clock, const std::stop_token& stop);

}  // namespace atcert::cloud
