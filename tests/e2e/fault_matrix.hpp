// SPDX-License-Identifier: Apache-2.0
// What becomes of a job, of the module and of its credentials under every fault that the emulated module can have. The
// rows are data (fault_matrix.cpp); each test file runs a section of them.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "e2e/rig.hpp"

namespace atcert::test {

enum class Section { line, port, habits, data, store, network, connection, messages };

struct Verdict {
  std::string_view outcome;  // "0 ok", "4 no_answer", "7 *": exit code and cause code
  std::string_view module;   // "clean", what is left otherwise ("mode=1 mqtt=4"), or "silent", "gone"
  std::string_view slots;    // "new", "none", or slot by slot: "ca=new cert=other key=none"
};

struct Row {
  Section section;
  std::string_view fault;
  Verdict wanted;
  std::string_view generation = "nvs";
  // What happens now, where that is not yet what is wanted.
  Verdict today = {};
};

std::span<const Row> fault_matrix();

// `atcert provision` against the emulated module of each row, several at a time: the verdict, what a plain dialogue
// finds in the module afterwards, and what is in its flash.
void run_section(Section section);

}  // namespace atcert::test
