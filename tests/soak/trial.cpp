// SPDX-License-Identifier: Apache-2.0
#include "soak/trial.hpp"

#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "base/json.hpp"
#include "soak/hostile_text.hpp"

namespace atcert::soak {
namespace {

namespace fs = std::filesystem;

constexpr Milliseconds kLimit = std::chrono::seconds(300);
constexpr Milliseconds kLimitAfterSignal = std::chrono::seconds(30);  // clean-up has 10 seconds, and machines are slow
constexpr int kKilled = 128 + SIGKILL;

class Trial {
 public:
  Trial(const Stock& stock, const Verb& verb, const Adversity& adversity, Chance chance)
      : stock_(stock), verb_(verb), adversity_(adversity), chance_(chance), scene_(stock) {}

  Verdict judge() {
    adverse_run();
    next_run();
    return std::move(verdict_);
  }

 private:
  void broken(std::string what) { verdict_.broken.push_back(std::move(what)); }

  Run plain_run() const {
    Run run{.program = stock_.tool(),
            .arguments = verb_.arguments_in(scene_),
            .environment = scene_.environment(),
            .limit = kLimit};
    if (verb_.runs_until_stopped) run.signal = Signal{SIGTERM, verb_.typical};
    return run;
  }

  void adverse_run() {
    if (verb_.needs_module) {
      scene_.start_module(adversity_.line, chance_);
      // What it verifies must be in the module.
      if (verb_.command() == "verify" && adversity_.line == nullptr) push_first();
    }
    Run run = plain_run();
    adversity_.prepare(verb_, scene_, run, chance_);
    if (run.signal && !verb_.runs_until_stopped) run.limit = verb_.typical + kLimitAfterSignal;
    before_ = nodes();
    verdict_.command = run.as_line();
    const Ending ending = soak::run(run);
    verdict_.took = ending.took;
    verdict_.killed = ending.code == kKilled;
    verdict_.said = fmt::format("exit code {} after {} ms\nstdout: {}\nstderr: {}", ending.code, ending.took.count(),
                                tail_of(ending.out), tail_of(ending.err));
    check_ending(ending);
    check_streams(ending);
    check_nodes();
    check_files(ending.code == kKilled);
    check_outputs(ending.code);
    check_processes();
    scene_.stop_module();
  }

  void push_first() {
    soak::run({.program = stock_.tool(),
               .arguments = {"push", "--creds", scene_.at("creds"), "-p", scene_.at("port"), "-q"},
               .environment = scene_.environment(),
               .limit = kLimit});
  }

  // A run that nothing disturbs ends well and takes away what an earlier one left.
  void next_run() {
    if (!adversity_.is_kill && !adversity_.name.starts_with("SIG")) return;
    if (verb_.needs_module) scene_.start_module(nullptr, chance_);
    if (verb_.command() == "verify") push_first();
    const Ending ending = soak::run(plain_run());
    scene_.stop_module();
    if (ending.code != 0) {
      broken(fmt::format("the next run ends with {}: {}", ending.code, tail_of(ending.err + ending.out)));
      return;
    }
    check_files(false);
    check_outputs(0);
    for (const auto& name : scene_.listing()) {
      if (scene_.inputs().count(name) == 0 && output_of(name) == nullptr)
        broken("left over after the next run: " + name);
    }
    for (const auto& output : verb_.outputs) check_no_leftovers_in(output);
  }

  static std::string tail_of(const std::string& text) {
    constexpr std::size_t kMost = 1500;
    return text.size() > kMost ? "..." + text.substr(text.size() - kMost) : text;
  }

  void check_ending(const Ending& ending) {
    if (!ending.in_time) {
      broken(fmt::format("did not end in {} ms", ending.took.count()));
      return;
    }
    const bool in_table = (ending.code >= 2 && ending.code <= 9) || ending.code == 0 || ending.code == 130;
    if (!in_table && !(adversity_.is_kill && ending.code == kKilled)) {
      broken(fmt::format("exit code {} is none that may be", ending.code));
    }
    const bool claims = verb_.command() == "provision" || verb_.command() == "verify" ||
                        (verb_.name == "push" && adversity_.name != "module-plain-mqtt");
    const bool must_fail = adversity_.must_fail && (adversity_.line == nullptr || claims);
    if (must_fail && ending.code == 0) broken("claims success");
  }

  void check_streams(const Ending& ending) {
    for (const auto* text : {&ending.out, &ending.err}) {
      if (const auto secret = stock_.secrets().found_in(*text); !secret.empty()) broken(secret + " is in what it said");
      if (ending.code == kKilled) continue;
      if (const auto unfit = unfit_in(*text); !unfit.empty()) broken(unfit + " is in what it said");
    }
    if (!verb_.prints_json() || adversity_.hides_output || ending.code == kKilled || !ending.in_time) return;
    const auto document = nlohmann::json::parse(ending.out, nullptr, false);
    // A program that is stopped before it does anything prints nothing.
    if (ending.code == 130 && ending.out.empty()) return;
    if (document.is_discarded() || !document.is_object()) {
      broken("--json printed something else than one document");
    } else if (document.value(nlohmann::json::json_pointer("/exit/code"), -1) != ending.code) {
      broken("--json says another exit code");
    }
  }

