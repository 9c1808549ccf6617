// SPDX-License-Identifier: Apache-2.0
// The command line: parses flags, environment and configuration, then runs the chosen verb.
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <openssl/crypto.h>

#include "configuration.hpp"
#include "interrupt.hpp"
#include "program.hpp"
#include "standard_streams.hpp"

namespace atcert::cli {
namespace {

constexpr int kUsage = static_cast<int>(ErrorKind::usage);

// No core file of a process that holds keys and passwords.
void keep_out_of_core_files() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
#ifndef ATCERT_SANITIZED  // the leak checker needs to trace the process
  prctl(PR_SET_DUMPABLE, 0);
#endif
}

void add_verbs(Verbs& verbs, Program& program) {
  add_check(verbs, program);
  add_build(verbs, program);
  add_inspect(verbs, program);
  add_push(verbs, program);
  add_verify(verbs, program);
  add_provision(verbs, program);
  add_emulate(verbs, program);
  add_demo(verbs, program);
}

int report_bad_configuration(const CLI::ParseError& end) {
  const bool missing = end.get_name() == "FileError";
  fmt::print(stderr, "atcert: configuration file: {}\n  remedy: {}\n", end.what(),
             missing ? "check the path of --config" : "write the long names of options as `name = value`, one a line");
  return kUsage;
}

std::vector<std::string> verb_names(CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(verb->get_name());
  return names;
}

// CLI11 would say only that a subcommand is required.
std::optional<int> refuse_unknown_verb(CLI::App& app, int argc, char** argv) {
  const std::vector<std::string> names = verb_names(app);
  if (argc < 2 || argv[1][0] == '-' || std::find(names.begin(), names.end(), argv[1]) != names.end()) return {};
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  fmt::print(stderr, "atcert: no command \"{}\"\n  remedy: use one of {}; atcert --help describes them\n",
             printable(argv[1]), list);
  return kUsage;
}

bool reader_has_left() {
  pollfd output{STDOUT_FILENO, 0, 0};
  return poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

// A result that nobody could read was not delivered: a full disk behind `> file`, `| head -1`.
int with_output_checked(int code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  const bool left = reader_has_left();
  fmt::print(stderr, "atcert: standard output could not be written{}\n  remedy: {}\n",
             left ? ": its reader has left" : "", left ? "let it read to the end" : "check the disk behind it");
  return code != 0 ? code : kUsage;
}

// CLI11 has exit codes of its own (100 to 127); ours are 0 for help and version, 2 for wrong usage.
int report_parse_end(const CLI::App& app, const CLI::ParseError& end) {
  if (end.get_exit_code() == 0) return app.exit(end);
  if (end.get_name() == "ConfigError" || end.get_name() == "FileError") return report_bad_configuration(end);
  const auto chosen = app.get_subcommands();
  const std::string verb = chosen.empty() ? "" : " " + chosen.front()->get_name();
  fmt::print(stderr, "atcert: {}\n  remedy: atcert{} --help lists the options\n", end.what(), verb);
  return kUsage;
}

// Credentials are judged the same on every machine, whatever its openssl.cnf says.
void ignore_settings_of_openssl() {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
}

int run(int argc, char** argv) {
  keep_out_of_core_files();
  ignore_settings_of_openssl();
  Program program;
  CLI::App app{"Puts AWS IoT credentials into ESP-AT modules and proves that they reach AWS.", "atcert"};
  app.require_subcommand(1);
  app.set_version_flag("-V,--version", "atcert " ATCERT_VERSION);
  app.get_formatter()->column_width(34);
  Verbs verbs(app, program.run, {argv + 1, argv + argc});
  add_verbs(verbs, program);
  add_configuration(app, verbs);
  if (const auto refused = refuse_unknown_verb(app, argc, argv)) return *refused;
  try {
    app.parse(with_user_file(argc, argv));
  } catch (const CLI::ParseError& end) {
    return report_parse_end(app, end);
  }
  const Interrupt interrupt;
  program.stop = interrupt.token();
  return with_output_checked(program.run());
}

}  // namespace
}  // namespace atcert::cli

int main(int argc, char** argv) {
  if (!atcert::cli::open_missing_streams()) return static_cast<int>(atcert::ErrorKind::internal);
  try {
    return atcert::cli::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "atcert: internal error: {}\n  remedy: please report this with the command line\n",
               error.what());
    return static_cast<int>(atcert::ErrorKind::internal);
  }
}
