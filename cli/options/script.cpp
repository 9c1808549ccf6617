// SPDX-License-Identifier: Apache-2.0
#include "options/script.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/core.h>

#include "base/files.hpp"
#include "script/templates.hpp"

namespace atcert::cli {
namespace {

constexpr std::size_t kMaxScriptSize = 1024 * 1024;
constexpr std::size_t kMaxSecretSize = 64 * 1024;

Error usage_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::usage, std::move(code), std::move(what), {}, std::move(remedy)};
}

bool is_file_name(const std::string& script) {
  return script.find_first_of("/.") != std::string::npos;
}

std::string template_names() {
  std::string names;
  for (const script::Template& known : script::templates()) names += (names.empty() ? "" : ", ") + known.name;
  return names;
}

Result<script::Script> load_script_file(const std::string& path) {
  ATCERT_TRY(const Bytes, content, read_file(path, kMaxScriptSize));
  return script::parse(as_text(content), path);
}

// A password file made with an editor ends with a line end that is not part of the password.
void drop_line_end(Secret& secret) {
  std::string_view text = secret.reveal_text();
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  secret.shrink(text.size());
}

// The file is called by its option: who gives the secret itself in its place must not find it in the message.
Result<Secret> read_secret(const std::string& option, const std::string& path) {
  auto secret = read_secret_file(path, kMaxSecretSize);
  if (secret) {
    drop_line_end(*secret);
  } else if (Error& error = secret.error(); path != "-" && error.what.starts_with(path)) {
    error.what = fmt::format("the file of {}{}", option, error.what.substr(path.size()));
    error.remedy += "; the option takes the name of a file, not the secret itself";
  }
  return secret;
}

struct Assignment {
  std::string name;
  std::string value;
};

Result<Assignment> split(const std::string& flag, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return usage_error("bad_set", fmt::format("{}: no name and value", flag), fmt::format("write {} NAME=VALUE", flag));
  }
  return Assignment{text.substr(0, equals), text.substr(equals + 1)};
}

Result<void> refuse_second(const script::Values& values, const std::string& name) {
  if (!values.contains(name)) return {};
  return usage_error("given_twice", fmt::format("the variable {} is given twice", name),
                     "give it once: by its own option, or by --set or --set-file");
}

bool is_secret(const script::Script& script, const std::string& name) {
  return std::any_of(script.variables.begin(), script.variables.end(),
                     [&](const script::Variable& variable) { return variable.name == name && variable.secret; });
}

void put(script::Values& values, const char* name, const std::string& value) {
  if (!value.empty()) values.insert_or_assign(name, value);
}

Result<void> put_assignments(script::Values& values, const ScriptOptions& options, const script::Script& script) {
  for (const std::string& text : options.set) {
    ATCERT_TRY(Assignment, given, split("--set", text));
    if (is_secret(script, given.name)) {
      return usage_error("secret_argument", fmt::format("--set {}: the value is a secret", given.name),
                         fmt::format("other users see arguments: use --set-file {}=FILE", given.name));
    }
    ATCERT_CHECK(refuse_second(values, given.name));
    values.emplace(given.name, given.value);
  }
  for (const std::string& text : options.set_file) {
    ATCERT_TRY(Assignment, given, split("--set-file", text));
    ATCERT_CHECK(refuse_second(values, given.name));
    ATCERT_TRY(Secret, content, read_secret("--set-file " + given.name, given.value));
    if (is_secret(script, given.name)) {
      values.emplace(given.name, std::move(content));
    } else {
      values.emplace(given.name, std::string(content.reveal_text()));
    }
  }
  return {};
}

}  // namespace

void add_script_options(Verb& verb, ScriptOptions& options) {
  const std::string group = "Connection";
  verb.add_option("--endpoint", options.endpoint, "Host name of the cloud, e.g. <id>-ats.iot.<region>.amazonaws.com")
      ->option_text("HOST")
      ->group(group);
  verb.add_option("--client-id", options.client_id, "MQTT client id; the AWS policy must allow it")
      ->option_text("ID")
      ->group(group);
  verb.add_option("--topic", options.topic, "Topic to subscribe and publish to; the AWS policy must allow it")
      ->option_text("TOPIC")
      ->group(group);
  verb.add_option("--clock", options.clock,
                  "Where the module's time comes from: a time server, this machine, or either")
      ->option_text("sntp|host|auto [sntp]")
      ->group(group);
  verb.add_option("--wifi-ssid", options.wifi_ssid, "Name of the Wi-Fi network")->option_text("SSID")->group(group);
  verb.add_option("--wifi-password-file", options.wifi_password_file,
                  "File with its password, - for standard input (env ATCERT_WIFI_PASSWORD holds the password)")
      ->option_text("FILE")
      ->group(group);
  verb.add_option("--set", options.set, "A variable of the script; may be repeated")
      ->allow_extra_args(false)
      ->option_text("NAME=VALUE")
      ->group(group);
  verb.add_option("--set-file", options.set_file, "The same, its value (a secret, say) read from a file")
      ->allow_extra_args(false)
      ->option_text("NAME=FILE")
      ->group(group);
  verb.add_option("--script", options.script, "Connection script: " + template_names() + ", or a file")
      ->option_text("NAME|FILE [aws-iot]")
      ->group(group);
  verb.add_option("--templates", options.templates, "Folder of scripts instead of the built-in ones")
      ->option_text("DIR")
      ->group(group);
}

Result<script::Script> load_script(const ScriptOptions& options) {
  if (!options.templates.empty() && !is_file_name(options.script)) {
    return load_script_file((std::filesystem::path(options.templates) / (options.script + ".json")).string());
  }
  if (is_file_name(options.script)) return load_script_file(options.script);
  ATCERT_TRY(const script::Template, known, script::find_template(options.script));
  return script::parse(known.content, known.name + ".json");
}

Result<script::Given> script_values(const ScriptOptions& options, const script::Script& script) {
  script::Given given;
  script::Values& values = given.named;
  put(values, "endpoint", options.endpoint);
  put(values, "client_id", options.client_id);
  put(values, "topic", options.topic);
  put(values, "clock", options.clock);
  put(values, "wifi_ssid", options.wifi_ssid);
  ATCERT_TRY(Secret, password, wifi_password(options.wifi_password_file));
  if (!password.empty()) values.insert_or_assign("wifi_password", std::move(password));
  ATCERT_CHECK(put_assignments(values, options, script));
  return given;
}

Result<Secret> wifi_password(const std::string& file) {
  if (!file.empty()) return read_secret("--wifi-password-file", file);
  const char* value = std::getenv("ATCERT_WIFI_PASSWORD");
  return value != nullptr ? Secret(std::string_view(value)) : Secret();
}

}  // namespace atcert::cli
