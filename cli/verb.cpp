// SPDX-License-Identifier: Apache-2.0
#include "verb.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace atcert::cli {
namespace {

// The messages of these checks are shown after the name of the option; the value stays out of them (parse_errors.hpp).
CLI::Validator number_between(std::int64_t min, std::int64_t max) {
  return {[min, max](const std::string& text) {
            std::int64_t number = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
            const bool whole = error == std::errc() && end == text.data() + text.size();
            if (whole && number >= min && number <= max) return std::string();
            return fmt::format("takes a whole number from {} to {}", min, max);
          },
          ""};
}

CLI::Validator one_word_of(const std::vector<std::string>& words) {
  return {[words](const std::string& text) {
            if (std::find(words.begin(), words.end(), text) != words.end()) return std::string();
            std::string list;
            for (const std::string& word : words) list += (list.empty() ? "" : ", ") + word;
            return "takes one of " + list;
          },
          ""};
}

// CLI11 takes the next word for a value, whatever it is: with its value forgotten, an option would swallow the next
// one.
CLI::Option* refuse_option_names(CLI::Option* option, const CLI::App& verb) {
  return option->check(CLI::Validator(
      [&verb](const std::string& text) {
        const bool name = text.starts_with("--") && verb.get_option_no_throw(text.substr(0, text.find('='))) != nullptr;
        return std::string(name ? "needs a value, and another option follows" : "");
      },
      ""));
}

}  // namespace

Option Option::option_text(const std::string& text) {
  option_->option_text(text);
  return *this;
}

Option Option::group(const std::string& name) {
  option_->group(name);
  return *this;
}

Option Option::required() {
  option_->required();
  return *this;
}

Option Option::needs(const std::string& other) {
  option_->needs(verb_->get_option(other));
  return *this;
}

Option Option::envname(const std::string& name) {
  option_->envname(name);
  return *this;
}

Option Option::expected(int min, int max) {
  option_->expected(min, max);
  return *this;
}

Option Option::allow_extra_args(bool allowed) {
  option_->allow_extra_args(allowed);
  return *this;
}

Option Option::range(std::int64_t min, std::int64_t max) {
  option_->check(number_between(min, max));
  return *this;
}

Option Option::one_of(const std::vector<std::string>& words) {
  option_->check(one_word_of(words));
  return *this;
}

Option Verb::add_option(const std::string& names, std::string& value, const std::string& help) {
  return {refuse_option_names(verb_->add_option(names, value, help), *verb_), verb_};
}

Option Verb::add_option(const std::string& names, std::optional<std::string>& value, const std::string& help) {
  return {refuse_option_names(verb_->add_option(names, value, help), *verb_), verb_};
}

Option Verb::add_option(const std::string& names, unsigned& value, const std::string& help) {
  return {refuse_option_names(verb_->add_option(names, value, help), *verb_), verb_};
}

Option Verb::add_option(const std::string& names, int& value, const std::string& help) {
  return {refuse_option_names(verb_->add_option(names, value, help), *verb_), verb_};
}

Option Verb::add_option(const std::string& names, std::vector<std::string>& value, const std::string& help) {
  return {refuse_option_names(verb_->add_option(names, value, help), *verb_), verb_};
}

Option Verb::add_flag(const std::string& names, bool& value, const std::string& help) {
  return {verb_->add_flag(names, value, help), verb_};
}

Option Verb::add_flag(const std::string& names, int& count, const std::string& help) {
  return {verb_->add_flag(names, count, help), verb_};
}

Option Verb::add_word(const std::string& names, const std::vector<std::string>& words,
                      const std::function<void(const std::string&)>& chosen, const std::string& help) {
  CLI::Option* option = verb_->add_option_function<std::string>(names, chosen, help);
  option->check(one_word_of(words));
  return {option, verb_};
}

void Verb::on_chosen(std::function<int()> run) {
  verb_->callback([target = run_, run = std::move(run)] { *target = run; });
}

void Verbs::add(const std::string& name, const std::string& help, std::function<void(Verb)> add_options) {
  names_.push_back(name);
  const Verb verb{app_->add_subcommand(name, help), run_};
  waiting_.emplace_back(name, [verb, add_options = std::move(add_options)] { add_options(verb); });
}

void Verbs::complete(const std::string& name) {
  for (auto& [each, add_options] : waiting_) {
    if (each == name) std::exchange(add_options, [] {})();
  }
}

void Verbs::complete_all() {
  for (const auto& [name, add_options] : std::exchange(waiting_, {})) add_options();
}

}  // namespace atcert::cli
