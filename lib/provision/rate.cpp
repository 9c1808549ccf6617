// SPDX-License-Identifier: Apache-2.0
#include "provision/rate.hpp"

#include <fmt/core.h>

namespace atcert::provision {
namespace {

Result<std::string> raise(const module::Speed& speed, Context& context) {
  at::Session& session = context.line->session;
  ATCERT_CHECK(context.speed.raise(session, speed));
  const unsigned rate = context.speed.rate();
  if (!session.transport().traits().rate) return std::string("the line has no rate of its own");
  return rate == 0 ? std::string("it stays as it is") : fmt::format("{} baud", rate);
}

}  // namespace

Part raise_rate(module::Speed speed) {
  const auto run = [speed](Context& context) -> Result<void> {
    if (speed.rate == module::Speed::kKeep && !speed.flow_control) return {};
    return context.steps.step({"identify", "raise the baud rate"}, [&] { return raise(speed, context); });
  };
  return {Part::When::well, run};
}

Part return_rate() {
  const auto run = [](Context& context) -> Result<void> {
    if (!context.speed.raised()) return {};
    return context.steps.step({"push", "put the baud rate back"}, [&]() -> Result<std::string> {
      ATCERT_CHECK(context.speed.put_back(context.line->session));
      return fmt::format("{} baud", context.speed.rate());
    });
  };
  return {Part::When::always, run};
}

Result<void> recover(Context& context) {
  at::Session& session = context.line->session;
  const bool raised = context.speed.raised();
  ATCERT_CHECK(context.speed.step_down(session));
  if (raised) context.steps.note(fmt::format("the line goes on at {} baud", context.speed.rate()));
  ATCERT_CHECK(context.settings.reach(session));
  return context.settings.ask_for_error_codes(session);
}

}  // namespace atcert::provision
