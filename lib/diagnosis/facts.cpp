// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/facts.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>

namespace atcert::diagnosis {
namespace {

using Maybe = std::optional<FactValue>;

template <typename Number>
Maybe number(const std::optional<Number>& value) {
  return value ? Maybe(static_cast<std::int64_t>(*value)) : std::nullopt;
}

Maybe flag(const std::optional<bool>& value) {
  return value ? Maybe(*value) : std::nullopt;
}

Maybe text(const std::string& value) {
  return value.empty() ? std::nullopt : Maybe(value);
}

Maybe text(const std::optional<std::string>& value) {
  return value ? Maybe(*value) : std::nullopt;
}

Maybe text(const std::optional<Attempt>& attempt) {
  if (!attempt) return std::nullopt;
  switch (*attempt) {
    case Attempt::made:
      return "made";
    case Attempt::refused:
      return "refused";
    case Attempt::timed_out:
      return "timed_out";
    case Attempt::no_tls:
      return "no_tls";
    case Attempt::alert:
      return "alert";
    case Attempt::unverified:
      return "unverified";
  }
  return std::nullopt;
}

Maybe text(Answer answer) {
  switch (answer) {
    case Answer::none:
      return "none";
    case Answer::ok:
      return "ok";
    case Answer::error:
      return "error";
  }
  return std::nullopt;
}

Maybe text(const std::optional<SlotState>& state) {
  if (!state) return std::nullopt;
  switch (*state) {
    case SlotState::good:
      return "good";
    case SlotState::empty:
      return "empty";
    case SlotState::damaged:
      return "damaged";
    case SlotState::unreadable:
      return "unreadable";
    case SlotState::swapped:
      return "swapped";
  }
  return std::nullopt;
}

std::vector<std::string> written(std::span<const std::uint32_t> codes, int digits) {
  std::vector<std::string> texts;
  for (const std::uint32_t code : codes) texts.push_back(fmt::format("0x{:0{}x}", code, digits));
  return texts;
}

// What the module's log and its sockets say; it need not say anything.
Maybe errors(const Evidence& evidence) {
  std::vector<std::uint32_t> all = evidence.dialogue.tls_errors;
  const auto& sockets = evidence.answers.socket_errors;
  all.insert(all.end(), sockets.begin(), sockets.end());
  return all.empty() ? Maybe() : Maybe(written(all, 4));
}

// 0x01SSXXXX: SS says what kind of error it is ("AT Error Codes", manual of AT+SYSLOG).
std::vector<std::string> classes(std::span<const std::uint32_t> codes) {
  std::vector<std::string> texts;
  for (const std::uint32_t code : codes) texts.push_back(fmt::format("0x{:02x}", code >> 16 & 0xff));
  return texts;
}

// The first parameter: of AT+SYSFLASH and AT+SYSMFG the operation.
Maybe operation(const std::string& sent) {
  const std::size_t equals = sent.find('=');
  if (equals == std::string::npos) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(sent.data() + equals + 1, sent.data() + sent.size(), value);
  return error == std::errc() ? Maybe(value) : std::nullopt;
}

enum class AddressKind { none, outside, lan };

// RFC 1918, RFC 3927 and 0.0.0.0: no address of a public name. Loopback is not among them: that is where a test's
// broker is.
AddressKind kind_of(std::string_view address) {
  if (address.empty()) return AddressKind::none;
  const auto begins = [&](std::string_view prefix) { return address.starts_with(prefix); };
  const bool in_172 =
      begins("172.") && address.size() > 6 && address[6] == '.' &&
      (address[4] == '1' ? address[5] >= '6' : address[4] == '2' || (address[4] == '3' && address[5] <= '1'));
  if (begins("10.") || begins("192.168.") || begins("169.254.") || begins("0.") || in_172) return AddressKind::lan;
  return AddressKind::outside;
}

constexpr std::array kFacts{
    // what failed
    Fact{"failure", FactKind::text, [](const Evidence& e) { return text(e.symptom.failure); },
         "the step ended with {}"},
    Fact{"answer", FactKind::text, [](const Evidence& e) { return text(e.symptom.answer); }, "the module's answer: {}"},
    Fact{"bare_error", FactKind::flag,
         [](const Evidence& e) { return Maybe(e.symptom.answer == Answer::error && e.symptom.codes.empty()); },
         "ERROR without an ERR CODE: it is not the module that refused", "the error has a code"},
    Fact{"code", FactKind::list, [](const Evidence& e) { return Maybe(written(e.symptom.codes, 8)); }, "ERR CODE:{}"},
    Fact{"code_class", FactKind::list, [](const Evidence& e) { return Maybe(classes(e.symptom.codes)); },
         "an ERR CODE of class {}"},
    Fact{"heard", FactKind::list, [](const Evidence& e) { return Maybe(e.symptom.heard); }, "{}"},
    Fact{"operation", FactKind::number, [](const Evidence& e) { return operation(e.symptom.sent); },
         "operation {} of the command"},
    Fact{"join_error", FactKind::number, [](const Evidence& e) { return number(e.symptom.join_error); }, "+CWJAP:{}"},

    // the dialogue
    Fact{"restarts", FactKind::number,
         [](const Evidence& e) { return Maybe(static_cast<std::int64_t>(e.dialogue.restarts)); },
         "`ready` in the middle of a command, times so far: {}"},
    Fact{"restarted_in", FactKind::text, [](const Evidence& e) { return text(e.dialogue.restarted_in); },
         "the module restarted while it ran {}"},
    Fact{"every_command_restarts", FactKind::flag,
         [](const Evidence& e) { return Maybe(e.dialogue.restarts > 1 && e.dialogue.restarts >= e.dialogue.commands); },
         "every command is answered `ready`", "not every command is answered `ready`"},
    Fact{"boot_log", FactKind::flag, [](const Evidence& e) { return Maybe(e.dialogue.boot_log); },
         "boot messages came on the port", "no boot messages came on the port"},
    Fact{"brown_out", FactKind::flag, [](const Evidence& e) { return Maybe(e.dialogue.brown_out); },
         "the module's log says that its brown-out detector was triggered", "nothing in the log of a brown-out"},
    Fact{"crash", FactKind::flag, [](const Evidence& e) { return Maybe(e.dialogue.crash); },
         "the module's log shows a crash of its firmware", "nothing in the log of a crash"},
    Fact{"echo_only", FactKind::flag, [](const Evidence& e) { return Maybe(e.dialogue.echo_only); },
         "what was sent came back, and nothing else", "more than the echo came back"},
    Fact{"unreadable", FactKind::flag, [](const Evidence& e) { return Maybe(e.dialogue.unreadable); },
         "bytes came back that are no text", "what came back is text"},
    Fact{"busy", FactKind::flag, [](const Evidence& e) { return Maybe(e.dialogue.busy); }, "the module said busy p...",
         "the module never said busy p..."},
    Fact{"passthrough", FactKind::flag, [](const Evidence& e) { return Maybe(e.dialogue.passthrough); },
         "SEND OK or +IPD came unasked", "no data of a socket came unasked"},
    Fact{"wifi_losses", FactKind::number,
         [](const Evidence& e) { return Maybe(static_cast<std::int64_t>(e.dialogue.wifi_losses)); },
         "WIFI DISCONNECT after the module had joined, times so far: {}"},
    Fact{"mqtt_losses", FactKind::number,
         [](const Evidence& e) { return Maybe(static_cast<std::int64_t>(e.dialogue.mqtt_losses)); },
         "+MQTTDISCONNECTED after +MQTTCONNECTED, times so far: {}"},
    Fact{"wifi_lost", FactKind::flag, [](const Evidence& e) { return Maybe(e.dialogue.wifi_lost); },
         "WIFI DISCONNECT came before anything of MQTT broke", "the module did not lose its Wi-Fi first"},

    // the module
    Fact{"release", FactKind::release,
         [](const Evidence& e) { return e.module.release ? Maybe(*e.module.release) : std::nullopt; },
         "the module has release {}"},
    Fact{"chip", FactKind::text, [](const Evidence& e) { return text(e.module.chip); }, "the module is an {}"},
    Fact{"generation", FactKind::text, [](const Evidence& e) { return text(e.module.generation); },
         "the module keeps credentials in the form \"{}\""},
    Fact{"sends_sni", FactKind::flag, [](const Evidence& e) { return flag(e.module.sends_sni); },
         "the module sends the server's name (AT+MQTTSNI)",
         "the module cannot send the server's name: it has no AT+MQTTSNI"},
    Fact{"sends_alpn", FactKind::flag, [](const Evidence& e) { return flag(e.module.sends_alpn); },
         "the module names the protocol (AT+MQTTALPN)", "the module cannot name the protocol: it has no AT+MQTTALPN"},
    Fact{"filters_lines", FactKind::flag, [](const Evidence& e) { return flag(e.module.filters_lines); },
         "AT+SYSMSGFILTER is on", "AT+SYSMSGFILTER is off"},

    // what the module says when it is asked
    Fact{"wifi_mode", FactKind::number, [](const Evidence& e) { return number(e.answers.wifi_mode); },
         "AT+CWMODE? says {}"},
    Fact{"wifi_state", FactKind::number, [](const Evidence& e) { return number(e.answers.wifi_state); },
         "AT+CWSTATE? says {}"},
    Fact{"network_seen", FactKind::flag, [](const Evidence& e) { return flag(e.answers.network_seen); },
         "AT+CWLAP lists the network", "AT+CWLAP does not list the network"},
    Fact{"similar_network", FactKind::text, [](const Evidence& e) { return text(e.answers.similar); },
         "AT+CWLAP lists a network of nearly that name: \"{}\""},
    Fact{"security", FactKind::text, [](const Evidence& e) { return text(e.answers.network.security); },
         "AT+CWLAP shows the network with the security {}"},
    Fact{"signal", FactKind::number, [](const Evidence& e) { return number(e.answers.network.power); },
         "AT+CWLAP shows the network at {} dBm"},
    Fact{"asks_for_address", FactKind::flag, [](const Evidence& e) { return flag(e.answers.asks_for_address); },
         "AT+CWDHCP? says that the module asks for its address", "AT+CWDHCP? says that the module asks for no address"},
    Fact{"resolves", FactKind::flag,
         [](const Evidence& e) { return e.answers.resolved ? Maybe(!e.answers.resolved->empty()) : std::nullopt; },
         "the module finds the endpoint's address", "AT+CIPDOMAIN of the endpoint fails in the module"},
    Fact{"resolves_to_lan", FactKind::flag,
         [](const Evidence& e) {
           return e.answers.resolved ? Maybe(kind_of(*e.answers.resolved) == AddressKind::lan) : std::nullopt;
         },
         "the module gets a private address for the endpoint", "the module gets a public address for the endpoint"},
    Fact{"clock_year", FactKind::number, [](const Evidence& e) { return number(e.answers.clock_year); },
         "the module's clock shows the year {}"},
    Fact{"clock_off", FactKind::number, [](const Evidence& e) { return number(e.answers.clock_off); },
         "the module's clock is {} seconds from this machine's"},
    Fact{"whole_hours_off", FactKind::flag,
         [](const Evidence& e) {
           constexpr std::int64_t kHalfHour = 1800;
           constexpr std::int64_t kDrift = 60;
           if (!e.answers.clock_off) return Maybe();
           const std::int64_t off = *e.answers.clock_off;
           const std::int64_t rest = off % kHalfHour;
           return Maybe(off > kHalfHour - kDrift && off < 48 * kHalfHour &&
                        (rest < kDrift || rest > kHalfHour - kDrift));
         },
         "the difference is a whole number of half hours", "the difference is no whole number of half hours"},
    Fact{"tcp", FactKind::text, [](const Evidence& e) { return text(e.answers.tcp); },
         "a TCP connection from the module to the endpoint's port: {}"},
    Fact{"tcp_443", FactKind::text, [](const Evidence& e) { return text(e.answers.tcp_443); },
         "a TCP connection from the module to port 443: {}"},
    Fact{"errno", FactKind::list, [](const Evidence& e) { return errors(e); },
         "error {} of the module's sockets or of its TLS library"},
    Fact{"mqtt_state", FactKind::number, [](const Evidence& e) { return number(e.answers.mqtt_state); },
         "AT+MQTTCONN? says state {}"},
    Fact{"mqtt_scheme", FactKind::number, [](const Evidence& e) { return number(e.answers.mqtt_scheme); },
         "AT+MQTTCONN? says scheme {}"},
    Fact{"memory", FactKind::number, [](const Evidence& e) { return number(e.answers.memory); },
         "the module has {} bytes of memory left"},

    // what is stored
    Fact{"ca_slot", FactKind::text, [](const Evidence& e) { return text(e.stored.ca); }, "the slot of the root CA: {}"},
    Fact{"certificate_slot", FactKind::text, [](const Evidence& e) { return text(e.stored.certificate); },
         "the slot of the device certificate: {}"},
    Fact{"key_slot", FactKind::text, [](const Evidence& e) { return text(e.stored.key); },
         "the slot of the private key: {}"},
    Fact{"belong_together", FactKind::flag, [](const Evidence& e) { return flag(e.stored.belong_together); },
         "the stored key and certificate belong together", "the stored key is not the certificate's"},
    Fact{"as_given", FactKind::flag, [](const Evidence& e) { return flag(e.stored.as_given); },
         "the module holds the credentials that were given", "the module holds other credentials than those given"},
    Fact{"amazon_root", FactKind::flag,
         [](const Evidence& e) { return e.given.endpoint == "aws" ? flag(e.stored.amazon_root) : std::nullopt; },
         "the stored root CA is one of Amazon's", "the stored root CA is none of Amazon's, and the endpoint is AWS's"},
    Fact{"other_names", FactKind::flag, [](const Evidence& e) { return flag(e.stored.other_names); },
         "the item is stored under another name", "nothing is stored under another name"},

    // what was given
    Fact{"endpoint", FactKind::text, [](const Evidence& e) { return text(e.given.endpoint); },
         "the endpoint's name is of the kind \"{}\""},
    Fact{"password", FactKind::text, [](const Evidence& e) { return text(e.given.password); },
         "the Wi-Fi password that was given: {}"},
    Fact{"port", FactKind::number, [](const Evidence& e) { return number(e.given.port); }, "port {}"},
    Fact{"client_id_size", FactKind::number, [](const Evidence& e) { return number(e.given.client_id_size); },
         "the client id has {} bytes"},
    Fact{"topic_levels", FactKind::number, [](const Evidence& e) { return number(e.given.topic_levels); },
         "the topic has {} slashes"},

    // what this machine sees
    Fact{"host_resolves", FactKind::flag, [](const Evidence& e) { return flag(e.host.resolves); },
         "this machine finds the endpoint's address", "this machine does not find the endpoint's address either"},
    Fact{"host_tcp", FactKind::text, [](const Evidence& e) { return text(e.host.tcp); },
         "a TCP connection from this machine: {}"},
    Fact{"host_tls", FactKind::text, [](const Evidence& e) { return text(e.host.tls); },
         "TLS from this machine with the same credentials: {}"},
    Fact{"host_tls_without_sni", FactKind::text, [](const Evidence& e) { return text(e.host.tls_without_sni); },
         "TLS from this machine without the server's name: {}"},
    Fact{"host_tls_1_2", FactKind::text, [](const Evidence& e) { return text(e.host.tls_1_2); },
         "TLS 1.2 from this machine: {}"},
    Fact{"host_tls_1_3", FactKind::text, [](const Evidence& e) { return text(e.host.tls_1_3); },
         "TLS 1.3 from this machine: {}"},
    Fact{"host_verified", FactKind::flag, [](const Evidence& e) { return flag(e.host.verified); },
         "the root CA verifies the endpoint's chain", "the root CA does not verify the chain that the endpoint shows"},
    Fact{"host_mqtt", FactKind::text, [](const Evidence& e) { return text(e.host.mqtt); },
         "MQTT CONNECT from this machine with the same client id: {}"},
    Fact{"host_other_id", FactKind::text, [](const Evidence& e) { return text(e.host.other_id); },
         "MQTT CONNECT from this machine with another client id: {}"},

    // what AWS says
    Fact{"aws_status", FactKind::text, [](const Evidence& e) { return text(e.aws.status); },
         "AWS says that the certificate is {}"},
    Fact{"aws_mode", FactKind::text, [](const Evidence& e) { return text(e.aws.mode); },
         "AWS says that the certificate's mode is {}"},
    Fact{"aws_same", FactKind::flag, [](const Evidence& e) { return flag(e.aws.same); },
         "AWS described the certificate that the module holds",
         "AWS described another certificate than the module holds"},
    Fact{"connect_failure", FactKind::text, [](const Evidence& e) { return text(e.aws.connect_failure); },
         "AWS reports a failed connection: {}"},
    Fact{"disconnect_cause", FactKind::text, [](const Evidence& e) { return text(e.aws.disconnect_cause); },
         "AWS reports why it ended the connection: {}"},
};

}  // namespace

std::span<const Fact> facts() {
  return kFacts;
}

const Fact* find_fact(std::string_view name) {
  const auto found = std::find_if(kFacts.begin(), kFacts.end(), [&](const Fact& fact) { return fact.name == name; });
  return found == kFacts.end() ? nullptr : &*found;
}

}  // namespace atcert::diagnosis
