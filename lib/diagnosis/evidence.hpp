// SPDX-License-Identifier: Apache-2.0
// What is known about a failure, as a value: what was asked of the module and how that ended, what the dialogue shows,
// what the module says when it is asked further, what the host sees by itself, and what AWS says. An optional that is
// empty was not found out: unknown is not no. Nothing here is secret.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "image/release.hpp"
#include "script/scope.hpp"

namespace atcert::diagnosis {

enum class Answer { none, ok, error };

// The step that failed.
struct Symptom {
  std::string at;                      // "AT+CWJAP": the command; "port" before the port is open
  std::string failure;                 // the code of the Error that ended the step
  std::string sent;                    // the whole command, as it may be shown
  Answer answer = Answer::none;        // an OK was not enough, where the step failed all the same
  std::vector<std::uint32_t> codes;    // ERR CODE lines, in order
  std::vector<std::string> heard;      // what it said in reply, as it may be shown
  std::optional<unsigned> join_error;  // +CWJAP:<n>
};

// What the dialogue shows, from the opening of the port on.
struct Dialogue {
  unsigned restarts = 0;                  // `ready` while a command ran
  std::string restarted_in;               // the command of the last one
  unsigned commands = 0;                  // sent so far
  bool boot_log = false;                  // lines of the ROM or of the boot loader on the AT port
  std::vector<std::uint32_t> tls_errors;  // of Mbed TLS, where the log comes on the port: "returned -0x2700"
  bool brown_out = false;                 // "Brownout detector was triggered"
  bool crash = false;                     // "Guru Meditation", "stack overflow", a watchdog
  bool echo_only = false;                 // what was sent came back, and nothing else ever did
  bool unreadable = false;                // bytes came, and nothing of it could be read
  bool busy = false;                      // `busy p...`
  bool passthrough = false;               // SEND OK or +IPD that no command of ours explains
  unsigned wifi_losses = 0;               // WIFI DISCONNECT after WIFI GOT IP
  unsigned mqtt_losses = 0;               // +MQTTDISCONNECTED after +MQTTCONNECTED
  bool wifi_lost = false;  // WIFI DISCONNECT was the first sign of the trouble: no +MQTTDISCONNECTED came before it
};

// Who the module is, as far as it said so.
struct Identity {
  std::optional<image::Release> release;
  std::string chip;                   // "ESP32C3"; empty when not known
  std::string generation;             // "pki", "nvs"; empty when not known
  std::optional<bool> sends_sni;      // it has AT+MQTTSNI
  std::optional<bool> sends_alpn;     // it has AT+MQTTALPN
  std::optional<bool> filters_lines;  // AT+SYSMSGFILTER is on
};

struct Network {
  std::string security;      // "WPA2_PSK", in the manual's words
  std::optional<int> power;  // dBm, of the strongest
};

// How a connection ended that was tried to find out whether it can be made.
enum class Attempt { made, refused, timed_out, no_tls, alert, unverified };

// What the module says when it is asked after the failure.
struct Answers {
  std::optional<unsigned> wifi_mode;       // AT+CWMODE?: 0 off, 1 station, 2 access point, 3 both
  std::optional<unsigned> wifi_state;      // AT+CWSTATE?: 2 is joined with an address
  std::optional<bool> network_seen;        // AT+CWLAP lists the network
  std::optional<std::string> similar;      // a network of nearly the same name that it lists
  Network network;                         // what it lists of the network
  std::optional<bool> asks_for_address;    // AT+CWDHCP?: of the station
  std::vector<std::string> name_servers;   // AT+CIPDNS?
  std::optional<std::string> resolved;     // AT+CIPDOMAIN of the endpoint; empty: not resolved
  std::optional<std::int64_t> clock_year;  // AT+CIPSNTPTIME?
  std::optional<std::int64_t> clock_off;   // seconds by which it differs from the host's, without a sign
  std::optional<Attempt> tcp;              // AT+CIPSTART="TCP" to the endpoint's port
  std::optional<Attempt> tcp_443;
  std::vector<std::uint32_t> socket_errors;  // +ERRNO lines of AT+CIPSTART (from 5.0)
  std::optional<unsigned> mqtt_state;        // AT+MQTTCONN?
  std::optional<unsigned> mqtt_scheme;
  std::optional<std::int64_t> memory;  // AT+SYSRAM?: free bytes
};

enum class SlotState { good, empty, damaged, unreadable, swapped };

// What is stored where MQTT looks for it.
struct Stored {
  std::optional<SlotState> ca;
  std::optional<SlotState> certificate;
  std::optional<SlotState> key;
  std::optional<bool> belong_together;        // key and certificate
  std::optional<bool> as_given;               // all three are what the host has
  std::optional<std::string> certificate_id;  // SHA-256 of the certificate, as AWS calls it
  std::optional<bool> amazon_root;            // the root CA is one of Amazon's
  std::optional<bool> other_names;            // something is in the namespace, under another name
};

// What the script was given.
struct Given {
  const script::Values* values = nullptr;  // for the texts of verdicts; outlives the evidence
  std::string endpoint;                    // its kind: "aws", "legacy", "custom", "local"
  std::string password;                    // its form: "none", "short", "blank", "plain"
  std::optional<unsigned> port;
  std::optional<unsigned> client_id_size;
  std::optional<unsigned> topic_levels;  // slashes
};

// What this machine sees of the endpoint by itself.
struct Host {
  std::optional<bool> resolves;
  std::optional<Attempt> tcp;
  std::optional<Attempt> tls;  // as the module does it, with the same credentials
  std::optional<Attempt> tls_without_sni;
  std::optional<Attempt> tls_1_2;
  std::optional<Attempt> tls_1_3;
  std::optional<bool> verified;         // the root CA is the one of the endpoint's chain
  std::optional<std::string> mqtt;      // CONNECT with the same client id: "accepted", "refused", "closed"
  std::optional<std::string> other_id;  // the same with another client id
};

// What AWS says.
struct Aws {
  std::string status;            // of the certificate: "INACTIVE"; empty when not known
  std::string mode;              // "SNI_ONLY"
  std::optional<bool> same;      // the certificate that AWS describes is the one in the module
  std::string connect_failure;   // of a presence event: "AUTHORIZATION_FAILED"
  std::string disconnect_cause;  // of a presence event: "DUPLICATE_CLIENTID"
};

struct Evidence {
  Symptom symptom;
  Dialogue dialogue;
  Identity module;
  Answers answers;
  Stored stored;
  Given given;
  Host host;
  Aws aws;
};

}  // namespace atcert::diagnosis
