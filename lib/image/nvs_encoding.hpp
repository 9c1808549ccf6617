// SPDX-License-Identifier: Apache-2.0
// Text of an NVS CSV to the bytes of a value, as nvs_partition_gen does: integers as Python's int() reads them, hex2bin
// and base64 without white space.
#pragma once

#include <optional>
#include <string_view>

#include "base/secret.hpp"
#include "image/nvs_format.hpp"

namespace atcert::image {

// "u8" to "i64", "string", "binary", "hex2bin", "base64"; nothing for other names.
std::optional<NvsType> nvs_type_of_encoding(std::string_view encoding);

// Nothing when the text does not fit the encoding.
std::optional<Secret> decode_nvs_text(std::string_view encoding, std::string_view text);

// An integer's value in its type's size; nothing when it is out of range or no decimal number.
std::optional<Secret> encode_nvs_integer(NvsType type, std::string_view text);

}  // namespace atcert::image
