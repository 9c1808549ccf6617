// SPDX-License-Identifier: Apache-2.0
#include "provision/leave.hpp"

#include <string>
#include <vector>

namespace atcert::provision {
namespace {

void put_back(Context& context) {
  at::Session& session = context.line->session;
  if (context.bench.stop.stop_requested()) session.hurry();
  const at::Session::Uninterrupted whole(session);
  std::vector<std::string> left;
  if (!context.speed.put_back(session)) left.emplace_back("the baud rate of its line, which was raised");
  for (const std::string& what : context.settings.put_back(session)) left.push_back(what);
  for (const std::string& what : left) {
    context.steps.note(what + ", could not be put back");
    context.record.left.push_back(what);
  }
}

void tell_what_is_left(const Context& context, Error& error) {
  const std::vector<std::string>& left = context.record.left;
  if (left.empty()) {
    if (context.seen) error.what += "; the module was left clean";
    if (!context.seen && context.record.slots.empty()) error.what += "; nothing was changed";
    return;
  }
  error.what += "; not put back: ";
  for (std::size_t i = 0; i < left.size(); ++i) error.what += (i == 0 ? "" : "; ") + left[i];
  error.remedy = "reset the module before it is used";
}

}  // namespace

Part leave_module() {
  const auto run = [](Context& context) -> Result<void> {
    if (!context.line) return {};
    put_back(context);
    std::optional<Error>& error = context.record.error;
    if (error && error->kind == ErrorKind::interrupted) tell_what_is_left(context, *error);
    return {};
  };
  return {Part::When::always, run};
}

}  // namespace atcert::provision
