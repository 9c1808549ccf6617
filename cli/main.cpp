// SPDX-License-Identifier: Apache-2.0
// The command line: parses flags, environment and configuration, then runs the chosen verb.
#include <cxxabi.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <typeinfo>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <openssl/crypto.h>

#include "base/json.hpp"
#include "base/secret.hpp"
#include "command_line.hpp"
#include "configuration.hpp"
#include "interrupt.hpp"
#include "options/common.hpp"
#include "parse_errors.hpp"
#include "program.hpp"
#include "report/json.hpp"
#include "standard_streams.hpp"

namespace atcert::cli {
namespace {

constexpr int kUsage = static_cast<int>(ErrorKind::usage);
constexpr const char* kProgram = "atcert";

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
  add_info(verbs, program);
  add_push(verbs, program);
  add_verify(verbs, program);
  add_provision(verbs, program);
  add_emulate(verbs, program);
  add_explain(verbs, program);
  add_demo(verbs, program);
  add_version(verbs, program);
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

// Credentials are judged the same on every machine, whatever its openssl.cnf says.
void ignore_settings_of_openssl() {
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// With --json also a help text and the version are in a document.
int show_help(Program& program, const CLI::App& app, const std::string& command, const CLI::ParseError& end) {
  if (!program.ui.json()) return app.exit(end);
  nlohmann::json document = report::document(command, nullptr);
  document["help"] = lines_of(app.help());
  program.ui.document(document);
  return 0;
}

// Also where a configuration file says so, as far as it was understood.
bool wants_json(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  const CLI::Option* json = chosen.empty() ? nullptr : chosen.front()->get_option_no_throw("--json");
  return json != nullptr && json->count() > 0 && json->results().front() == "true";
}

int run_words(Program& program, const std::vector<std::string>& words) {
  CLI::App app{"Puts AWS IoT credentials into ESP-AT modules and proves that they reach AWS.", kProgram};
  app.require_subcommand(1);
  app.set_version_flag("-V,--version", "atcert " ATCERT_VERSION);
  app.footer("--json, -q, -v and --color may stand before the command or behind it.");
  app.get_formatter()->column_width(34);
  Verbs verbs(app, program.run);
  add_verbs(verbs, program);
  const CommandLine line = arrange(words, verbs.names());
  const std::string command = line.verb.empty() ? kProgram : line.verb;
  program.ui.begin(command, line.json);
  verbs.complete(line.verb);
  add_configuration(app, verbs);
  try {
    app.parse(with_user_file(line.words));
  } catch (const CLI::ParseError& end) {
    if (end.get_exit_code() == 0) return show_help(program, app, command, end);
    program.ui.begin(command, line.json || wants_json(app));
    return fail(program.ui, command, line.verb.empty() ? no_verb(line.no_verb, verbs.names()) : explain(app, end));
  }
  return program.run();
}

// Where an allocation fails (std::set_new_handler). To unwind needs memory too: parts of the standard library end in
// std::terminate() on the way (GCC 12: directory_iterator). What was begun is found and mended by the next run, as
// after any other sudden end.
[[noreturn]] void end_without_memory() {
  constexpr std::string_view kWords = "atcert: out of memory\n  remedy: raise the limit (ulimit -v)\n";
  [[maybe_unused]] const ssize_t told = write(STDERR_FILENO, kWords.data(), kWords.size());
  _exit(kUsage);
}

// What std::thread throws when there is no room for one (pthread_create(3): EAGAIN).
Error no_thread_error() {
  return {ErrorKind::usage,
          "no_thread",
          "the system has no room for another thread",
          {},
          "raise the limits (ulimit -u, ulimit -v)"};
}

// What an exception of a library says may hold pieces of what it choked on.
Error internal_error(const std::exception& error) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status), &std::free);
  return {ErrorKind::internal,
          "internal",
          fmt::format("internal error: {}", name ? name.get() : typeid(error).name()),
          {},
          "please report this with the command line, without its secrets"};
}

// Where nothing is swapped there is nothing to say.
void say_if_unlocked(Ui& ui) {
  struct sysinfo system {};
  if (Secret::all_locked() || sysinfo(&system) != 0 || system.totalswap == 0) return;
  ui.say("note: not all memory with keys could be locked, so that they may be in swap; `ulimit -l` allows too little");
}

int run(const std::vector<std::string>& words) {
  keep_out_of_core_files();
  ignore_settings_of_openssl();
  Program program;
  program.ui.begin(kProgram, arrange(words, {}).json);
  try {
    const Interrupt interrupt(program.ui, program.undertakings);
    program.stop = interrupt.token();
    const int code = run_words(program, words);
    say_if_unlocked(program.ui);
    return with_output_checked(code);
  } catch (const std::system_error& error) {
    const bool no_thread = error.code() == std::errc::resource_unavailable_try_again;
    return fail(program.ui, kProgram, no_thread ? no_thread_error() : internal_error(error));
  } catch (const std::exception& error) {
    return fail(program.ui, kProgram, internal_error(error));
  }
}

}  // namespace
}  // namespace atcert::cli

int main(int argc, char** argv) {
  std::set_new_handler(atcert::cli::end_without_memory);
  if (!atcert::cli::open_missing_streams()) return static_cast<int>(atcert::ErrorKind::internal);
  return atcert::cli::run({argv + std::min(argc, 1), argv + argc});
}
