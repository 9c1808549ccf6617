// SPDX-License-Identifier: Apache-2.0
#include "view/causes.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace atcert::cli {
namespace {

constexpr std::size_t kMostOthers = 3;  // --json has them all

void say(Ui& ui, std::string_view name, const std::string& text) {
  ui.say(Line().add(Style::dim, fmt::format("  {:<9} ", name)).add(text));
}

}  // namespace

void say_causes(const std::vector<report::Cause>& causes, Ui& ui) {
  if (causes.empty()) return;
  const report::Cause& first = causes.front();
  for (const std::string& evidence : first.evidence) say(ui, "evidence:", evidence);
  say(ui, first.confidence + ":", fmt::format("{}; atcert explain {} tells more", first.code, first.code));
  const std::size_t others = std::min(causes.size() - 1, kMostOthers);
  for (std::size_t i = 1; i <= others; ++i) {
    say(ui, "or:", fmt::format("{} ({}): {}", causes[i].code, causes[i].confidence, causes[i].title));
  }
  if (others == 0) return;
  if (causes.size() - 1 > others) say(ui, "", fmt::format("and {} more, with --json", causes.size() - 1 - others));
  say(ui, "told by:", first.tell);
}

}  // namespace atcert::cli
