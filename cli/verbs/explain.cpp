// SPDX-License-Identifier: Apache-2.0
// atcert explain: what the code of a cause means, how it is told from others, and what to do; or the list of them all.
#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "base/json.hpp"
#include "diagnosis/rule.hpp"
#include "image/edit_distance.hpp"
#include "options/common.hpp"
#include "program.hpp"
#include "report/json.hpp"

namespace atcert::cli {
namespace {

using diagnosis::Condition;
using diagnosis::Rule;

constexpr const char* kName = "explain";

struct ExplainVerb {
  UiSettings output;
  std::string code;
};

Result<const Rule*> chosen(const std::string& code) {
  if (const Rule* rule = diagnosis::find_rule(code)) return rule;
  std::vector<std::string> codes;
  for (const Rule& rule : diagnosis::rules()) codes.push_back(rule.code);
  std::string near;
  for (const std::string& name : image::nearest_names(code, codes)) near += (near.empty() ? "" : ", ") + name;
  return Error{ErrorKind::usage,
               "unknown_cause",
               fmt::format("no cause has the code {}", excerpt(code)),
               {},
               near.empty() ? "atcert explain lists them all" : fmt::format("did you mean {}?", near)};
}

// Of the text of a verdict the values are not known here: they stand as <endpoint>.
std::string shown(const script::Text& text) {
  static const script::Values kNone;
  const script::Captures captures;
  return script::preview(text, {kNone, captures});
}

std::vector<std::string> described(const std::vector<Condition>& conditions) {
  std::vector<std::string> list;
  for (const Condition& condition : conditions) list.push_back(diagnosis::describe(condition));
  return list;
}

nlohmann::json to_json(const Rule& rule) {
  nlohmann::json cause{{"code", rule.code},
                       {"chapter", rule.chapter},
                       {"title", rule.title},
                       {"symptom", rule.symptom},
                       {"at", rule.at},
                       {"must", described(rule.must)},
                       {"not", described(rule.never)},
                       {"confidence", name_of(rule.confidence)},
                       {"likely", described(rule.likely)},
                       {"certain", described(rule.certain)},
                       {"cause", shown(rule.verdict)},
                       {"remedy", shown(rule.remedy)},
                       {"tell", shown(rule.tell)},
                       {"sources", rule.sources}};
  if (rule.kind) cause["kind"] = atcert::name_of(*rule.kind);
  return cause;
}

void show(Ui& ui, std::string_view name, const std::string& text) {
  ui.result(Line().add(Style::dim, fmt::format("  {:<11}", name)).add(text));
}

void show(Ui& ui, std::string_view name, const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    show(ui, name, text);
    name = {};
  }
}

void show_one(Ui& ui, const Rule& rule) {
  ui.result(Line().add(Style::strong, rule.code).add(": " + rule.title));
  show(ui, "seen as", rule.symptom);
  show(ui, "cause", shown(rule.verdict));
  show(ui, "remedy", shown(rule.remedy));
  show(ui, "told by", shown(rule.tell));
  if (rule.at.empty()) return show(ui, "source", rule.sources);
  show(ui, "at", rule.at);
  show(ui, "must hold", described(rule.must));
  show(ui, "must not", described(rule.never));
  show(ui, "then", std::string(name_of(rule.confidence)));
  show(ui, "likely if", described(rule.likely));
  show(ui, "certain if", described(rule.certain));
  show(ui, "source", rule.sources);
}

void show_list(Ui& ui) {
  std::string chapter;
  for (const Rule& rule : diagnosis::rules()) {
    if (rule.chapter != chapter) ui.result(Line().add(Style::strong, chapter = rule.chapter));
    ui.result(fmt::format("  {:<24} {}", rule.code, rule.title));
  }
}

int run(const ExplainVerb& verb, Ui& ui) {
  ui.configure(verb.output);
  std::span<const Rule> told = diagnosis::rules();
  if (!verb.code.empty()) {
    const auto rule = chosen(verb.code);
    if (!rule) return fail(ui, kName, rule.error());
    told = std::span(*rule, 1);
  }
  if (ui.json()) {
    nlohmann::json document = report::document(kName, nullptr);
    document["causes"] = nlohmann::json::array();
    for (const Rule& rule : told) document["causes"].push_back(to_json(rule));
    ui.document(document);
  }
  verb.code.empty() ? show_list(ui) : show_one(ui, told.front());
  return 0;
}

}  // namespace

void add_explain(Verbs& verbs, Program& program) {
  verbs.add(kName, "What the code of a cause means, how it is told, and what to do", [&program](Verb command) {
    const auto verb = std::make_shared<ExplainVerb>();
    command.add_option("code", verb->code, "The code, as a failed run names it; without one all are listed")
        ->option_text("CODE");
    add_output_options(command, verb->output);
    command.on_chosen([verb, &program] { return run(*verb, program.ui); });
  });
}

}  // namespace atcert::cli
