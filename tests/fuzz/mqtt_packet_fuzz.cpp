// SPDX-License-Identifier: Apache-2.0
// The MQTT packet reader: any bytes, and the same packets however they are split. The first byte says where.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "emulator/mqtt_packet.hpp"

namespace {

// What came out: the kinds of the packets, and whether the stream was refused.
struct Outcome {
  std::vector<std::size_t> kinds;
  bool refused = false;
  bool operator==(const Outcome&) const = default;
};

void drain(atcert::emulator::MqttPacketReader& reader, Outcome& outcome) {
  while (!outcome.refused) {
    const auto packet = reader.next();
    outcome.refused = !packet.ok();
    if (outcome.refused || !*packet) return;
    outcome.kinds.push_back((*packet)->index());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const atcert::ByteView stream(data + 1, size - 1);
  const std::size_t cut = stream.empty() ? 0 : data[0] % stream.size();
  atcert::emulator::MqttPacketReader whole;
  atcert::emulator::MqttPacketReader split;
  Outcome at_once;
  Outcome in_two;
  whole.feed(stream);
  drain(whole, at_once);
  split.feed(stream.first(cut));
  drain(split, in_two);
  split.feed(stream.subspan(cut));
  drain(split, in_two);
  if (at_once != in_two) std::abort();
  return 0;
}
