// SPDX-License-Identifier: Apache-2.0
// The data folders templates/, partitions/ and causes/ as they were when the tool was built (cmake/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace atcert {

struct EmbeddedFile {
  std::string_view name;  // without its folder: "aws-iot.json"
  std::string_view content;
};

std::span<const EmbeddedFile> embedded_templates();
std::span<const EmbeddedFile> embedded_partitions();
std::span<const EmbeddedFile> embedded_causes();

}  // namespace atcert
