// SPDX-License-Identifier: Apache-2.0
#include "credentials/check.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/plural.hpp"
#include "credentials/amazon_roots.hpp"
#include "credentials/check_aws.hpp"
#include "credentials/describe.hpp"
#include "credentials/endpoint.hpp"
#include "credentials/mqtt_names.hpp"

namespace atcert::credentials {
namespace {

// MBEDTLS_SSL_OUT_CONTENT_LEN of the releases' sdkconfig: the default of ESP-IDF, and ESP8266 sets it too.
constexpr std::size_t kOutputBuffer = 4096;

constexpr std::string_view kGetRoot = "take AmazonRootCA1: give --ca AmazonRootCA1, or download it from AWS";

void append(Findings& to, Findings findings) {
  for (Finding& finding : findings) to.push_back(std::move(finding));
}

class Check {
 public:
  Check(const Credentials& credentials, const CheckOptions& options) : credentials_(credentials), options_(options) {}

  Findings run() {
    check_pairing();
    check_key();
    check_certificate();
    check_ca();
    check_sizes();
    check_for_module();
    check_chain();
    append(findings_, check_names(options_));
    append(findings_, check_aws(credentials_, options_));
    return done();
  }

  Findings run_for_module() {
    check_for_module();
    append(findings_, check_mode(credentials_, options_));
    return done();
  }

 private:
  Findings done() {
    if (options_.strict) make_strict(findings_);
    return std::move(findings_);
  }

  void check_for_module() {
    check_rsa_size();
    check_reading();
    check_tls();
  }

  void add(Severity severity, std::string code, std::string message, std::string remedy = {}) {
    findings_.push_back({severity, std::move(code), std::move(message), std::move(remedy)});
  }

  const CertificateItem& certificate() const { return credentials_.certificate; }
  const CertificateItem& ca() const { return credentials_.ca; }
  const KeyItem& key() const { return credentials_.key; }

  static bool has_key(const CertificateFacts& facts, const KeyFacts& key) {
    return !key.fingerprint.empty() && facts.key.fingerprint == key.fingerprint;
  }

  // A kind of key that no firmware has is told once.
  void check_reading() {
    const auto is_kind = [](const Finding& finding) { return finding.code == "key_kind"; };
    if (std::any_of(findings_.begin(), findings_.end(), is_kind)) return;
    append(findings_, check_firmware(credentials_, options_.module ? options_.module->release : kNewestFirmware));
  }

  void check_pairing() {
    const bool fits = has_key(certificate().first(), key().facts);
    if (certificate().first().fingerprint == ca().first().fingerprint && certificate().first().is_ca) {
      add(Severity::error, "ca_as_certificate",
          fmt::format("{} and {} are the same CA certificate ({})", certificate().source, ca().source,
                      ca().first().subject),
          "give the device's own certificate as the certificate");
    } else if (!fits && has_key(ca().first(), key().facts)) {
      add(Severity::error, "certificate_and_ca_swapped",
          fmt::format("the private key {} belongs to {}, which is given as the CA", key().source, ca().source),
          "swap the certificate and the CA");
    } else if (!fits) {
      check_mismatch();
    } else if (certificate().first().is_ca) {
      add(Severity::warning, "ca_as_certificate",
          fmt::format("{} is a CA certificate ({}) and is to be the device certificate", certificate().source,
                      certificate().first().subject),
          "have a device certificate made; a CA's key does not belong into a module");
    }
  }

  void check_mismatch() {
    if (certificate().first().is_ca) {
      add(Severity::error, "ca_as_certificate",
          fmt::format("{} is a CA certificate ({}), not that of the private key {}", certificate().source,
                      certificate().first().subject, key().source),
          "give the device's own certificate as the certificate");
    } else {
      add(Severity::error, "key_mismatch",
          fmt::format("the private key {} ({}) does not belong to the certificate {} ({})", key().source,
                      key().facts.name, certificate().source, certificate().first().key.name),
          "give the certificate and the key that were made for each other; the names of AWS's two files begin with "
          "the same id");
    }
  }

  int rsa_limit() const { return options_.module ? options_.module->rsa_bits : 4096; }
  std::string module_name() const { return options_.module ? options_.module->name : "the module"; }

