// SPDX-License-Identifier: Apache-2.0
// The output of `aws iot create-keys-and-certificate` (AWS CLI command reference): certificateArn, certificateId,
// certificatePem, keyPair.PublicKey and keyPair.PrivateKey.
#include <fmt/core.h>

#include "credentials/item.hpp"
#include "credentials/load.hpp"
#include "credentials/pem.hpp"
#include "credentials/secret_json.hpp"

namespace atcert::credentials {
namespace {

constexpr std::string_view kRemedy =
    "give what `aws iot create-keys-and-certificate --set-as-active --output json` prints";

Error json_error(const NamedFile& json, const std::string& what) {
  return {ErrorKind::input, "aws_json_invalid", fmt::format("{}: {}", json.name, what), {}, std::string(kRemedy)};
}

Result<NamedFile> member(const NamedFile& json, const SecretJson& parsed, std::string_view path) {
  const Secret* value = parsed.find(path);
  if (value == nullptr) return json_error(json, fmt::format("has no text {}", path));
  return NamedFile{fmt::format("{}: {}", json.name, path), value->clone()};
}

template <typename Ca>
Result<Credentials> load(const NamedFile& json, const Ca& ca, const LoadOptions& options) {
  std::vector<std::string> ignored;  // how the JSON itself was encoded does not change the PEM in it
  const Secret text = plain_text(json.content.reveal(), ignored);
  const SecretJson parsed = read_secret_json(text.reveal_text());
  if (parsed.error) return json_error(json, *parsed.error);
  ATCERT_TRY(const NamedFile, certificate, member(json, parsed, "certificatePem"));
  ATCERT_TRY(const NamedFile, key, member(json, parsed, "keyPair.PrivateKey"));
  ATCERT_TRY(Credentials, credentials, load_files(certificate, key, ca, options));
  if (const Secret* arn = parsed.find("certificateArn")) credentials.arn = arn->reveal_text();
  return credentials;
}

}  // namespace

Result<Credentials> load_aws_json(const NamedFile& json, const NamedFile& ca, const LoadOptions& options) {
  return load(json, ca, options);
}

Result<Credentials> load_aws_json(const NamedFile& json, const SharedCa& ca, const LoadOptions& options) {
  return load(json, ca, options);
}

}  // namespace atcert::credentials
