// SPDX-License-Identifier: Apache-2.0
// Private to this folder: times as the AWS CLI prints them, version 2 in ISO 8601, version 1 and the SDKs in seconds
// since 1970 with a fraction (AWS CLI, cli_timestamp_format).
#pragma once

#include <optional>
#include <string_view>

#include "credentials/credentials.hpp"

namespace atcert::credentials {

// To the second; none when it is no time.
std::optional<Date> aws_time(std::string_view text);

}  // namespace atcert::credentials
