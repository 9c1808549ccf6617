// SPDX-License-Identifier: Apache-2.0
// Values for an NVS partition from the CSV of Espressif's nvs_partition_gen (ESP-IDF Programming Guide, "NVS Partition
// Generator Utility"): key,type,encoding,value; type is namespace, data or file.
#pragma once

#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "image/nvs_image.hpp"

namespace atcert::image {

// Values that own their bytes.
struct NvsValues {
  std::vector<NvsValue> values;
  // To which the values refer. What is no secret stands in `plain`, because a Secret takes memory pages of its own.
  std::vector<Secret> bytes;
  std::list<Bytes> plain;

  void add(std::string space, std::string key, NvsType type, Secret content);
  // Puts what is no secret in place of the value of that key; a new key comes behind the others of its namespace.
  void set(std::string space, std::string key, NvsType type, Bytes content);
};

// Reads the file that a row of type file names.
using ReadNvsFile = std::function<Result<Secret>(const std::string& path)>;

// Errors name the line: an unknown type or encoding, a value that does not fit its encoding, a key before the first
// namespace, a file that cannot be read.
Result<NvsValues> parse_nvs_csv(std::string_view text, const ReadNvsFile& read_file);

}  // namespace atcert::image
