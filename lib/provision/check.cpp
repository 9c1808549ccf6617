// SPDX-License-Identifier: Apache-2.0
#include "provision/check.hpp"

#include <utility>

#include <fmt/core.h>

#include "credentials/describe.hpp"

namespace atcert::provision {
namespace {

using credentials::Credentials;

report::CredentialFacts facts_of(const Credentials& credentials) {
  const credentials::CertificateFacts& certificate = credentials.certificate.first();
  return {certificate.subject,
          certificate.issuer,
          certificate.key.name,
          certificate.fingerprint,
          credentials::to_text(certificate.not_before),
          credentials::to_text(certificate.not_after),
          credentials.ca.first().subject};
}

Result<std::string> check_items(const Credentials& credentials, const credentials::CheckOptions& options,
                                Context& context) {
  for (const std::string& change : credentials.changes) context.steps.note(change);
  ATCERT_CHECK(judge(credentials::check(credentials, options), context));
  const credentials::CertificateFacts& certificate = credentials.certificate.first();
  return fmt::format("{}, valid until {}", certificate.key.name, credentials::to_text(certificate.not_after));
}

Result<std::string> resolve_values(const script::Script& script, script::Given given, Context& context) {
  ATCERT_TRY(std::string, nonce, new_nonce(context.bench.random));
  given.offered.insert_or_assign("nonce", std::move(nonce));
  ATCERT_TRY(script::Values, values, script::resolve(script, std::move(given)));
  context.checked.values = std::move(values);
  return script.title;
}

}  // namespace

Part check_credentials(std::shared_ptr<const Credentials> credentials, credentials::CheckOptions options) {
  const auto run = [credentials = std::move(credentials), options = std::move(options)](Context& context) {
    context.record.credentials = facts_of(*credentials);
    const auto check = [&] { return check_items(*credentials, options, context); };
    Result<void> checked = context.steps.step({"check", "credentials"}, check);
    if (!checked) return checked;
    context.checked.credentials = credentials;
    context.checked.options = options;
    return checked;
  };
  return {Part::When::well, run};
}

Part check_names(credentials::CheckOptions options) {
  const auto run = [options = std::move(options)](Context& context) {
    return context.steps.step({"check", "endpoint and names"}, [&]() -> Result<std::string> {
      ATCERT_CHECK(judge(credentials::check_names(options), context));
      return options.endpoint.value_or("");
    });
  };
  return {Part::When::well, run};
}

// A part may be copied and its values may not, for they are secrets: the copies share them, and the first run has them.
Part check_script(std::shared_ptr<const script::Script> script, script::Given given) {
  const auto shared = std::make_shared<script::Given>(std::move(given));
  const auto run = [script = std::move(script), shared](Context& context) {
    const auto check = [&] { return resolve_values(*script, std::move(*shared), context); };
    Result<void> checked = context.steps.step({"check", "connection script"}, check);
    if (checked) context.checked.script = script;
    return checked;
  };
  return {Part::When::well, run};
}

Result<void> judge(const credentials::Findings& findings, Context& context) {
  for (const credentials::Finding& finding : findings) {
    context.record.findings.push_back(
        {std::string(name_of(finding.severity)), finding.code, finding.message, finding.remedy});
    if (finding.severity == credentials::Severity::warning) context.steps.warning(finding.message);
  }
  if (auto error = credentials::first_error(findings)) return *std::move(error);
  return {};
}

}  // namespace atcert::provision
