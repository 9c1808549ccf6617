// SPDX-License-Identifier: Apache-2.0
#include "options/diagnosis.hpp"

#include "base/files.hpp"

namespace atcert::cli {
namespace {

constexpr std::size_t kMaxAnswer = 64 * 1024;

}  // namespace

void add_diagnosis_options(Verb& verb, DiagnosisOptions& options) {
  verb.add_option("--aws-certificate-json", options.aws_certificate_json,
                  "What aws iot describe-certificate says, as evidence when the module fails")
      ->option_text("FILE")
      ->group("Diagnosis");
}

Result<provision::Informants> informants(const DiagnosisOptions& options) {
  provision::Informants read;
  if (options.aws_certificate_json.empty()) return read;
  ATCERT_TRY(const Bytes, content, read_file(options.aws_certificate_json, kMaxAnswer));
  ATCERT_TRY(auto, described, diagnosis::read_certificate_description(as_text(content), options.aws_certificate_json));
  read.described = std::move(described);
  return read;
}

}  // namespace atcert::cli
