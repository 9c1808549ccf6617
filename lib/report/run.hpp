// SPDX-License-Identifier: Apache-2.0
// What a job did, as plain values: the one source of the JSON document, the JUnit file and the summary. It holds no
// secrets.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/events.hpp"

namespace atcert::report {

struct Finding {
  std::string severity;  // "error", "warning", "note"
  std::string code;      // stable
  std::string message;
  std::string remedy;
};

struct CredentialFacts {
  std::string subject;
  std::string issuer;
  std::string key;          // "RSA 2048", "P-256"
  std::string fingerprint;  // SHA-256 of the device certificate, hex
  std::string not_before;   // ISO 8601, UTC
  std::string not_after;
  std::string authority;  // subject of the root CA
};

struct ModuleFacts {
  std::string port;
  std::string chip;        // "ESP32C3"
  std::string release;     // "4.1.1.0"
  std::string name;        // as Bin version has it: "MINI-1"
  std::string firmware;    // the whole AT version line
  std::string generation;  // "pki" or "nvs"
  std::string mac;         // of its station; empty: it did not say
};

struct SlotFacts {
  std::string slot;      // "mqtt_ca"
  std::size_t size = 0;  // bytes of the item
  // "content", "empty", "damaged" or "foreign" (no certificate or key) of a slot that was only read; "written", "equal"
  // (was there already), "not written", "would be written"; after a write that failed what is there
  // now: "empty", "damaged", "other", or "unknown"
  std::string state;
  std::string problem{};  // why it is damaged or foreign, or what the firmware will not like of it
  // Of the item: of a certificate, and in the end of its key or of the key itself.
  std::string subject{};
  std::string fingerprint{};  // SHA-256, hex
  std::string not_before{};   // ISO 8601, UTC
  std::string not_after{};
  std::string key{};              // "RSA 2048"
  std::string key_fingerprint{};  // SHA-256 of the public key, hex: the same in a certificate and its key
};

// A cause that fits a failure (lib/diagnosis).
struct Cause {
  std::string code;  // "wifi_wrong_password": `atcert explain` knows it
  std::string title;
  std::string confidence;  // "certain", "likely", "possible"
  std::string cause;
  std::string remedy;
  std::string tell;                   // what would tell it from the others
  std::vector<std::string> evidence;  // what speaks for it
};

// What the host's own client at the broker heard.
struct ObserverEvent {
  std::string event;      // "connected", "connect_failed", "disconnected": AWS's words
  std::string client_id;  // of the module
  std::string reason;
  std::string principal;  // the certificate id
};

struct ObserverFacts {
  std::string client_id;
  bool hears_events = false;  // AWS lets it
  std::vector<ObserverEvent> events;
};

struct Run {
  std::string command;
  WallTime started;
  Milliseconds duration{0};
  std::vector<StepEnd> steps;
  std::vector<Finding> findings;
  std::vector<std::string> notes;
  std::optional<CredentialFacts> credentials;
  std::optional<ModuleFacts> module;
  std::vector<SlotFacts> slots;
  std::optional<ObserverFacts> observer;
  std::optional<bool> key_fits_certificate;  // of those in the slots, once both were read
  std::vector<std::string> left;             // what of the module could not be put back
  std::optional<Error> error;
  std::vector<Cause> causes;  // of the error, the most likely first
};

}  // namespace atcert::report
