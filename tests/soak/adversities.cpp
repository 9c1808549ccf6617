// SPDX-License-Identifier: Apache-2.0
#include "soak/adversities.hpp"

#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>

#include <fmt/core.h>

#include "soak/hostile_text.hpp"

namespace atcert::soak {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrecious = "what was there before\n";

bool any_verb(const Verb& /*verb*/) {
  return true;
}

bool with_outputs(const Verb& verb) {
  return !verb.outputs.empty();
}

bool with_files(const Verb& verb) {
  return std::any_of(verb.outputs.begin(), verb.outputs.end(), [](const Output& output) {
    return output.kind == OutputKind::key_file || output.kind == OutputKind::report;
  });
}

Adversity shell(std::string name, std::string commands, std::string redirection = {}) {
  Adversity adversity{std::move(name), any_verb, nullptr};
  adversity.hides_output = !redirection.empty();
  adversity.prepare = [commands = std::move(commands), redirection = std::move(redirection)](const Verb&, Scene&,
                                                                                             Run& run, Chance&) {
    run.shell = commands;
    run.redirection = redirection;
  };
  return adversity;
}

Adversity signal(std::string name, int number) {
  Adversity adversity{std::move(name), any_verb, nullptr};
  adversity.is_kill = number == SIGKILL;
  adversity.prepare = [number](const Verb& verb, Scene&, Run& run, Chance& chance) {
    run.signal = Signal{number, Milliseconds(chance.below(static_cast<std::size_t>(verb.typical.count()) + 1))};
  };
  return adversity;
}

// Something else stands in the place of each output.
Adversity in_place(std::string name, std::function<void(const std::string&, Scene&)> put,
                   std::function<bool(const Verb&)> concerns = with_files) {
  Adversity adversity{std::move(name), std::move(concerns), nullptr};
  adversity.prepare = [put = std::move(put)](const Verb& verb, Scene& scene, Run&, Chance&) {
    for (const auto& output : verb.outputs) put(output.name, scene);
  };
  return adversity;
}

void put_link(const std::string& name, Scene& scene) {
  put_file(scene.at("precious/" + name), kPrecious);
  scene.keep_as_input("precious");
  scene.keep_as_input("precious/" + name);
  fs::create_symlink(scene.at("precious/" + name), scene.at(name));
}

void put_null_device(const std::string& name, Scene& scene) {
  mknod(scene.at(name).c_str(), S_IFCHR | 0666, makedev(1, 3));
}

void put_full_device(const std::string& name, Scene& scene) {
  mknod(scene.at(name).c_str(), S_IFCHR | 0666, makedev(1, 7));
}

// Every argument that names credentials names a copy with a hostile name, and the texts around the PEM are hostile.
void use_hostile_names(const Verb&, Scene& scene, Run& run, Chance& chance) {
  std::string name = hostile_text(chance);
  name.erase(std::remove(name.begin(), name.end(), '/'), name.end());
  for (auto& argument : run.arguments) {
    if (argument != scene.at("creds") && argument != scene.at("factory.bin") && argument != scene.at("units.csv")) {
      continue;
    }
    const fs::path changed = fs::path(argument).parent_path() / (name + fs::path(argument).filename().string());
    fs::rename(argument, changed);
    argument = changed;
  }
  for (const auto& entry : scene.listing()) scene.keep_as_input(entry);
}

void use_hostile_contents(const Verb&, Scene& scene, Run&, Chance& chance) {
  const std::string text = hostile_text(chance);
  const auto certificate = scene.at("creds/device.pem.crt");
  put_file(certificate, text + "\n" + whole_file(certificate) + text);
  put_file(scene.at("units.csv"), whole_file(scene.at("units.csv")) + text + ",units/" + text + "\n");
  std::string image = whole_file(scene.at("factory.bin"));
  for (std::size_t i = 0; i < 16; ++i) image.replace(chance.below(image.size() - text.size()), text.size(), text);
  put_file(scene.at("factory.bin"), image);
}

// A key where another file is meant: the reader's messages must not quote it.
void use_key_for_other_file(const Verb&, Scene& scene, Run& run, Chance& chance) {
  const std::string key = whole_file(scene.at("creds/private.pem.key"));
  const std::vector<std::string> names = {"units.csv", "factory.bin", "creds/ca.pem", "creds/device.pem.crt"};
  std::string text = key;
  if (chance.one_in(2)) text = "serial,creds\n" + key;
  if (chance.one_in(3)) text.erase(0, 28 + chance.below(200));
  for (const auto& name : names) put_file(scene.at(name), text);
  if (run.arguments[0] == "verify" || run.arguments[0] == "provision") {
    put_file(scene.at("key.json"), text);
    scene.keep_as_input("key.json");
    run.arguments.insert(run.arguments.end(), {"--script", scene.at("key.json")});
  }
}

}  // namespace

std::vector<Adversity> adversities(std::vector<std::string>& unavailable) {
  std::vector<Adversity> all = {
      shell("none", ""),
      shell("no-stdin", "", "<&-"),
      shell("no-stdout", "", ">&-"),
      shell("no-stderr", "", "2>&-"),
      shell("no-streams", "", "<&- >&- 2>&-"),
      shell("full-stdout", "", ">/dev/full"),
      shell("full-stderr", "", "2>/dev/full"),
      shell("umask-000", "umask 000"),
      shell("umask-077", "umask 077"),
      shell("no-processes", "ulimit -u 1"),
      shell("small-files", "ulimit -f 1"),
      shell("no-files", "ulimit -f 0"),
      signal("SIGTERM", SIGTERM),
      signal("SIGINT", SIGINT),
      signal("SIGHUP", SIGHUP),
      signal("SIGKILL", SIGKILL),
      in_place("link-in-place", put_link, with_outputs),
  };
  all.push_back({"hostile-names", any_verb, use_hostile_names});
  all.push_back({"hostile-contents", any_verb, use_hostile_contents});
  all.push_back({"key-for-other-file", any_verb, use_key_for_other_file});
#ifdef ATCERT_SANITIZED
  unavailable.emplace_back("little-memory: the address sanitizer needs all of the address space");
  unavailable.emplace_back("few-descriptors: the undefined behaviour sanitizer opens pipes to look at types");
#else
  all.push_back(shell("little-memory", "ulimit -v 40000"));
  all.push_back(shell("few-descriptors", "ulimit -n 4"));
#endif
  if (geteuid() == 0) {
    all.push_back(in_place("device-in-place", put_null_device));
    all.push_back(in_place("full-device-in-place", put_full_device));
    all.back().must_fail = true;
  } else {
    unavailable.emplace_back("device-in-place, full-device-in-place: only root makes devices");
  }
  for (const LineKind& kind : line_kinds()) {
    Adversity adversity{kind.name, [](const Verb& verb) { return verb.needs_module; }, nullptr};
    adversity.prepare = [](const Verb&, Scene&, Run&, Chance&) {};
    adversity.line = &kind;
    adversity.must_fail = !kind.may_succeed;
    all.push_back(std::move(adversity));
  }
  return all;
}

}  // namespace atcert::soak
