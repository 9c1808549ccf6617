// SPDX-License-Identifier: Apache-2.0
// What a module says when it is asked for evidence, and what a dialogue with any module shows.
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/redactor.hpp"
#include "diagnosis/answers.hpp"
#include "diagnosis/engine.hpp"
#include "diagnosis/witness.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atcert;
  std::vector<std::string> lines(1);
  for (const std::uint8_t byte : ByteView(data, size)) {
    if (byte == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += static_cast<char>(byte);
    }
  }
  Redactor door;
  std::vector<OutsideText> admitted;
  for (const std::string& line : lines) admitted.push_back(door.admit(line));
  diagnosis::Evidence evidence;
  diagnosis::read_networks(admitted, "EXAMPLE-AP", evidence.answers);
  diagnosis::read_clock(admitted, {}, evidence.answers);
  diagnosis::read_mqtt(admitted, evidence.answers);
  diagnosis::read_socket_errors(admitted, evidence.answers);
  evidence.answers.name_servers = diagnosis::read_name_servers(admitted);
  evidence.answers.resolved = diagnosis::read_address(admitted);
  evidence.answers.memory = diagnosis::first_number(admitted, "+SYSRAM:");
  diagnosis::Witness witness(nullptr);
  for (const OutsideText& line : admitted) {
    const bool sent = line.raw().starts_with("AT+");
    using Direction = at::DialogueEntry::Direction;
    witness.add({{}, sent ? Direction::sent : Direction::received, line.shown()});
  }
  evidence.symptom = witness.symptom();
  evidence.dialogue = witness.dialogue();
  evidence.module = witness.module();
  (void)diagnosis::diagnose(evidence, diagnosis::rules());
  return 0;
}