  const Output* output_of(const std::string& name) const {
    for (const auto& output : verb_.outputs) {
      if (name == output.name || name.starts_with(output.name + "/")) return &output;
    }
    return nullptr;
  }

  static bool may_hold_key(const Output* output, const std::string& name) {
    if (output == nullptr) return false;
    const auto file = fs::path(name).filename();
    return output->kind == OutputKind::key_file || output->kind == OutputKind::items || file == "mfg_nvs.bin" ||
           file == "mqtt_key.bin";
  }

  // No secret where none belongs. What SIGKILL leaves may hold one until the next run, for its owner's eyes alone.
  void check_files(bool after_kill) {
    for (const auto& name : scene_.listing()) {
      struct stat status {};
      const std::string path = scene_.at(name);
      if (scene_.inputs().count(name) != 0 || lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
      const std::string text = whole_file(path);
      const Output* output = output_of(name);
      if (output != nullptr && output->kind == OutputKind::report) {
        if (const auto unfit = unfit_in(text); !unfit.empty()) broken(unfit + " is in " + name);
      }
      const std::string secret = stock_.secrets().found_in(text);
      if (secret.empty()) continue;
      const bool own_eyes = (status.st_mode & 077) == 0;
      if (!own_eyes) broken(fmt::format("{} is in {}, which has mode {:o}", secret, name, status.st_mode & 07777));
      if (!may_hold_key(output, name) && !after_kill) broken(fmt::format("{} is in {}", secret, name));
    }
  }

  // Sets and images are whole or not there.
  void check_outputs(int code) {
    for (const auto& output : verb_.outputs) {
      const std::string path = scene_.at(output.name);
      if (before_.count(output.name) != 0) continue;  // links and devices: check_nodes()
      if (output.kind == OutputKind::set) check_set(path, code);
      if (output.kind == OutputKind::sets) {
        for (const char* unit : kUnits) check_set(fs::path(path) / unit, code == 8 ? -1 : code);
      }
      if (output.kind == OutputKind::key_file && verb_.name == "build --into" && fs::exists(path)) check_whole(path);
      if (output.kind == OutputKind::report && code == 0 && !fs::exists(path)) broken(output.name + " is missing");
    }
  }

  void check_set(const fs::path& path, int code) {
    if (fs::exists(path) && !fs::is_empty(path)) {
      check_whole(path);
    } else if (code == 0) {
      broken(path.filename().string() + " is missing, and the exit code is 0");
    }
  }

  void check_whole(const fs::path& path) {
    const Ending ending = soak::run({.program = stock_.tool(),
                                     .arguments = {"inspect", path},
                                     .environment = scene_.environment(),
                                     .limit = kLimit});
    // Values that were damaged on purpose are damaged in a copy, too.
    if (ending.code != 0 && adversity_.name != "hostile-contents") {
      broken(fmt::format("{} is neither whole nor absent: {}", path.filename().string(), tail_of(ending.err)));
    }
  }

  void check_no_leftovers_in(const Output& output) {
    if (output.kind != OutputKind::set && output.kind != OutputKind::sets) return;
    for (const auto& name : scene_.listing()) {
      if (name.starts_with(output.name) && fs::path(name).filename().string().starts_with('.')) {
        broken("left over after the next run: " + name);
      }
    }
  }

  // Links and devices in the places of outputs, with what they lead to.
  std::map<std::string, std::string> nodes() const {
    std::map<std::string, std::string> all;
    for (const auto& output : verb_.outputs) {
      const std::string path = scene_.at(output.name);
      struct stat status {};
      if (lstat(path.c_str(), &status) != 0) continue;
      std::string what = fmt::format("type {:o} device {}", status.st_mode & S_IFMT, status.st_rdev);
      if (S_ISLNK(status.st_mode)) what += " to " + fs::read_symlink(path).string();
      all[output.name] = what;
    }
    return all;
  }

  void check_nodes() {
    const auto now = nodes();
    for (const auto& [name, what] : before_) {
      const auto found = now.find(name);
      if (found == now.end() || found->second != what) {
        broken(fmt::format("{} is no longer what it was ({})", name, what));
      }
      const std::string target = scene_.at("precious/" + name);
      if (fs::exists(target) && !stock_.secrets().found_in(whole_file(target)).empty()) {
        broken("a secret went through the link " + name);
      }
    }
  }

  void check_processes() {
    scene_.stop_module();
    for (const int process : processes_with(scene_.folder())) broken(fmt::format("process {} is left", process));
  }

  const Stock& stock_;
  const Verb& verb_;
  const Adversity& adversity_;
  Chance chance_;
  Scene scene_;
  std::map<std::string, std::string> before_;
  Verdict verdict_;
};

}  // namespace

Verdict try_case(const Stock& stock, const Verb& verb, const Adversity& adversity, Chance chance) {
  return Trial(stock, verb, adversity, chance).judge();
}

}  // namespace atcert::soak
