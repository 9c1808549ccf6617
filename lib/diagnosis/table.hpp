// SPDX-License-Identifier: Apache-2.0
// Private to this folder: what the tables in causes/ have in common.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.hpp"
#include "base/json_object.hpp"
#include "diagnosis/condition.hpp"

namespace atcert::diagnosis {

JsonSource table_source(const std::string& file);

Result<std::vector<std::string>> read_texts(const JsonObject& object, std::string_view key);
Result<std::vector<Condition>> read_conditions(const JsonObject& object, std::string_view key);

// Whether a failure at `command` is one of those that `names` are about: "AT+MQTT*" stands for all that begin so.
bool is_about(std::span<const std::string> names, std::string_view command);

// The table that was compiled in; a test holds it to its form.
template <typename Row>
std::vector<Row> embedded_table(std::string_view name,
                                Result<std::vector<Row>> (*parse)(std::string_view, const std::string&)) {
  for (const EmbeddedFile& file : embedded_causes()) {
    if (file.name != name) continue;
    if (auto parsed = parse(file.content, std::string(name))) return *std::move(parsed);
  }
  return {};
}

}  // namespace atcert::diagnosis
