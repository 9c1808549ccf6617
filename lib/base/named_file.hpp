// SPDX-License-Identifier: Apache-2.0
// A file's content with the name that messages call it by. For code that works on files but touches no paths.
#pragma once

#include <string>

#include "base/secret.hpp"

namespace atcert {

struct NamedFile {
  std::string name;  // as the user wrote it, or the path below the folder that was read
  Secret content;    // credentials come in files, so every file is treated as one
};

}  // namespace atcert
