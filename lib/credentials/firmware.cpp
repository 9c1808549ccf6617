// SPDX-License-Identifier: Apache-2.0
#include "credentials/firmware.hpp"

#include <fmt/core.h>

#include "base/plural.hpp"
#include "firmware_tls/reader.hpp"

namespace atcert::credentials {
namespace {

constexpr const char* kReissue =
    "have it issued anew for the same key: signed with SHA-256, an RSA or P-256 key in it, no critical extension but "
    "basicConstraints, keyUsage, extKeyUsage and subjectAltName";
constexpr const char* kOtherRoot = "give another root CA of the server's chain; for AWS, --ca AmazonRootCA1";

class FirmwareCheck {
 public:
  FirmwareCheck(const Credentials& credentials, const image::Release& release)
      : credentials_(credentials), release_(release) {}

  Findings run() {
    const bool certificate = check_chain(credentials_.certificate, kReissue);
    check_chain(credentials_.ca, kOtherRoot);
    const KeyItem& key = credentials_.key;
    if (const auto refusal = firmware_tls::read_private_key(key.pem, release_)) {
      unreadable(key.source, *refusal,
                 fmt::format("convert it with: openssl pkey -traditional -in {} -out NEW", key.source));
    } else if (certificate) {
      check_pair();
    }
    return std::move(findings_);
  }

 private:
  void add(Severity severity, std::string code, std::string message, std::string remedy) {
    findings_.push_back({severity, std::move(code), std::move(message), std::move(remedy)});
  }

  void unreadable(const std::string& source, const firmware_tls::Refusal& refusal, std::string remedy) {
    add(Severity::error, "firmware_cannot_read",
        fmt::format("{}: the firmware of release {} cannot read it: {}", source, to_string(release_), refusal.text()),
        std::move(remedy));
  }

  // False when nothing of it is read.
  bool check_chain(const CertificateItem& item, const char* remedy) {
    const firmware_tls::ChainVerdict verdict = firmware_tls::read_chain(item.pem, release_);
    if (verdict.refusal) {
      unreadable(item.source, *verdict.refusal, remedy);
      return false;
    }
    if (verdict.passed_over > 0) {
      add(Severity::warning, "firmware_passes_over",
          fmt::format("{}: the firmware of release {} cannot read {} in it and goes on without", item.source,
                      to_string(release_), counted(verdict.passed_over, "certificate")),
          "leave out what it cannot read");
    }
    return true;
  }

  // Only of keys that were read as belonging together: the checks say what is wrong with others.
  void check_pair() {
    if (credentials_.certificate.first().key.fingerprint != credentials_.key.facts.fingerprint) return;
    const auto refusal = firmware_tls::check_pair(credentials_.certificate.pem, credentials_.key.pem, release_);
    if (!refusal) return;
    add(Severity::error, "firmware_pair",
        fmt::format("for the firmware of release {} the private key {} does not belong to {}: {}", to_string(release_),
                    credentials_.key.source, credentials_.certificate.source, refusal->text()),
        "put the device certificate first in its file");
  }

  const Credentials& credentials_;
  const image::Release& release_;
  Findings findings_;
};

}  // namespace

Findings check_firmware(const Credentials& credentials, const image::Release& release) {
  return FirmwareCheck(credentials, release).run();
}

}  // namespace atcert::credentials
