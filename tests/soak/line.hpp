// SPDX-License-Identifier: Apache-2.0
// A bad line, or a lying module, on a pseudo-terminal: what stands between the tool and an emulated module, or in the
// place of one. A thread of its own moves the bytes.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include "emulator/pty.hpp"
#include "soak/chance.hpp"

namespace atcert::soak {

struct LineKind {
  std::string name;
  bool has_module = true;      // an emulated module stands behind it
  bool may_succeed = true;     // false: a run over it that says "done" is a lie
  bool takes_minutes = false;  // every wait of the tool ends, one after the other
};

const std::vector<LineKind>& line_kinds();

class Line {
 public:
  // `module`: the port of the emulated module behind it, where the kind has one.
  Line(const LineKind& kind, Chance chance, const std::string& link, const std::string& module);

 private:
  void serve(const std::stop_token& over);
  void from_tool(std::string_view bytes);
  void from_module(std::string_view bytes);
  void own_words();
  std::string lie(const std::string& line);
  void say(std::string_view text);
  void pass_on(std::string_view text) const;

  LineKind kind_;
  Chance chance_;
  emulator::Pty pty_;
  Descriptor module_;
  std::string command_;  // of the tool, as far as it has come
  std::string reply_;    // of the module, the line that is not whole yet
  std::string unsaid_;   // what the tool has not read yet
  std::size_t said_ = 0;
  emulator::PortLink link_;
  std::jthread thread_;
};

}  // namespace atcert::soak
