// SPDX-License-Identifier: Apache-2.0
// Faults that the emulated module can be told to have (`atcert emulate --fault NAME`). A new one is a row in the table
// and a question at the place where the module misbehaves.
#pragma once

#include <bitset>
#include <optional>
#include <span>
#include <string_view>

namespace atcert::emulator {

enum class Fault {
  silent,
  busy,
  busy_drops,
  echo_stuck,
  log_text,
  no_sntp,
  hang_in_data,
  write_refused,
  short_write,
  bit_flip,
  restart_in_mqttconn,
  missing_disconnected,
  split_subrecv,
  plain_mqtt,
  count,  // not a fault
};

struct FaultRow {
  Fault fault;
  std::string_view name;  // as the command line has it: "no-sntp"
  std::string_view help;
};

std::span<const FaultRow> fault_table();
std::optional<Fault> fault_by_name(std::string_view name);

class FaultSet {
 public:
  void add(Fault fault) { bits_.set(static_cast<std::size_t>(fault)); }
  bool has(Fault fault) const { return bits_.test(static_cast<std::size_t>(fault)); }

 private:
  std::bitset<static_cast<std::size_t>(Fault::count)> bits_;
};

}  // namespace atcert::emulator
