// SPDX-License-Identifier: Apache-2.0
#include "image/gatt_rows.hpp"

#include <fmt/core.h>

namespace atcert::image {
namespace {

constexpr unsigned kMaxGattRow = 30;  // tools/at.py takes cfg0 to cfg30

}  // namespace

std::string gatt_key(std::string_view row) {
  return fmt::format("cfg{}", row);
}

Result<void> check_gatt_row(unsigned row) {
  if (row <= kMaxGattRow) return {};
  return Error{ErrorKind::input,
               "gatt_row",
               fmt::format("there is no GATT row {}", row),
               {},
               fmt::format("use 0 to {}", kMaxGattRow)};
}

}  // namespace atcert::image
