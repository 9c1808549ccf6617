// SPDX-License-Identifier: Apache-2.0
// Faults that the emulated module can be told to have (`atcert emulate --fault NAME[=ARGUMENT]`). A new one is a row in
// the table (fault_table.cpp) and a question at the place where the module misbehaves. All else is as the firmware does
// it: a fault is a deviation by name.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace atcert::emulator {

enum class Fault {
  silent,
  silent_after,
  echo_only,
  ok_to_all,
  log_port,
  log_text,
  wrong_baud,
  noise,
  chunks,
  stray_bytes,
  double_cr,
  unplugged,
  replugged,
  reset_at_byte,
  reset_in_command,
  stuck,
  late_results,
  no_ok,
  echo_stuck,
  busy,
  busy_drops,
  urc_storm,
  passthrough,
  data_phase,
  baud_refused,
  baud_stuck,
  lost_after_baud,
  prompt,
  lost_in_data,
  hang_in_data,
  write_refused,
  refused_after_erase,
  erase_refused,
  full_store,
  short_write,
  bit_flip,
  join_fails,
  join_code,
  brown_out,
  wifi_lost,
  no_sntp,
  clock_stuck,
  wrong_clock,
  restart_in_mqttconn,
  connect_fails,
  missing_disconnected,
  plain_mqtt,
  unquoted_connected,
  result_first,
  taken_over,
  subscribe_denied,
  publish_denied,
  split_subrecv,
  message_late,
  message_lost,
  message_twice,
  message_replayed,
  message_retained,
  other_topics,
  count,  // not a fault
};

// The words of Fault::prompt and Fault::wifi_lost, in the order of their table.
enum class PromptForm { bare, spaced, own_line, before_ok, late };
enum class LossMoment { connect, publish };

struct FaultArgument {
  std::string_view placeholder = {};  // "N"; empty: the fault takes none
  std::int32_t usual = 0;
  std::int32_t least = 0;
  std::int32_t most = 0;
  std::span<const std::string_view> words = {};  // instead of numbers; the argument is a word's place
};

struct FaultRow {
  Fault fault;
  std::string_view name;  // as the command line has it: "no-sntp"
  FaultArgument argument;
  std::string_view help;
};

std::span<const FaultRow> fault_table();
const FaultRow& row_of(Fault fault);

struct ChosenFault {
  Fault fault;
  std::int32_t argument;
};

// "busy" or "busy=3". Errors are of kind usage, and name the fault that was meant or the arguments that there are.
Result<ChosenFault> parse_fault(std::string_view text);

// The faults of one module, with what they have counted so far.
class FaultSet {
 public:
  void add(Fault fault) { add({fault, row_of(fault).argument.usual}); }
  void add(const ChosenFault& chosen) { at(chosen.fault).argument = chosen.argument; }

  bool has(Fault fault) const { return at(fault).argument.has_value(); }
  std::int32_t argument(Fault fault) const { return at(fault).argument.value_or(0); }
  template <typename Word>
  bool is(Fault fault, Word word) const {
    return at(fault).argument == static_cast<std::int32_t>(word);
  }

  // For faults that happen so many times, 0 for always: whether this time is one of them.
  bool happens(Fault fault);
  // For faults at the Nth of something: whether this call is the Nth.
  bool reached(Fault fault);
  // Whether there have been N calls of reached().
  bool over(Fault fault) const;

 private:
  struct Entry {
    std::optional<std::int32_t> argument;
    std::int32_t seen = 0;
  };
  Entry& at(Fault fault) { return entries_[static_cast<std::size_t>(fault)]; }
  const Entry& at(Fault fault) const { return entries_[static_cast<std::size_t>(fault)]; }

  std::array<Entry, static_cast<std::size_t>(Fault::count)> entries_;
};

}  // namespace atcert::emulator
