// SPDX-License-Identifier: Apache-2.0
// Where the credentials of one unit come from: the names that a user or a list gives, and the edge that reads the files
// behind them. Standard input is "-".
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "base/named_file.hpp"
#include "base/result.hpp"
#include "credentials/credentials.hpp"
#include "credentials/load.hpp"

namespace atcert::intake {

// A folder or one file with everything, or three files, or AWS's JSON with a CA and, where the JSON has none, a key.
// What is empty was not given.
struct Source {
  std::string folder;  // or file
  std::string certificate;
  std::string key;
  std::string ca;  // a file, or the name of an Amazon root that is built in
  std::string aws_json;

  // True when any of them says where credentials are; a CA alone does not.
  bool given() const { return !folder.empty() || !certificate.empty() || !key.empty() || !aws_json.empty(); }

  // How many of them are read from standard input.
  std::size_t from_standard_input() const {
    const auto names = {&folder, &certificate, &key, &ca, &aws_json};
    return static_cast<std::size_t>(
        std::count_if(names.begin(), names.end(), [](const std::string* name) { return *name == "-"; }));
  }
};

// A file of certificates or keys.
Result<NamedFile> read_credential_file(const std::string& path);

// The CA certificate of this name: an Amazon root, or a file.
Result<NamedFile> read_ca(const std::string& name);

// The files of `source` in which its certificate is: that file alone, or all of the folder.
Result<std::vector<NamedFile>> read_certificate_files(const Source& source);

// The CA of `source`, or the one in its folder.
Result<credentials::Credentials> load(const Source& source, const credentials::LoadOptions& options);

// The same with `ca` in the place of the source's own; null: the one in its folder.
Result<credentials::Credentials> load(const Source& source, const credentials::SharedCa* ca,
                                      const credentials::LoadOptions& options);

}  // namespace atcert::intake
