// SPDX-License-Identifier: Apache-2.0
// Partitions drawn to scale, a line each.
#pragma once

#include <string>
#include <vector>

#include "image/partition_table.hpp"

namespace atcert::cli {

// "0x021000  112K  mfg_nvs        data/nvs     |  ==      |"
std::vector<std::string> partition_map(const std::vector<image::Partition>& partitions);

}  // namespace atcert::cli