  // RSA from 2048 bits (AWS asks for as much) to what the module computes, and the curves that AWS takes
  // (CreateCertificateFromCsr in the AWS IoT API reference), all of which the firmware's Mbed TLS has.
  void check_key() {
    const KeyFacts& facts = key().facts;
    const bool curve = facts.algorithm == KeyAlgorithm::ec &&
                       (facts.name == "P-256" || facts.name == "P-384" || facts.name == "P-521");
    if (facts.algorithm != KeyAlgorithm::rsa && !curve) {
      add(Severity::error, "key_kind", fmt::format("{}: keys of kind {} are of no use here", key().source, facts.name),
          "use RSA 2048, P-256, P-384 or P-521");
    } else if (facts.algorithm == KeyAlgorithm::rsa && facts.bits < 2048) {
      add(Severity::error, "key_too_small",
          fmt::format("{}: {} is too small: AWS takes RSA keys from 2048 bits", key().source, facts.name),
          "make a new key: RSA 2048 or P-256");
    } else if (facts.algorithm == KeyAlgorithm::rsa && facts.bits > 2048 && facts.bits <= rsa_limit()) {
      add(Severity::warning, "key_slow",
          fmt::format("{}: {} makes every connection of the module slower by seconds", key().source, facts.name),
          "RSA 2048 or P-256 is what AWS makes and modules do quickly");
    } else if (facts.name == "P-521") {
      add(Severity::note, "key_slow",
          fmt::format("{}: P-521 makes every connection of the module slower; P-256 is what modules do quickly",
                      key().source));
    }
  }

  void check_rsa_size() {
    const KeyFacts& facts = key().facts;
    if (facts.algorithm != KeyAlgorithm::rsa || facts.bits <= rsa_limit()) return;
    add(Severity::error, "key_too_large",
        fmt::format("{}: {} is too large: {} computes RSA up to {} bits", key().source, facts.name, module_name(),
                    rsa_limit()),
        "make a new key: RSA 2048 or P-256");
  }

  void check_certificate() {
    for (const CertificateFacts& facts : certificate().chain) {
      check_validity(facts, certificate().source, "certificate", Severity::error);
    }
    const std::string& signature = certificate().first().signature;
    if (signature.starts_with("sha1") || signature.starts_with("md5") || signature == "ecdsa-with-SHA1") {
      add(Severity::warning, "weak_signature",
          fmt::format("{}: is signed with {}, which AWS and current TLS libraries refuse", certificate().source,
                      signature),
          "have the certificate issued again with SHA-256");
    }
  }

  void check_validity(const CertificateFacts& facts, const std::string& source, const std::string& slot,
                      Severity severity) {
    const std::string who = fmt::format("{} ({})", source, facts.subject);
    if (options_.now < facts.not_before) {
      add(severity, slot + "_not_yet_valid", fmt::format("{} is valid only from {}", who, to_text(facts.not_before)),
          "check this machine's clock; if it is right, wait or have another one issued");
    } else if (options_.now > facts.not_after) {
      add(severity, slot + "_expired", fmt::format("{} expired on {}", who, to_text(facts.not_after)),
          "get a new one; if the date is wrong, check this machine's clock");
    } else if (options_.now + options_.soon > facts.not_after) {
      add(Severity::warning, slot + "_expires_soon", fmt::format("{} expires on {}", who, to_text(facts.not_after)),
          "get a new one before that day");
    }
  }

  void check_ca() {
    // Of several, one that is good is enough: what is wrong with another is worth a warning.
    const Severity severity = ca().chain.size() == 1 ? Severity::error : Severity::warning;
    for (const CertificateFacts& facts : ca().chain) {
      check_validity(facts, ca().source, "ca", severity);
      check_authority(facts, severity);
    }
    if (options_.endpoint) check_ca_family(classify_endpoint(*options_.endpoint));
  }

  void check_authority(const CertificateFacts& facts, Severity severity) {
    if (!facts.is_ca && !facts.self_signed) {
      add(severity, "ca_is_not_ca", fmt::format("{} ({}) is not a CA certificate", ca().source, facts.subject),
          "give the root CA of the server's chain as the CA");
    } else if (!facts.is_ca) {
      add(Severity::warning, "ca_is_not_ca",
          fmt::format("{} ({}) is self-signed but no CA: it verifies only a server that shows this very certificate",
                      ca().source, facts.subject),
          "give a root CA, unless the test broker uses this certificate");
    } else if (!facts.self_signed) {
      add(Severity::warning, "ca_not_self_signed",
          fmt::format("{} ({}) is an intermediate CA, issued by {}", ca().source, facts.subject, facts.issuer),
          "give the root CA: servers change their intermediates without notice");
    }
  }

