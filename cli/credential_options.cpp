// SPDX-License-Identifier: Apache-2.0
#include "credential_options.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/files.hpp"
#include "credentials/amazon_roots.hpp"
#include "credentials/load.hpp"
#include "passphrase.hpp"

namespace atcert::cli {
namespace {

// Far above any certificate or key; what is larger is some other file.
constexpr std::size_t kMaxFileSize = 1024 * 1024;

constexpr const char* kWays = "give --creds DIR, or --cert, --key and --ca, or --aws-json FILE with --ca";

Error usage_error(std::string what, std::string remedy) {
  return {ErrorKind::usage, "credential_options", std::move(what), {}, std::move(remedy)};
}

// What one option reads from standard input is gone for the others.
Result<void> check_standard_input(const CredentialOptions& options) {
  const std::string* const files[] = {&options.certificate, &options.key, &options.ca, &options.aws_json};
  if (std::count_if(std::begin(files), std::end(files), [](const auto* file) { return *file == "-"; }) < 2) return {};
  return usage_error("more than one of --cert, --key, --ca and --aws-json reads standard input",
                     "give a file to all of them but one");
}

// The options name one way, and all of it.
Result<void> check_way(const CredentialOptions& options) {
  const bool files = !options.certificate.empty() || !options.key.empty();
  const int ways = (options.folder.empty() ? 0 : 1) + (files ? 1 : 0) + (options.aws_json.empty() ? 0 : 1);
  if (ways == 0) return usage_error("no credentials are given", kWays);
  if (ways > 1) return usage_error("credentials are given in more than one way", kWays);
  if (files && (options.certificate.empty() || options.key.empty() || options.ca.empty())) {
    return usage_error("--cert, --key and --ca go together", "give all three, or --creds DIR");
  }
  if (!options.aws_json.empty() && options.ca.empty()) {
    return usage_error("AWS's JSON holds no CA certificate",
                       "add --ca AmazonRootCA1, or --ca with the file of another CA");
  }
  return {};
}

Result<credentials::Credentials> load_folder(const CredentialOptions& options, const credentials::LoadOptions& load) {
  ATCERT_TRY(const std::vector<NamedFile>, files, read_folder(options.folder, kMaxFileSize));
  if (options.ca.empty()) return credentials::load_folder(options.folder, files, nullptr, load);
  ATCERT_TRY(const NamedFile, ca_file, read_ca(options.ca));
  ATCERT_TRY(const credentials::SharedCa, ca, credentials::load_ca(ca_file, load));
  return credentials::load_folder(options.folder, files, &ca, load);
}

Result<credentials::Credentials> load(const CredentialOptions& options, const credentials::LoadOptions& load) {
  if (!options.folder.empty()) return load_folder(options, load);
  ATCERT_TRY(const NamedFile, ca, read_ca(options.ca));
  if (!options.aws_json.empty()) {
    ATCERT_TRY(const NamedFile, json, read_credential_file(options.aws_json));
    return credentials::load_aws_json(json, ca, load);
  }
  ATCERT_TRY(const NamedFile, certificate, read_credential_file(options.certificate));
  ATCERT_TRY(const NamedFile, key, read_credential_file(options.key));
  return credentials::load_files(certificate, key, ca, load);
}

// A name that is no file may have been meant for a root that is built in.
Result<NamedFile> read_other_ca(const std::string& ca) {
  auto read = read_credential_file(ca);
  if (read || ca.find('/') != std::string::npos) return read;
  std::string names;
  for (const credentials::AmazonRoot& root : credentials::amazon_roots()) names += fmt::format(", {}", root.name);
  read.error().remedy = fmt::format("give a file that can be read, or a root that is built in: {}", names.substr(2));
  return read;
}

}  // namespace

void add_credential_options(Verb& verb, CredentialOptions& options) {
  const std::string group = "Credentials";
  verb.add_option("--creds", options.folder, "Folder with all three; they are found by what is in the files")
      ->option_text("DIR")
      ->group(group);
  verb.add_option("--cert", options.certificate, "Device certificate, PEM or DER")->option_text("FILE")->group(group);
  verb.add_option("--key", options.key, "Its private key, PEM or DER")->option_text("FILE")->group(group);
  verb.add_option("--ca", options.ca, "Root CA: a file, or AmazonRootCA1 to 4 for one that is built in")
      ->option_text("FILE|NAME")
      ->group(group);
  verb.add_option("--aws-json", options.aws_json,
                  "Output of `aws iot create-keys-and-certificate`, - for standard input")
      ->option_text("FILE")
      ->group(group);
  verb.add_flag("--verbatim", options.verbatim, "Refuse files that would have to be rewritten for the module")
      ->group(group);
  verb.add_flag("--strict", options.strict, "Warnings about the credentials are errors")->group(group);
}

Result<NamedFile> read_credential_file(const std::string& path) {
  ATCERT_TRY(Secret, content, read_secret_file(path, kMaxFileSize));
  return NamedFile{path == "-" ? "standard input" : path, std::move(content)};
}

Result<NamedFile> read_ca(const std::string& ca) {
  const credentials::AmazonRoot* root = credentials::find_amazon_root(ca);
  if (root == nullptr) return read_other_ca(ca);
  return NamedFile{fmt::format("{} (built in)", ca), Secret(root->pem)};
}

bool credentials_given(const CredentialOptions& options) {
  return !options.folder.empty() || !options.certificate.empty() || !options.key.empty() || !options.aws_json.empty();
}

Result<credentials::Credentials> load_credentials(const CredentialOptions& options, Program& program) {
  ATCERT_CHECK(check_way(options));
  ATCERT_CHECK(check_standard_input(options));
  const credentials::LoadOptions load_options{
      options.verbatim, [&program](const std::string& source) { return ask_passphrase(program, source); }};
  auto loaded = load(options, load_options);
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
