// SPDX-License-Identifier: Apache-2.0
#include "emulator/faults.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "image/edit_distance.hpp"

namespace atcert::emulator {
namespace {

constexpr std::string_view kListing = "atcert emulate --list-faults explains them all";

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Error unknown_fault(std::string_view name) {
  std::vector<std::string> names;
  for (const FaultRow& row : fault_table()) names.emplace_back(row.name);
  const auto nearest = image::nearest_names(name, names);
  return {ErrorKind::usage,
          "fault_unknown",
          fmt::format("there is no fault named \"{}\"", name),
          {},
          nearest.empty() ? std::string(kListing) : fmt::format("did you mean {}? {}", joined(nearest), kListing)};
}

std::string choices_of(const FaultRow& row) {
  const FaultArgument& argument = row.argument;
  if (argument.placeholder.empty()) return fmt::format("give --fault {} alone", row.name);
  if (argument.words.empty()) {
    return fmt::format("give --fault {}={} with a number from {} to {}, or without one for {}", row.name,
                       argument.placeholder, argument.least, argument.most, argument.usual);
  }
  return fmt::format("give --fault {}= with one of {}", row.name,
                     joined(std::vector<std::string>(argument.words.begin(), argument.words.end())));
}

// Without the argument: whatever was typed in its place is not repeated.
Error bad_argument(const FaultRow& row) {
  const std::string_view why =
      row.argument.placeholder.empty() ? "takes no argument" : "does not take what stands behind the equals sign";
  return {ErrorKind::usage, "fault_argument", fmt::format("--fault {}: it {}", row.name, why), {}, choices_of(row)};
}

std::optional<std::int32_t> read_argument(const FaultArgument& argument, std::string_view text) {
  if (argument.placeholder.empty()) return std::nullopt;
  if (!argument.words.empty()) {
    const auto word = std::find(argument.words.begin(), argument.words.end(), text);
    if (word == argument.words.end()) return std::nullopt;
    return static_cast<std::int32_t>(word - argument.words.begin());
  }
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number < argument.least || number > argument.most) return std::nullopt;
  return number;
}

}  // namespace

const FaultRow& row_of(Fault fault) {
  return fault_table()[static_cast<std::size_t>(fault)];
}

Result<ChosenFault> parse_fault(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const auto table = fault_table();
  const auto row = std::find_if(table.begin(), table.end(), [&](const FaultRow& each) { return each.name == name; });
  if (row == table.end()) return unknown_fault(name);
  if (equals == std::string_view::npos) return ChosenFault{row->fault, row->argument.usual};
  const std::string_view given = text.substr(equals + 1);
  const auto argument = read_argument(row->argument, given);
  if (!argument) return bad_argument(*row);
  return ChosenFault{row->fault, *argument};
}

bool FaultSet::happens(Fault fault) {
  Entry& entry = at(fault);
  if (!entry.argument) return false;
  if (*entry.argument != 0 && entry.seen >= *entry.argument) return false;
  ++entry.seen;
  return true;
}

bool FaultSet::reached(Fault fault) {
  Entry& entry = at(fault);
  return entry.argument && ++entry.seen == *entry.argument;
}

bool FaultSet::over(Fault fault) const {
  const Entry& entry = at(fault);
  return entry.argument && entry.seen >= *entry.argument;
}

}  // namespace atcert::emulator
