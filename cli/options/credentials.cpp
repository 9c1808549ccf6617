// SPDX-License-Identifier: Apache-2.0
#include "options/credentials.hpp"

#include <map>
#include <optional>

#include <fmt/core.h>

#include "view/passphrase.hpp"

namespace atcert::cli {
namespace {

constexpr const char* kWays =
    "give --creds DIR or FILE, or --cert, --key and --ca, or --aws-json FILE with --ca and perhaps --key";

Error usage_error(std::string what, std::string remedy) {
  return {ErrorKind::usage, "credential_options", std::move(what), {}, std::move(remedy)};
}

// What one option reads from standard input is gone for the others.
Result<void> check_standard_input(const intake::Source& source) {
  if (source.from_standard_input() < 2) return {};
  return usage_error("more than one of --creds, --cert, --key, --ca and --aws-json reads standard input",
                     "give a file to all of them but one");
}

// The options name one way, and all of it.
Result<void> check_way(const intake::Source& source) {
  const bool key_of_json = !source.aws_json.empty() && source.certificate.empty();
  const bool files = !source.certificate.empty() || (!source.key.empty() && !key_of_json);
  const int ways = (source.folder.empty() ? 0 : 1) + (files ? 1 : 0) + (source.aws_json.empty() ? 0 : 1);
  if (ways == 0) return usage_error("no credentials are given", kWays);
  if (ways > 1) return usage_error("credentials are given in more than one way", kWays);
  if (files && (source.certificate.empty() || source.key.empty() || source.ca.empty())) {
    return usage_error("--cert, --key and --ca go together", "give all three, or --creds DIR or FILE");
  }
  if (!source.aws_json.empty() && source.ca.empty()) {
    return usage_error("AWS's JSON holds no CA certificate",
                       "add --ca AmazonRootCA1, or --ca with the file of another CA");
  }
  return {};
}

}  // namespace

void add_credential_options(Verb& verb, CredentialOptions& options) {
  const std::string group = "Credentials";
  verb.add_option("--creds", options.source.folder,
                  "Folder, zip or file with all three; they are found by what is in it")
      ->option_text("DIR|FILE")
      ->group(group);
  verb.add_option("--cert", options.source.certificate, "Device certificate: PEM, DER, PKCS#7, PKCS#12 or C source")
      ->option_text("FILE")
      ->group(group);
  verb.add_option("--key", options.source.key, "Its private key: PEM, DER, PKCS#12 or C source")
      ->option_text("FILE")
      ->group(group);
  verb.add_option("--ca", options.source.ca, "Root CA: a file, or AmazonRootCA1 to 4 for one that is built in")
      ->option_text("FILE|NAME")
      ->group(group);
  verb.add_option("--aws-json", options.source.aws_json,
                  "Answer of AWS that holds the certificate, - for standard input; --key where it holds no key")
      ->option_text("FILE")
      ->group(group);
  verb.add_flag("--verbatim", options.verbatim, "Refuse files that would have to be rewritten for the module")
      ->group(group);
  verb.add_flag("--strict", options.strict, "Warnings about the credentials are errors")->group(group);
}

Result<credentials::Credentials> load_credentials(const CredentialOptions& options, Program& program,
                                                  const std::optional<image::Release>& release) {
  ATCERT_CHECK(check_way(options.source));
  ATCERT_CHECK(check_standard_input(options.source));
  const credentials::LoadOptions load_options{
      options.verbatim, [&program](const std::string& source) { return ask_passphrase(program, source); }, release};
  auto loaded = intake::load(options.source, load_options);
  if (program.stop.stop_requested()) {
    return Error{ErrorKind::interrupted, "interrupted", "interrupted before anything was done", {}, "run it again"};
  }
  return loaded;
}

credentials::CheckOptions check_options(const CredentialOptions& options, const Clock& clock) {
  credentials::CheckOptions check;
  check.now = std::chrono::floor<std::chrono::seconds>(clock.wall());
  check.strict = options.strict;
  return check;
}

}  // namespace atcert::cli
