// SPDX-License-Identifier: Apache-2.0
#include "provision/leave.hpp"

#include <string>
#include <vector>

namespace atcert::provision {
namespace {

void put_back(const module::Module& module, Context& context) {
  at::Session& session = context.line->session;
  if (context.bench.stop.stop_requested()) session.hurry();
  const at::Session::Uninterrupted whole(session);
  if (const auto result = module.restore(session); !result) {
    context.steps.note("the module's echo and log settings could not be put back: " + result.error().what);
    context.record.left.emplace_back("its echo and log settings");
  }
}

void tell_what_is_left(const std::vector<std::string>& left, bool script_begun, Error& error) {
  if (left.empty()) {
    if (script_begun) error.what += "; the module was left clean";
    return;
  }
  error.what += "; not put back: ";
  for (std::size_t i = 0; i < left.size(); ++i) error.what += (i == 0 ? "" : "; ") + left[i];
  error.remedy = "reset the module before it is used";
}

}  // namespace

Part leave_module() {
  const auto run = [](Context& context) -> Result<void> {
    if (!context.module) return {};
    put_back(*context.module, context);
    std::optional<Error>& error = context.record.error;
    const bool interrupted = error && error->kind == ErrorKind::interrupted;
    if (interrupted) tell_what_is_left(context.record.left, context.seen.has_value(), *error);
    return {};
  };
  return {Part::When::always, run};
}

}  // namespace atcert::provision
