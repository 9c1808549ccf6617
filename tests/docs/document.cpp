// SPDX-License-Identifier: Apache-2.0
#include "docs/document.hpp"

#include <sstream>

#include <doctest/doctest.h>

#include "docs/shown.hpp"

namespace atcert::test {
namespace {

void check_shown(const std::string& text, const Outcome& outcome) {
  INFO("it printed:\n", outcome.out);
  CHECK(missing_line(text, outcome.out) == "");
}

struct Command {
  std::string line;  // with the lines that a backslash adds
  std::string output;
};

std::vector<Command> commands_of(const std::string& text) {
  std::vector<Command> commands;
  bool goes_on = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (goes_on) {
      commands.back().line += "\n" + line;
    } else if (line.starts_with("$ ")) {
      commands.push_back({line.substr(2), {}});
    } else {
      REQUIRE_FALSE(commands.empty());
      commands.back().output += line + "\n";
      continue;
    }
    goes_on = line.ends_with('\\');
  }
  return commands;
}

}  // namespace

Treatment runs(int exit_code, std::string below) {
  return [exit_code, below = std::move(below)](Workshop& workshop, const Block& block) {
    const Outcome& outcome = workshop.sh(block.text, below);
    INFO("it printed:\n", outcome.out);
    CHECK(outcome.exit_code == exit_code);
  };
}

Treatment shown() {
  return [](Workshop& workshop, const Block& block) { check_shown(block.text, workshop.last()); };
}

Treatment shown_by(std::string commands) {
  return [commands = std::move(commands)](Workshop& workshop, const Block& block) {
    const Outcome& outcome = workshop.sh(commands);
    CHECK(outcome.exit_code == 0);
    check_shown(block.text, outcome);
  };
}

Treatment session() {
  return [](Workshop& workshop, const Block& block) {
    for (const Command& command : commands_of(block.text)) {
      INFO("command: ", command.line);
      const Outcome& outcome = workshop.sh(command.line);
      CHECK(outcome.exit_code == 0);
      check_shown(command.output, outcome);
    }
  };
}

Treatment is_file(std::string name) {
  return [name = std::move(name)](Workshop& workshop, const Block& block) {
    workshop.write(name, workshop.adapted(block.text));
  };
}

Treatment not_run(std::string reason) {
  return [reason = std::move(reason)](Workshop& /*workshop*/, const Block& block) {
    MESSAGE("not run: `", block.first_line(), "`: ", reason);
  };
}

void check_document(const std::string& path, const std::vector<Entry>& entries, Workshop& workshop) {
  const auto blocks = blocks_of(ATCERT_SOURCE_DIR "/" + path);
  auto entry = entries.begin();
  for (const Block& block : blocks) {
    INFO(path, ":", block.line, ": ", block.first_line());
    const bool known = entry != entries.end() && entry->first_line == block.first_line();
    const std::string expected = entry == entries.end() ? "no more blocks" : entry->first_line;
    INFO("the table has in this place: ", expected);
    REQUIRE(known);
    entry->treatment(workshop, block);
    ++entry;
  }
  CHECK(entry == entries.end());
}

}  // namespace atcert::test
