// SPDX-License-Identifier: Apache-2.0
#include "credentials/check_aws.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "credentials/describe.hpp"
#include "credentials/endpoint.hpp"

namespace atcert::credentials {
namespace {

// AWS IoT API reference, CertificateDescription: what each status means for a connection.
struct Status {
  std::string_view name;
  Severity severity;
  std::string_view words;
  std::string_view remedy;
};

constexpr std::array<Status, 6> kStatuses{{
    {"ACTIVE", Severity::note, {}, {}},
    {"INACTIVE", Severity::error, "AWS refuses its connections until it is activated",
     "aws iot update-certificate --new-status ACTIVE --certificate-id ID"},
    {"REVOKED", Severity::error, "AWS refuses its connections, for it was revoked",
     "make a new key and have a certificate made for it: whoever revoked this one had a reason"},
    {"PENDING_TRANSFER", Severity::error, "it is on its way to another account, and AWS refuses its connections",
     "accept it in the other account (aws iot accept-certificate-transfer), or cancel the transfer"},
    {"PENDING_ACTIVATION", Severity::error,
     "it waits for the rule of just-in-time registration or for RegisterThing of fleet provisioning to activate it, "
     "and "
     "AWS refuses its connections",
     "finish the provisioning, or aws iot update-certificate --new-status ACTIVE --certificate-id ID"},
    {"REGISTER_INACTIVE", Severity::error, "it is registered and not active, and AWS refuses its connections",
     "aws iot update-certificate --new-status ACTIVE --certificate-id ID"},
}};

constexpr image::Release kMqttSni{{3, 3, 0, 0}};  // the first with AT+MQTTSNI

// arn:<partition>:iot:<region>:<account>:cert/<id>
std::vector<std::string_view> fields_of(std::string_view arn) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t colon = arn.find(':');
    fields.push_back(arn.substr(0, colon));
    if (colon == std::string_view::npos) return fields;
    arn.remove_prefix(colon + 1);
  }
}

bool is_id(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

class Check {
 public:
  Check(const Credentials& credentials, const CheckOptions& options) : credentials_(credentials), options_(options) {}

  Findings run() {
    check_id();
    check_status();
    append(check_mode(credentials_, options_));
    check_dates();
    if (options_.endpoint) check_region(classify_endpoint(*options_.endpoint));
    return std::move(findings_);
  }

 private:
  const AwsFacts& aws() const { return credentials_.aws; }
  const CertificateFacts& certificate() const { return credentials_.certificate.first(); }
  const std::string& source() const { return credentials_.certificate.source; }

  void append(const Findings& findings) { findings_.insert(findings_.end(), findings.begin(), findings.end()); }

  void add(Severity severity, std::string code, std::string message, std::string remedy) {
    findings_.push_back({severity, std::move(code), std::move(message), std::move(remedy)});
  }

  // The id is the SHA-256 of the certificate's DER.
  void check_id() {
    const auto fields = fields_of(aws().arn);
    const std::string_view resource = fields.back();
    const std::string_view in_arn = resource.starts_with("cert/") ? resource.substr(5) : std::string_view();
    std::string wrong;
    if (!aws().id.empty() && aws().id != certificate().fingerprint) wrong = "certificateId";
    if (!aws().arn.empty() && in_arn != certificate().fingerprint)
      wrong += wrong.empty() ? "certificateArn" : " and certificateArn";
    if (wrong.empty()) return;
    const bool other = is_id(aws().id) || is_id(in_arn);
    add(Severity::warning, "aws_id",
        fmt::format("{}: {} {} not of the certificate beside {}, whose SHA-256 is {}{}", source(), wrong,
                    wrong.find(' ') == std::string::npos ? "is" : "are",
                    wrong.find(' ') == std::string::npos ? "it" : "them", certificate().fingerprint,
                    other ? "" : ", and no SHA-256 at all"),
        "see that the answer is of one certificate and was not edited, for what it says may be of another; aws iot "
        "describe-certificate shows it again");
  }

  void check_status() {
    if (aws().status.empty()) return;
    const auto known = std::find_if(kStatuses.begin(), kStatuses.end(),
                                    [this](const Status& status) { return status.name == aws().status; });
    if (known == kStatuses.end()) {
      add(Severity::warning, "aws_status",
          fmt::format("{}: the certificate has the status {} in AWS, which is not known here", source(),
                      excerpt(aws().status)),
          "see that it is ACTIVE");
    } else if (known->severity != Severity::note) {
      add(known->severity, "aws_status",
          fmt::format("{}: the certificate is {} in AWS: {}", source(), known->name, known->words),
          std::string(known->remedy));
    }
  }

  void check_dates() {
    const bool other_start = aws().not_before && *aws().not_before != certificate().not_before;
    const bool other_end = aws().not_after && *aws().not_after != certificate().not_after;
    if (other_start || other_end) {
      add(Severity::warning, "aws_validity",
          fmt::format("{}: the answer says valid from {} to {}, the certificate from {} to {}", source(),
                      to_text(aws().not_before.value_or(certificate().not_before)),
                      to_text(aws().not_after.value_or(certificate().not_after)), to_text(certificate().not_before),
                      to_text(certificate().not_after)),
          "see that the answer is of one certificate and was not edited");
    }
    if (aws().expiration) {
      add(options_.now > *aws().expiration ? Severity::error : Severity::warning, "aws_claim",
          fmt::format(
              "{}: it is a provisioning claim, valid until {}: it only lets a unit ask for credentials of its own",
              source(), to_text(*aws().expiration)),
          "give the credentials that the unit gets in exchange for the claim");
    }
  }

  // A certificate is known in the region where it was made.
  void check_region(const Endpoint& endpoint) {
    const auto fields = fields_of(aws().arn);
    if (fields.size() < 6) return;
    const std::string_view region = fields[3];
    if (region.empty() || endpoint.region.empty() || region == endpoint.region) return;
    add(Severity::warning, "region_mismatch",
        fmt::format("the certificate was made in {} and the endpoint is in {}", excerpt(region), endpoint.region),
        "give the endpoint of the certificate's region, or register the certificate in the other one");
  }

  const Credentials& credentials_;
  const CheckOptions& options_;
  Findings findings_;
};

}  // namespace

// AWS IoT API reference, CertificateMode: SNI_ONLY certificates are let in by the server name that the module sends.
Findings check_mode(const Credentials& credentials, const CheckOptions& options) {
  if (credentials.aws.mode != "SNI_ONLY") return {};
  const std::string& source = credentials.certificate.source;
  if (!options.module) {
    return {{Severity::note,
             "aws_sni_only",
             fmt::format("{}: the certificate is of mode SNI_ONLY: modules send the server's name from release 3.3 on",
                         source),
             {}}};
  }
  if (options.module->release >= kMqttSni) return {};
  return {{Severity::warning, "aws_sni_only",
           fmt::format("{}: the certificate is of mode SNI_ONLY, and {} cannot send the server's name: AT+MQTTSNI came "
                       "with release 3.3",
                       source, options.module->name),
           "take firmware from release 3.3 on, or register the certificate's CA in mode DEFAULT"}};
}

Findings check_aws(const Credentials& credentials, const CheckOptions& options) {
  return Check(credentials, options).run();
}

}  // namespace atcert::credentials
