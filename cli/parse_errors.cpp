// SPDX-License-Identifier: Apache-2.0
#include "parse_errors.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "image/edit_distance.hpp"

namespace atcert::cli {
namespace {

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kMaxName = 32;
constexpr const char* kPasswordOption = "--wifi-password-file";
constexpr const char* kNoSecret = ", and no secret belongs on a command line";

Error usage(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::usage, std::move(code), std::move(what), {}, std::move(remedy)};
}

// The name in `--name=value` or `-nvalue`, when it may be one of an option: what else it is may be a secret.
std::optional<std::string> option_name(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return std::nullopt;
  if (word[1] != '-') {
    const bool letter = kLetters.find(word[1]) != std::string_view::npos;
    return letter ? std::optional(std::string(word.substr(0, 2))) : std::nullopt;
  }
  const std::string_view name =
      word.substr(2, word.find('=') == std::string_view::npos ? word.npos : word.find('=') - 2);
  const bool plain = !name.empty() && name.size() <= kMaxName && name[0] != '-' &&
                     name.find_first_not_of(std::string(kLetters) + "-") == std::string_view::npos;
  return plain ? std::optional("--" + std::string(name)) : std::nullopt;
}

const CLI::App* chosen_verb(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? nullptr : chosen.front();
}

// "atcert provision"
std::string called(const CLI::App& app) {
  const CLI::App* verb = chosen_verb(app);
  return verb == nullptr ? "atcert" : "atcert " + verb->get_name();
}

std::string see_help(const CLI::App& app) {
  return called(app) + " --help lists the options";
}

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  std::vector<const CLI::Option*> options = app.get_options();
  if (const CLI::App* verb = chosen_verb(app)) {
    const auto more = verb->get_options();
    options.insert(options.end(), more.begin(), more.end());
  }
  return options;
}

// As messages call it: "--port", or "FILE" of a positional.
std::string name_of(const CLI::Option& option) {
  return option.nonpositional() ? option.get_name() : option.get_option_text();
}

bool is_about_password(const std::string& name) {
  constexpr std::array<std::string_view, 5> kWords{"PASS", "PWD", "PSK", "SECRET", "PW"};
  const std::string folded = image::folded(name);
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return folded.find(word) != std::string::npos; });
}

std::string joined(const std::vector<std::string>& names, const char* between) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : between) + name;
  return text;
}

std::string password_ways() {
  return fmt::format(
      "give the password in a file, {} FILE (- for standard input), or in ATCERT_WIFI_PASSWORD: arguments "
      "are seen by other users and kept by the shell",
      kPasswordOption);
}

// Of a secret on the command line of a command that joins no Wi-Fi.
std::string no_password_wanted(const CLI::App& app) {
  return fmt::format(
      "leave it out, {} takes none: arguments are seen by other users and kept by the shell. Passphrases of keys are "
      "asked for on a terminal; commands that join Wi-Fi take its password with {} FILE or from ATCERT_WIFI_PASSWORD",
      called(app), kPasswordOption);
}

Error unknown_option(const CLI::App& app, const std::string& name) {
  std::vector<std::string> known;
  for (const CLI::Option* option : options_of(app)) {
    if (option->nonpositional()) known.push_back(option->get_name());
  }
  const std::string what = fmt::format("{} has no option {}", called(app), name);
  const bool takes_password = std::find(known.begin(), known.end(), kPasswordOption) != known.end();
  if (is_about_password(name)) {
    return usage("unknown_option", what + kNoSecret, takes_password ? password_ways() : no_password_wanted(app));
  }
  const bool is_short = name[1] != '-';
  const auto near = is_short ? std::vector<std::string>() : image::nearest_names(name, known);
  return usage("unknown_option", what,
               near.empty() ? see_help(app) : fmt::format("did you mean {}? {}", joined(near, " or "), see_help(app)));
}

// What is left over of the command line: an option that nobody knows, or words that nobody asked for.
std::optional<Error> left_over(const CLI::App& app) {
  const std::vector<std::string> words = app.remaining(true);
  if (words.empty()) return std::nullopt;
  for (const std::string& word : words) {
    if (const auto name = option_name(word)) return unknown_option(app, *name);
  }
  const bool one = words.size() == 1;
  return usage("unexpected_word",
               fmt::format("{}: {} not expected (not shown: {})", called(app),
                           one ? "a word was" : fmt::format("{} words were", words.size()),
                           one ? "it may be a secret" : "they may be secrets"),
               "put words with blanks between quotes, name the option of each value; " + see_help(app));
}

// CLI11 tells the option of an error in its message alone, in one of these forms:
// "--baud: ...", "--baud requires ...", "Could not convert: --baud = ..."
const CLI::Option* option_in(const CLI::App& app, std::string_view message) {
  constexpr std::string_view kConversion = "Could not convert: ";
  if (message.starts_with(kConversion)) message.remove_prefix(kConversion.size());
  const CLI::Option* found = nullptr;
  for (const CLI::Option* option : options_of(app)) {
    const std::string name = option->get_name();
    if (!message.starts_with(name) || message.size() == name.size()) continue;
    const char next = message[name.size()];
    if ((next == ':' || next == ' ') && (found == nullptr || found->get_name().size() < name.size())) found = option;
  }
  return found;
}

