// SPDX-License-Identifier: Apache-2.0
#include "configuration.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "verb.hpp"

namespace atcert::cli {
namespace {

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

std::string user_file() {
  namespace fs = std::filesystem;
  fs::path folder;
  if (is_set("XDG_CONFIG_HOME")) {
    folder = std::getenv("XDG_CONFIG_HOME");
  } else if (is_set("HOME")) {
    folder = fs::path(std::getenv("HOME")) / ".config";
  }
  const fs::path file = folder / "atcert" / "config.toml";
  std::error_code ignored;
  return !folder.empty() && fs::is_regular_file(file, ignored) ? file.string() : std::string();
}

bool has_option(const CLI::App& verb, const std::string& name) {
  return verb.get_option_no_throw("--" + name) != nullptr;
}

// CLI11 gives configuration files precedence over the environment, and wants the options of a subcommand in a section
// of its name. Here the environment goes first, and a plain top-level option is meant for whichever verb knows it.
class SharedConfig final : public CLI::ConfigTOML {
 public:
  SharedConfig(CLI::App& app, Verbs& verbs) : app_(app), verbs_(verbs) {}

  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    verbs_.complete_all();
    std::vector<CLI::ConfigItem> placed;
    for (CLI::ConfigItem& item : CLI::ConfigTOML::from_config(input)) {
      if (item.parents.empty() && !place(item)) continue;
      placed.push_back(std::move(item));
    }
    return placed;
  }

 private:
  // Gives a top-level item to the chosen verb. False: it is to be dropped, being another verb's or overruled.
  bool place(CLI::ConfigItem& item) const {
    if (item.name == "port" && (is_set("ATCERT_PORT") || is_set("ESPTOOL_PORT"))) return false;
    if (item.name == "baud" && is_set("ATCERT_BAUD")) return false;
    if (item.name == "wifi-password-file" && is_set("ATCERT_WIFI_PASSWORD")) return false;
    for (const CLI::App* verb : app_.get_subcommands()) {
      if (has_option(*verb, item.name)) {
        item.parents = {verb->get_name()};
        return true;
      }
    }
    for (const CLI::App* verb : app_.get_subcommands([](const CLI::App*) { return true; })) {
      if (has_option(*verb, item.name)) return false;
    }
    throw CLI::ConfigError::Extras(item.name);
  }

  CLI::App& app_;
  Verbs& verbs_;
};

}  // namespace

void add_configuration(CLI::App& app, Verbs& verbs) {
  app.config_formatter(std::make_shared<SharedConfig>(app, verbs));
  app.allow_config_extras(CLI::config_extras_mode::error);
  app.set_config("--config", "", "Options from a file (TOML, long names)")
      ->option_text("FILE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  // --config may stand behind the verb too.
  for (CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) verb->fallthrough();
}

std::vector<std::string> with_user_file(std::vector<std::string> arguments) {
  const std::string file = user_file();
  if (!file.empty()) arguments.insert(arguments.begin(), {"--config", file});
  // CLI11 takes a vector from its end.
  std::reverse(arguments.begin(), arguments.end());
  return arguments;
}

}  // namespace atcert::cli
