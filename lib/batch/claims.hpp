// SPDX-License-Identifier: Apache-2.0
// Which unit has which certificate, known before the first image is made: one certificate must never be in two modules.
// Of a certificate that two units name none gets it, however many workers there are and in whatever order they come.
// What the output folder holds of other units counts too. Adding is for one thread at a time, asking for any number.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"

namespace atcert::batch {

class Claims {
 public:
  // The units whose folders are below `output` already.
  void add_folders(const std::filesystem::path& output);
  // Of the unit in this line of the list.
  void add(const std::string& fingerprint, const std::string& serial, std::size_t line);

  // Whether the certificate is this unit's and nobody else's. An error of kind taken names the others; one of kind
  // input says that the certificate is not the one that was there when the list was gone through.
  Result<void> check(const std::string& fingerprint, const std::string& serial, std::size_t line) const;

  // An error: a folder is there whose name differs from the serial in upper and lower case alone, which is the same
  // folder on some systems, and for some people.
  Result<void> check_name(const std::string& serial, std::size_t line) const;

 private:
  struct Holder {
    std::string serial;
    std::size_t line;  // 0: a folder that is there
  };

  std::unordered_map<std::string, std::vector<Holder>> holders_;  // by fingerprint
  std::unordered_map<std::string, std::string> folders_;          // by their names in lower case
};

}  // namespace atcert::batch
