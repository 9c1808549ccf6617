// SPDX-License-Identifier: Apache-2.0
// Every verb as its users run it, and what it may leave behind.
#pragma once

#include <string>
#include <vector>

#include "soak/scene.hpp"

namespace atcert::soak {

// set: a folder of images with its manifest; sets: one such folder a unit; key_file: one file that holds a key;
// report: text without secrets; link: of an emulated module's port.
enum class OutputKind { set, sets, key_file, report, items, link };

struct Output {
  std::string name;  // below the scene's folder
  OutputKind kind;
  std::string option;  // that names it
};

struct Verb {
  std::string name;
  std::vector<std::string> arguments;  // without outputs; "@NAME" is a path in the scene
  std::vector<Output> outputs;
  bool needs_module = false;
  bool runs_until_stopped = false;
  Milliseconds typical{};  // how long it takes on an idle machine: the moments of signals lie in it

  const std::string& command() const { return arguments.front(); }
  std::vector<std::string> arguments_in(const Scene& scene) const;
  bool prints_json() const;
};

const std::vector<Verb>& verbs();

}  // namespace atcert::soak
