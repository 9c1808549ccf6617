// SPDX-License-Identifier: Apache-2.0
#include "verb.hpp"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>

namespace atcert::cli {

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
  option_->check(CLI::Range(min, max));
  return *this;
}

Option Option::one_of(const std::vector<std::string>& words) {
  option_->check(CLI::IsMember(words));
  return *this;
}

Option Verb::add_option(const std::string& names, std::string& value, const std::string& help) {
  return {verb_->add_option(names, value, help), verb_};
}

Option Verb::add_option(const std::string& names, std::optional<std::string>& value, const std::string& help) {
  return {verb_->add_option(names, value, help), verb_};
}

Option Verb::add_option(const std::string& names, unsigned& value, const std::string& help) {
  return {verb_->add_option(names, value, help), verb_};
}

Option Verb::add_option(const std::string& names, int& value, const std::string& help) {
  return {verb_->add_option(names, value, help), verb_};
}

Option Verb::add_option(const std::string& names, std::vector<std::string>& value, const std::string& help) {
  return {verb_->add_option(names, value, help), verb_};
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
  option->check(CLI::IsMember(words));
  return {option, verb_};
}

void Verb::on_chosen(std::function<int()> run) {
  verb_->callback([target = run_, run = std::move(run)] { *target = run; });
}

void Verbs::add(const std::string& name, const std::string& help, std::function<void(Verb)> add_options) {
  const Verb verb{app_->add_subcommand(name, help), run_};
  if (std::find(words_.begin(), words_.end(), name) != words_.end()) return add_options(verb);
  waiting_.push_back([verb, add_options = std::move(add_options)] { add_options(verb); });
}

void Verbs::complete() {
  for (const auto& add_options : std::exchange(waiting_, {})) add_options();
}

}  // namespace atcert::cli
