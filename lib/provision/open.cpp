// SPDX-License-Identifier: Apache-2.0
#include "provision/open.hpp"

#include <utility>

#include <fmt/core.h>

#include "provision/rate.hpp"

namespace atcert::provision {
namespace {

report::ModuleFacts facts_of(const module::Module& module, const std::string& port) {
  const module::Identity& identity = module.identity();
  return {port,
          identity.chip,
          to_string(identity.release),
          identity.module_name,
          identity.firmware,
          std::string(name_of(module.generation())),
          module.mac()};
}

// "ESP32C3 4.1.1.0 (MINI-1), nvs"; old releases do not name the chip, some builds not the module.
std::string described(const report::ModuleFacts& facts) {
  const std::string chip = facts.chip.empty() ? "" : facts.chip + " ";
  const std::string name = facts.name.empty() ? "" : " (" + facts.name + ")";
  return fmt::format("{}{}{}, {}", chip, facts.release, name, facts.generation);
}

// All of them, before the first byte comes in.
void hide_secrets(const Checked& checked, at::Session& session) {
  if (checked.credentials) session.hide(checked.credentials->key.pem);
  for (const auto& [name, value] : checked.values) {
    if (const Secret* secret = std::get_if<Secret>(&value)) session.hide(*secret);
  }
}

Result<std::string> open_port(Context& context) {
  ATCERT_TRY(auto, port, context.bench.open_port());
  context.line.emplace(std::move(port), context.bench, &context.witness);
  hide_secrets(context.checked, context.line->session);
  const serial::Transport& line = *context.line->port;
  if (const std::string others = line.other_users(); !others.empty()) {
    context.steps.note(fmt::format("{} is open in {} too, which may take what the module says", line.name(), others));
  }
  return line.name();
}

// Whoever reads the port too may have had the answer.
Error with_other_users(Error error, const serial::Transport& line) {
  if (error.kind != ErrorKind::no_module) return error;
  const std::string others = line.other_users();
  if (others.empty()) return error;
  error.cause = fmt::format("{}the port is open in {} too", error.cause.empty() ? "" : error.cause + "; ", others);
  error.remedy = "close the other program; " + error.remedy;
  return error;
}

Result<std::string> reach(Context& context) {
  const auto reached = context.settings.reach(context.line->session);
  if (!reached) return with_other_users(reached.error(), *context.line->port);
  return std::string();
}

Result<module::Module> ask(Context& context) {
  at::Session& session = context.line->session;
  ATCERT_CHECK(context.settings.ask_for_error_codes(session));
  return module::Module::identify(session, context.settings);
}

// What a module says at a raised rate may be damaged on its way: then it is asked again at a lower one.
Result<std::string> identify(Context& context) {
  auto module = ask(context);
  while (!module && context.speed.raised() && module.error().kind != ErrorKind::interrupted) {
    context.steps.note(module.error().what);
    ATCERT_CHECK(recover(context));
    module = ask(context);
  }
  if (!module) return std::move(module).error();
  context.module = *std::move(module);
  context.record.module = facts_of(*context.module, context.line->port->name());
  return described(*context.record.module);
}

// A module that restarts while it is asked, as the opening of the port makes many, is asked once more.
Result<std::string> identify_at_last(Context& context) {
  auto said = identify(context);
  if (said || said.error().code != "restarted") return said;
  context.steps.note(said.error().what + "; it is asked once more");
  ATCERT_CHECK(context.settings.reach(context.line->session));
  return identify(context);
}

Error other_module(const module::Module& before, const module::Module& now) {
  const auto name = [](const module::Module& module) {
    return fmt::format("{} {} {}", module.identity().chip, module.identity().firmware, module.mac());
  };
  return {ErrorKind::module, "other_module",
          fmt::format("after a restart another module answers: {} in place of {}", name(now), name(before)),
          "the module was changed in the middle of the job", "run the command again for the module that is there now"};
}

Result<std::string> look_again(Context& context) {
  at::Session& session = context.line->session;
  ATCERT_CHECK(context.settings.reach(session));
  ATCERT_CHECK(context.settings.ask_for_error_codes(session));
  ATCERT_TRY(module::Module, now, module::Module::identify(session, context.settings));
  const module::Module& before = *context.module;
  if (now.mac() != before.mac() || now.identity().firmware != before.identity().firmware) {
    return other_module(before, now);
  }
  return std::string("the same");
}

}  // namespace

Result<void> identify_again(Context& context) {
  return context.steps.step({"identify", "look at the module again"}, [&] { return look_again(context); });
}

Part open_module() {
  const auto run = [](Context& context) -> Result<void> {
    ATCERT_CHECK(context.steps.step({"identify", "open the port"}, [&] { return open_port(context); }));
    return context.steps.step({"identify", "reach the module"}, [&] { return reach(context); });
  };
  return {Part::When::well, run};
}

Part identify_module() {
  const auto run = [](Context& context) {
    return context.steps.step({"identify", "read the firmware release"}, [&] { return identify_at_last(context); });
  };
  return {Part::When::well, run};
}

}  // namespace atcert::provision
