// SPDX-License-Identifier: Apache-2.0
// What differs between two contents of a partition, told without secrets: sizes and digests of credentials, the values
// of parameters.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "image/partition_table.hpp"

namespace atcert::image {

// What stands in a place.
struct Summary {
  std::size_t size = 0;
  std::string sha256;       // lower-case hex
  std::string certificate;  // the SHA-256 fingerprint of its DER when it is one: AWS's certificate id
  std::string text;         // parameters and GATT rows: the value itself
  friend bool operator==(const Summary&, const Summary&) = default;
};

struct Change {
  std::string partition;
  std::string key;                // "mqtt_cert/mqtt_cert" in mfg_nvs, "0" in a PKI bin, the name of a parameter
  std::optional<Summary> before;  // nothing: it is new
  std::optional<Summary> after;   // nothing: it is gone
};

// Takes mfg_nvs, factory_param and the partitions of PKI bins.
std::vector<Change> diff_partitions(const std::string& partition, ByteView before, ByteView after);

}  // namespace atcert::image
