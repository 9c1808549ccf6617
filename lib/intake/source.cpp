// SPDX-License-Identifier: Apache-2.0
#include "intake/source.hpp"

#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "base/files.hpp"
#include "credentials/amazon_roots.hpp"

namespace atcert::intake {
namespace {

// Far above any certificate or key; what is larger is some other file.
constexpr std::size_t kMaxFileSize = 1024 * 1024;

// A name that is no file may have been meant for a root that is built in.
Result<NamedFile> read_other_ca(const std::string& name) {
  auto read = read_credential_file(name);
  if (read || name.find('/') != std::string::npos) return read;
  std::string names;
  for (const credentials::AmazonRoot& root : credentials::amazon_roots()) names += fmt::format(", {}", root.name);
  read.error().remedy = fmt::format("give a file that can be read, or a root that is built in: {}", names.substr(2));
  return read;
}

// The files of a folder, or one file that holds everything.
Result<std::vector<NamedFile>> read_sources(const std::string& path) {
  std::error_code error;
  if (path != "-" && std::filesystem::is_directory(path, error)) return read_folder(path, kMaxFileSize);
  ATCERT_TRY(NamedFile, file, read_credential_file(path));
  std::vector<NamedFile> files;
  files.push_back(std::move(file));
  return files;
}

Error ca_missing() {
  return {ErrorKind::input, "ca_missing", "no CA certificate is given", {}, "fill the column ca, or give --ca"};
}

// The three files, or AWS's JSON; `ca` is a file or was read before.
template <typename Ca>
Result<credentials::Credentials> load_items(const Source& source, const Ca& ca,
                                            const credentials::LoadOptions& options) {
  if (!source.aws_json.empty()) {
    ATCERT_TRY(const NamedFile, json, read_credential_file(source.aws_json));
    if (source.key.empty()) return credentials::load_aws_json(json, nullptr, ca, options);
    ATCERT_TRY(const NamedFile, key, read_credential_file(source.key));
    return credentials::load_aws_json(json, &key, ca, options);
  }
  ATCERT_TRY(const NamedFile, certificate, read_credential_file(source.certificate));
  ATCERT_TRY(const NamedFile, key, read_credential_file(source.key));
  return credentials::load_files(certificate, key, ca, options);
}

}  // namespace

Result<NamedFile> read_credential_file(const std::string& path) {
  ATCERT_TRY(Secret, content, read_secret_file(path, kMaxFileSize));
  return NamedFile{path == "-" ? "standard input" : path, std::move(content)};
}

Result<NamedFile> read_ca(const std::string& name) {
  const credentials::AmazonRoot* root = credentials::find_amazon_root(name);
  if (root == nullptr) return read_other_ca(name);
  return NamedFile{fmt::format("{} (built in)", name), Secret(root->pem)};
}

Result<std::vector<NamedFile>> read_certificate_files(const Source& source) {
  return read_sources(source.folder.empty() ? source.certificate : source.folder);
}

Result<credentials::Credentials> load(const Source& source, const credentials::LoadOptions& options) {
  if (source.ca.empty()) return load(source, nullptr, options);
  ATCERT_TRY(const NamedFile, file, read_ca(source.ca));
  if (!source.folder.empty()) {
    ATCERT_TRY(const credentials::SharedCa, ca, credentials::load_ca(file, options));
    return load(source, &ca, options);
  }
  // The CA goes in as a file, so that one error tells what is wrong with each of the three.
  return load_items(source, file, options);
}

Result<credentials::Credentials> load(const Source& source, const credentials::SharedCa* ca,
                                      const credentials::LoadOptions& options) {
  if (!source.folder.empty()) {
    ATCERT_TRY(const std::vector<NamedFile>, files, read_sources(source.folder));
    return credentials::load_folder(source.folder == "-" ? files.front().name : source.folder, files, ca, options);
  }
  if (ca == nullptr) return ca_missing();
  return load_items(source, *ca, options);
}

}  // namespace atcert::intake
