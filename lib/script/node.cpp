// SPDX-License-Identifier: Apache-2.0
#include "script/node.hpp"

namespace atcert::script {

JsonSource script_source(const std::string& file) {
  return {file, "bad_script", "correct the connection script; its form is described in script.schema.json", true};
}

Error bad_script(const std::string& file, std::size_t line, const std::string& reason) {
  return script_source(file).error(line, reason);
}

}  // namespace atcert::script