  void check_ca_family(const Endpoint& endpoint) {
    if (!shows_amazon_chain(endpoint.kind)) return;
    bool amazon = false;
    for (const CertificateFacts& facts : ca().chain) {
      const std::string_view name = amazon_root_name(facts);
      if (name == "AmazonRootCA1" || name == "Starfield G2") return;
      amazon = amazon || !name.empty();
    }
    if (amazon) {
      add(Severity::warning, "ca_other_amazon_root",
          fmt::format("{} ({}) does not verify AWS's RSA chain, which ends in Amazon Root CA 1", ca().source,
                      ca().first().subject),
          std::string(kGetRoot));
    } else {
      add(Severity::warning, "ca_not_amazon",
          fmt::format("{} ({}) is none of Amazon's roots, and {} is verified by these only", ca().source,
                      ca().first().subject, endpoint.host),
          fmt::format("{}; ignore this when a test broker stands in for AWS", kGetRoot));
    }
  }

  void check_size(const std::string& source, std::size_t size) {
    const std::size_t limit = options_.module ? options_.module->item_size : kLargestBlob;
    if (size > limit) {
      add(Severity::error, "item_too_large",
          fmt::format("{}: {} bytes do not fit the {} bytes that {} has for it", source, size, limit,
                      options_.module ? options_.module->name : "any module"),
          "drop text and certificates that are not needed from the file, or use P-256 instead of RSA");
    } else if (!options_.module && size > kSmallSlot) {
      add(Severity::note, "item_large",
          fmt::format("{}: {} bytes do not fit modules with partitions of 4 KiB (ESP8266 1 MB, ESP32-C2 2 MB)", source,
                      size));
    }
  }

  // The message Certificate of TLS 1.2 goes out in one record: a header of 4 bytes, the length of the list, and 3 bytes
  // before each certificate (RFC 5246 section 7.4.2). Mbed TLS makes no longer one than its output buffer holds.
  void check_chain() {
    std::size_t message = 7;
    for (const CertificateFacts& facts : certificate().chain) message += 3 + facts.size;
    if (message > kOutputBuffer) {
      add(Severity::error, "chain_too_large",
          fmt::format("{}: its {} make a TLS message of {} bytes, and the firmware's output buffer has {}",
                      certificate().source, counted(certificate().chain.size(), "certificate"), message, kOutputBuffer),
          "leave issuers out of the file that the server has itself, or use P-256 instead of RSA");
    } else if (certificate().chain.size() > 1) {
      add(Severity::note, "chain",
          fmt::format("{}: the module shows its {} to the server, {} of the {} bytes that its output buffer has",
                      certificate().source, counted(certificate().chain.size(), "certificate"), message,
                      kOutputBuffer));
    }
  }

  // The manuals of ESP8266's 2.2.2.0 and 2.3.0.0 (AT+MQTTUSERCFG): no MQTT over TLS for lack of memory.
  void check_tls() {
    if (!options_.module || options_.module->mqtt_tls) return;
    add(Severity::warning, "no_mqtt_tls",
        fmt::format("{} does not do MQTT over TLS: the manuals of 2.2.2.0 and 2.3.0.0 take only schemes 1 and 6 on "
                    "ESP8266, for lack of memory",
                    options_.module->name),
        "take release 2.2.1.0, whose manual has TLS, or another module");
  }

  void check_sizes() {
    check_size(certificate().source, certificate().pem.size());
    check_size(key().source, key().pem.size());
    check_size(ca().source, ca().pem.size());
  }

  const Credentials& credentials_;
  const CheckOptions& options_;
  Findings findings_;
};

}  // namespace

Findings check(const Credentials& credentials, const CheckOptions& options) {
  return Check(credentials, options).run();
}

Findings check_module(const Credentials& credentials, const CheckOptions& options) {
  return Check(credentials, options).run_for_module();
}

Findings check_names(const CheckOptions& options) {
  Findings findings;
  if (options.endpoint) append(findings, check_endpoint(*options.endpoint));
  if (options.client_id) append(findings, check_client_id(*options.client_id));
  if (options.publish_topic) append(findings, check_topic(*options.publish_topic, TopicUse::publish));
  if (options.subscribe_topic) append(findings, check_topic(*options.subscribe_topic, TopicUse::subscribe));
  if (options.strict) make_strict(findings);
  return findings;
}

}  // namespace atcert::credentials
