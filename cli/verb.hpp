// SPDX-License-Identifier: Apache-2.0
// Verbs and their options. CLI11 does the work; it stands in verb.cpp and the two files around main alone, because its
// headers cost seconds in every file that includes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace atcert::cli {

// A handle to say more about an option: verb.add_option(...)->option_text("FILE")->group("Output").
class Option {
 public:
  Option(CLI::Option* option, CLI::App* verb) : option_(option), verb_(verb) {}
  Option* operator->() { return this; }

  Option option_text(const std::string& text);  // what --help shows for its value
  Option group(const std::string& name);
  Option required();
  Option needs(const std::string& other);
  Option envname(const std::string& name);
  Option expected(int min, int max);      // how many values
  Option allow_extra_args(bool allowed);  // whether several values may follow one flag
  Option range(std::int64_t min, std::int64_t max);
  Option one_of(const std::vector<std::string>& words);

 private:
  CLI::Option* option_;
  CLI::App* verb_;
};

class Verb {
 public:
  Verb(CLI::App* verb, std::function<int()>* run) : verb_(verb), run_(run) {}

  Option add_option(const std::string& names, std::string& value, const std::string& help);
  Option add_option(const std::string& names, std::optional<std::string>& value, const std::string& help);
  Option add_option(const std::string& names, unsigned& value, const std::string& help);
  Option add_option(const std::string& names, int& value, const std::string& help);
  Option add_option(const std::string& names, std::vector<std::string>& value, const std::string& help);
  Option add_flag(const std::string& names, bool& value, const std::string& help);
  Option add_flag(const std::string& names, int& count, const std::string& help);

  // One of a few words, each standing for a value.
  template <typename Value, typename Target>
  Option add_choice(const std::string& names, Target& target, const std::map<std::string, Value>& choices,
                    const std::string& help) {
    std::vector<std::string> words;
    words.reserve(choices.size());
    for (const auto& [word, value] : choices) words.push_back(word);
    return add_word(
        names, words, [&target, choices](const std::string& word) { target = choices.at(word); }, help);
  }

  // What the program runs when this verb is chosen; returns the exit code.
  void on_chosen(std::function<int()> run);

 private:
  Option add_word(const std::string& names, const std::vector<std::string>& words,
                  const std::function<void(const std::string&)>& chosen, const std::string& help);

  CLI::App* verb_;
  std::function<int()>* run_;
};

// Where verbs are added. Of a verb that is not the chosen one only the name and the help are: all options of all verbs
// take as long as a whole build.
class Verbs {
 public:
  Verbs(CLI::App& app, std::function<int()>& run) : app_(&app), run_(&run) {}

  void add(const std::string& name, const std::string& help, std::function<void(Verb)> add_options);
  const std::vector<std::string>& names() const { return names_; }

  // Adds the options of one verb, and of those that have none yet.
  void complete(const std::string& name);
  void complete_all();

 private:
  CLI::App* app_;
  std::function<int()>* run_;
  std::vector<std::string> names_;
  std::vector<std::pair<std::string, std::function<void()>>> waiting_;
};

}  // namespace atcert::cli
