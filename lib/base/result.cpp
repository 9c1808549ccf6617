// SPDX-License-Identifier: Apache-2.0
#include "base/result.hpp"

namespace atcert {

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::internal:
      return "internal";
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::input:
      return "input";
    case ErrorKind::no_module:
      return "no_module";
    case ErrorKind::module:
      return "module";
    case ErrorKind::network:
      return "network";
    case ErrorKind::cloud:
      return "cloud";
    case ErrorKind::units:
      return "units";
    case ErrorKind::taken:
      return "taken";
    case ErrorKind::interrupted:
      return "interrupted";
  }
  return "internal";
}

}  // namespace atcert
