// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace atcert::cli {
namespace {

using Words = std::vector<std::string>;

constexpr const char* kVersionVerb = "version";

bool is_json(std::string_view word) {
  return word == "--json" || word == "--json=true";
}

bool is_output_option(std::string_view word) {
  constexpr std::string_view kShort = "qv";
  if (word == "--quiet" || word == "--verbose" || word == "--color") return true;
  if (word.starts_with("--color=") || word.starts_with("--json") || word.starts_with("--verbose=")) return true;
  return word.size() > 1 && word[0] == '-' && word.find_first_not_of(kShort, 1) == std::string_view::npos;
}

// Options of the program itself that stay in front of the verb.
bool is_program_option(std::string_view word) {
  return word == "--config" || word.starts_with("--config=") || word == "--help" || word == "-h" ||
         word == "--version" || word == "-V";
}

bool takes_next_word(std::string_view word) {
  return word == "--color" || word == "--config";
}

}  // namespace

CommandLine arrange(const Words& words, const Words& verbs) {
  CommandLine line;
  line.json = std::any_of(words.begin(), std::find(words.begin(), words.end(), "--"), is_json);
  Words program;
  Words output;
  auto word = words.begin();
  while (word != words.end() && (is_output_option(*word) || is_program_option(*word))) {
    Words& place = is_output_option(*word) ? output : program;
    const bool two = takes_next_word(*word) && std::next(word) != words.end();
    place.insert(place.end(), word, word + (two ? 2 : 1));
    word += two ? 2 : 1;
  }
  line.words = program;
  if (word != words.end() && std::find(verbs.begin(), verbs.end(), *word) != verbs.end()) {
    line.verb = *word++;
  } else if (const auto version = std::find_if(line.words.begin(), line.words.end(),
                                               [](const auto& each) { return each == "--version" || each == "-V"; });
             version != line.words.end() && !output.empty()) {
    line.words.erase(version);
    line.verb = kVersionVerb;
  }
  if (line.verb.empty() && word != words.end()) line.no_verb = *word;
  if (!line.verb.empty()) line.words.push_back(line.verb);
  if (!line.verb.empty()) line.words.insert(line.words.end(), output.begin(), output.end());
  line.words.insert(line.words.end(), word, words.end());
  return line;
}

}  // namespace atcert::cli