std::string places_of(const CLI::Option& option) {
  const std::string variable = option.get_envname();
  return fmt::format("check {}{} and the configuration file", name_of(option), variable.empty() ? "" : ", " + variable);
}

Error wrong_count(const CLI::App& app, const CLI::Option& option, std::string_view message) {
  // "--port: At Most 1 required but received 2"; what is missing reads "required TEXT missing".
  if (message.find("At Most") != std::string_view::npos) {
    return usage("option_twice", fmt::format("{} is given more than once", name_of(option)),
                 fmt::format("give {} once", name_of(option)));
  }
  const std::string value = option.get_option_text();
  return usage("value_missing", fmt::format("{} needs a value", name_of(option)),
               fmt::format("write {} {}; {}", name_of(option), value.empty() ? "VALUE" : value, see_help(app)));
}

// The message of a check is ours (verb.cpp) and holds no value: "--baud: takes a whole number from 80 to 5000000".
Error refused_value(const CLI::Option& option, std::string_view message) {
  message.remove_prefix(std::min(message.size(), option.get_name().size() + 2));
  return usage("bad_value", fmt::format("{} {}", name_of(option), message), places_of(option));
}

Error unconverted(const CLI::Option& option) {
  const bool flag = option.get_expected_max() == 0 || option.get_items_expected_max() == 0;
  return usage(
      "bad_value",
      fmt::format("{} {}", name_of(option), flag ? "takes no value" : "takes a whole number that is not too large"),
      places_of(option));
}

Error missing(const CLI::App& app, const CLI::Option& option) {
  return usage("option_missing", fmt::format("{}: {} is missing", called(app), name_of(option)), see_help(app));
}

Error unmet_need(const CLI::Option& option) {
  std::string needs;
  for (const CLI::Option* other : option.get_needs()) needs += (needs.empty() ? "" : " and ") + other->get_name();
  return usage("option_needed", fmt::format("{} goes together with {}", name_of(option), needs),
               fmt::format("add {}, or leave out {}", needs, name_of(option)));
}

Error in_option(const CLI::App& app, const CLI::Option& option, const CLI::ParseError& end) {
  const std::string kind = end.get_name();
  if (kind == "ArgumentMismatch") return wrong_count(app, option, end.what());
  if (kind == "ValidationError") return refused_value(option, end.what());
  if (kind == "RequiredError") return missing(app, option);
  if (kind == "RequiresError") return unmet_need(option);
  return unconverted(option);
}

// "INI was not able to parse NAME" is how CLI11 calls an option that is not there, configuration.cpp too.
Error in_configuration(const CLI::App& app, std::string_view message) {
  constexpr std::string_view kUnknown = "INI was not able to parse ";
  const std::string word = message.starts_with(kUnknown) ? "--" + std::string(message.substr(kUnknown.size())) : "";
  const auto name = option_name(word);
  const std::string form = "write the long names of options as `name = value`, one a line";
  if (!name) return usage("bad_configuration", "the configuration file has a line that is not understood", form);
  Error error = unknown_option(app, *name);
  error.code = "bad_configuration";
  if (is_about_password(*name)) error.remedy = password_ways();
  error.what = fmt::format("the configuration file has an option \"{}\", which no command has", name->substr(2));
  return error;
}

}  // namespace

Error explain(const CLI::App& app, const CLI::ParseError& end) {
  const std::string kind = end.get_name();
  if (kind == "FileError") {
    return usage("bad_configuration", "the configuration file cannot be read", "check the path of --config");
  }
  if (kind == "ConfigError") return in_configuration(app, end.what());
  if (auto words = left_over(app)) return *std::move(words);
  if (const CLI::Option* option = option_in(app, end.what())) return in_option(app, *option, end);
  return usage("bad_usage", "the command line or the configuration file is not understood", see_help(app));
}

Error no_verb(const std::string& word, const std::vector<std::string>& verbs) {
  const std::string list = fmt::format("use one of {}; atcert --help describes them", joined(verbs, ", "));
  if (word.empty()) return usage("no_command", "no command is given", list);
  if (const auto name = option_name(word)) {
    const std::string what = fmt::format("{} is no option of atcert without a command", *name);
    if (is_about_password(*name)) return usage("unknown_option", what + kNoSecret, password_ways());
    return usage("unknown_option", what, "write atcert COMMAND OPTIONS; " + list);
  }
  const std::vector<std::string> near = image::nearest_names(word, verbs);
  return usage("no_command", "the first word is no command",
               near.empty() ? list : fmt::format("did you mean {}? {}", joined(near, " or "), list));
}

}  // namespace atcert::cli
