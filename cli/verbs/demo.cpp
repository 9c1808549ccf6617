// SPDX-License-Identifier: Apache-2.0
// atcert demo: the main job without hardware.
#include "demo/demo.hpp"

#include <algorithm>
#include <memory>

#include <fmt/core.h>

#include "base/json.hpp"
#include "options/common.hpp"
#include "program.hpp"
#include "report/json.hpp"
#include "view/dialogue_writer.hpp"
#include "view/screen.hpp"

namespace atcert::cli {
namespace {

const std::string kName = "demo";

struct Act {
  image::Generation generation;
  const char* title;
};

constexpr Act kActs[] = {
    {image::Generation::pki, "a module that keeps credentials in raw partitions (releases up to 3.0)"},
    {image::Generation::nvs, "a module that keeps credentials in NVS (releases from 3.1)"},
};

void print_verdict(Ui& ui, const report::Run& run) {
  if (run.error) return ui.failure(*run.error);
  const std::string module = run.module ? fmt::format("{} {}", run.module->chip, run.module->release) : "";
  ui.result(Line()
                .add(Style::good, "ok")
                .add(fmt::format(": {}: the module holds the credentials, and its message came round ({})", module,
                                 duration_text(run.duration.count()))));
}

// One after the other, until one fails.
std::vector<report::Run> play(const demo::Scenery& scenery, DialogueWriter& log, Program& program) {
  std::vector<report::Run> runs;
  for (const Act& act : kActs) {
    program.ui.say("");
    program.ui.say(Line().add(Style::strong, fmt::format("{}: {}", name_of(act.generation), act.title)));
    Screen screen(program.ui, program.clock);
    log.show_on(screen);
    runs.push_back(demo::provision(act.generation, scenery, program.clock, {screen.events(), &log, program.stop}));
    screen.finish();
    print_verdict(program.ui, runs.back());
    if (runs.back().error) break;
  }
  return runs;
}

nlohmann::json document_of(const std::vector<report::Run>& runs, const Error* error) {
  nlohmann::json document = report::document(kName, error);
  document["runs"] = nlohmann::json::array();
  for (const report::Run& run : runs) document["runs"].push_back(report::to_json(run));
  return document;
}

int run_demo(UiSettings output, Program& program) {
  output.verbosity = std::max(output.verbosity, kShowsDialogue);
  Ui& ui = program.ui;
  ui.configure(output);
  const auto log = DialogueWriter::open({});
  if (!log) return fail(ui, kName, log.error());
  const auto hold = program.undertakings.begin("remove what is left of the demo in the folder for temporary files");
  const auto scenery = demo::Scenery::set_up(program.clock.wall());
  if (!scenery) return fail(ui, kName, scenery.error());
  ui.say(fmt::format("throwaway credentials in {}, mosquitto with mutual TLS on {}:{}", scenery->credentials().string(),
                     scenery->broker().host, scenery->broker().port));
  const auto runs = play(*scenery, **log, program);
  const Error* error = runs.back().error ? &*runs.back().error : nullptr;
  if (ui.json()) ui.document(document_of(runs, error));
  if (error != nullptr) return static_cast<int>(error->kind);
  ui.result(Line().add(Style::good, "ok").add(": the demo is over; nothing of it is left"));
  return 0;
}

}  // namespace

void add_demo(Verbs& verbs, Program& program) {
  verbs.add(kName, "The main job on throwaway credentials, emulated modules and a local broker", [&program](Verb verb) {
    const auto output = std::make_shared<UiSettings>();
    add_output_options(verb, *output);
    verb.on_chosen([output, &program] { return run_demo(*output, program); });
  });
}

}  // namespace atcert::cli
