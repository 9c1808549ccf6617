// SPDX-License-Identifier: Apache-2.0
#include "credentials/aws_answer.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "credentials/aws_time.hpp"

namespace atcert::credentials {
namespace {

constexpr std::string_view kCsr = "whose private key stayed with whoever made the request";
constexpr std::string_view kNever = "and AWS never shows a private key again";

struct Form {
  std::string_view command;
  std::string_view mark;    // a member that only this answer has; empty: none is needed
  std::string_view parent;  // of the members below: "certificateDescription."
  std::string_view certificate;
  std::string_view key;
  std::string_view without_key;
};

// The first that fits counts.
constexpr std::array<Form, 7> kForms{{
    {"describe-certificate", {}, "certificateDescription.", "certificateDescription.certificatePem", {}, kNever},
    {"create-provisioning-claim", "expiration", {}, "certificatePem", "keyPair.PrivateKey", kNever},
    {"create-keys-and-certificate", "keyPair.PublicKey", {}, "certificatePem", "keyPair.PrivateKey", kNever},
    {"create-keys-and-certificate", "keyPair.PrivateKey", {}, "certificatePem", "keyPair.PrivateKey", kNever},
    {"CreateKeysAndCertificate over MQTT", "privateKey", {}, "certificatePem", "privateKey", kNever},
    {"CreateCertificateFromCsr over MQTT", "certificateOwnershipToken", {}, "certificatePem", {}, kCsr},
    {"create-certificate-from-csr", {}, {}, "certificatePem", {}, kCsr},
}};

bool fits(const Form& form, const SecretJson& json) {
  return json.find(form.certificate) != nullptr && (form.mark.empty() || json.has(form.mark));
}

std::string member(const SecretJson& json, const Form& form, std::string_view name) {
  return json.text_at(fmt::format("{}{}", form.parent, name));
}

std::string_view trimmed(std::string_view text) {
  static constexpr std::string_view kAround = " \t\r\"'";
  const std::size_t first = text.find_first_not_of(kAround);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kAround) - first + 1);
}

void set_fact(AwsFacts& facts, std::string_view name, std::string_view value) {
  if (name == "certificateArn") facts.arn = value;
  if (name == "certificateId") facts.id = value;
  if (name == "status") facts.status = value;
  if (name == "certificateMode") facts.mode = value;
  if (name == "notBefore") facts.not_before = aws_time(value);
  if (name == "notAfter") facts.not_after = aws_time(value);
}

}  // namespace

std::optional<AwsAnswer> read_aws_answer(const SecretJson& json) {
  const auto form = std::find_if(kForms.begin(), kForms.end(), [&](const Form& each) { return fits(each, json); });
  if (form == kForms.end()) return std::nullopt;
  AwsAnswer answer{form->certificate, form->key, form->without_key, {}};
  AwsFacts& facts = answer.facts;
  facts.command = form->command;
  facts.arn = member(json, *form, "certificateArn");
  facts.id = member(json, *form, "certificateId");
  facts.status = member(json, *form, "status");
  facts.mode = member(json, *form, "certificateMode");
  facts.not_before = aws_time(member(json, *form, "validity.notBefore"));
  facts.not_after = aws_time(member(json, *form, "validity.notAfter"));
  facts.expiration = aws_time(member(json, *form, "expiration"));
  return answer;
}

std::string describe_other_answer(const SecretJson& json) {
  if (const std::string code = json.text_at("errorCode"); !code.empty()) {
    return fmt::format("AWS refused the request: {} ({})", excerpt(code), excerpt(json.text_at("errorMessage")));
  }
  if (json.find("endpointAddress") != nullptr) return "it is the answer of describe-endpoint";
  if (json.find("certificateSigningRequest") != nullptr) return "it is the request for a certificate";
  if (json.find("thingName") != nullptr) return "it is an answer about a thing";
  if (json.find("certificateArn") != nullptr || json.find("certificateId") != nullptr) {
    return "it names a certificate and does not hold it, like the answer of register-certificate";
  }
  return {};
}

CliOutput output_form(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return CliOutput::other;
  text.remove_prefix(first);
  if (text.front() == '{' || text.front() == '[') return CliOutput::json;
  if (text.starts_with("-----BEGIN")) return CliOutput::other;
  if (text.starts_with("-----") && text.find('|') != std::string_view::npos) return CliOutput::table;
  if (text.find("certificatePem:") != std::string_view::npos) return CliOutput::yaml;
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.find('\t') != std::string_view::npos && line.find("arn:aws") != std::string_view::npos) {
    return CliOutput::text;
  }
  return CliOutput::other;
}

std::string_view name_of(CliOutput form) {
  switch (form) {
    case CliOutput::json:
      return "JSON";
    case CliOutput::yaml:
      return "the AWS CLI's YAML output";
    case CliOutput::text:
      return "the AWS CLI's text output";
    case CliOutput::table:
      return "the AWS CLI's table output";
    case CliOutput::other:
      return "no output of the AWS CLI";
  }
  return {};
}

AwsFacts read_yaml_facts(std::string_view text) {
  AwsFacts facts;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos)
      set_fact(facts, trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 2)));
  }
  return facts;
}

}  // namespace atcert::credentials
