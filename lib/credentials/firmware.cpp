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
    const KeyItem& key = credentials_.key;
    const auto device = firmware_tls::read_pair(credentials_.certificate.pem, key.pem, release_);
    judge_chain(credentials_.certificate, device.chain, kReissue);
    judge_chain(credentials_.ca, firmware_tls::read_chain(credentials_.ca.pem, release_), kOtherRoot);
    if (device.key) {
      unreadable(key.source, *device.key,
                 fmt::format("convert it with: openssl pkey -traditional -in {} -out NEW", key.source));
    }
    if (device.pair) judge_pair(*device.pair);
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

  void judge_chain(const CertificateItem& item, const firmware_tls::ChainVerdict& verdict, const char* remedy) {
    if (verdict.refusal) return unreadable(item.source, *verdict.refusal, remedy);
    if (verdict.passed_over == 0) return;
    add(Severity::warning, "firmware_passes_over",
        fmt::format("{}: the firmware of release {} cannot read {} in it and goes on without", item.source,
                    to_string(release_), counted(verdict.passed_over, "certificate")),
        "leave out what it cannot read");
  }

  // Only of keys that were read as belonging together: the checks say what is wrong with others.
  void judge_pair(const firmware_tls::Refusal& refusal) {
    if (credentials_.certificate.first().key.fingerprint != credentials_.key.facts.fingerprint) return;
    add(Severity::error, "firmware_pair",
        fmt::format("for the firmware of release {} the private key {} does not belong to {}: {}", to_string(release_),
                    credentials_.key.source, credentials_.certificate.source, refusal.text()),
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
