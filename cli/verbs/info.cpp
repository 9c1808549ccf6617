// SPDX-License-Identifier: Apache-2.0
// atcert info: what a module is and holds; reads only.
#include <memory>

#include <fmt/core.h>

#include "provision/diagnose.hpp"
#include "provision/leave.hpp"
#include "provision/open.hpp"
#include "provision/read_slots.hpp"
#include "verbs/job_run.hpp"
#include "view/causes.hpp"

namespace atcert::cli {
namespace {

constexpr std::size_t kShownOfFingerprint = 16;

void tell_row(Ui& ui, const std::string& name, const std::string& value) {
  if (!value.empty()) ui.result(fmt::format("{:<12}{}", name, value));
}

void tell_module(Ui& ui, const report::ModuleFacts& module) {
  tell_row(ui, "port", module.port);
  tell_row(ui, "module",
           fmt::format("{}{}{}", module.chip, module.chip.empty() || module.name.empty() ? "" : " ", module.name));
  tell_row(ui, "firmware", module.firmware);
  tell_row(ui, "MAC", module.mac);
  tell_row(ui, "storage",
           module.generation == "nvs" ? "nvs: mfg_nvs, by AT+SYSMFG" : "pki: raw partitions, by AT+SYSFLASH");
}

std::string content_of(const report::SlotFacts& slot) {
  if (slot.state != "content") return slot.problem.empty() ? slot.state : slot.state + ": " + slot.problem;
  std::string text = fmt::format("{} bytes, {}", slot.size, slot.key);
  if (!slot.subject.empty()) text += fmt::format(", {}, from {} to {}", slot.subject, slot.not_before, slot.not_after);
  const std::string& fingerprint = slot.fingerprint.empty() ? slot.key_fingerprint : slot.fingerprint;
  text += fmt::format(", SHA-256 {}{}...", slot.fingerprint.empty() ? "of its public key " : "",
                      fingerprint.substr(0, kShownOfFingerprint));
  return slot.problem.empty() ? text : text + "; " + slot.problem;
}

void tell(Ui& ui, const report::Run& run) {
  if (run.module) tell_module(ui, *run.module);
  for (const report::SlotFacts& slot : run.slots) tell_row(ui, slot.slot, content_of(slot));
  if (run.key_fits_certificate) {
    tell_row(ui, "pair",
             *run.key_fits_certificate ? "key and certificate belong together"
                                       : "key and certificate do not belong together");
  }
  if (!run.error) return;
  ui.failure(*run.error);
  say_causes(run.causes, ui);
}

int run_info(const RunOptions& options, Program& program) {
  RunPlan plan;
  plan.job = [&]() -> Result<provision::Job> {
    return provision::Job{options.command,
                          {provision::open_module(), provision::identify_module(), provision::read_slots(),
                           provision::diagnose({}), provision::leave_module()}};
  };
  plan.tell = [&](const report::Run& run) { tell(program.ui, run); };
  plan.cut_off_remedy = "reset the module before it is used: its echo may still be off";
  return run_plan(options, plan, program);
}

}  // namespace

void add_info(Verbs& verbs, Program& program) {
  verbs.add("info", "What a module is and what credentials it holds; changes nothing", [&program](Verb verb) {
    const auto options = std::make_shared<RunOptions>();
    options->command = "info";
    add_port_options(verb, options->port);
    add_run_options(verb, *options);
    verb.on_chosen([options, &program] { return run_info(*options, program); });
  });
}

}  // namespace atcert::cli
