// SPDX-License-Identifier: Apache-2.0
// What a serial port server sends is the same data and commands, whether it comes at once, byte by byte or in two
// parts, and what is answered to it is what a server can read.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "serial/com_port.hpp"
#include "serial/telnet.hpp"

namespace {

using namespace atcert;
using namespace atcert::serial;

struct Heard {
  std::string data;
  std::vector<telnet::Command> commands;

  bool operator==(const Heard&) const = default;
};

Heard heard_in(ByteView bytes, std::size_t piece) {
  Heard heard;
  telnet::Decoder decoder;
  while (!bytes.empty()) {
    const ByteView next = bytes.first(std::min(piece, bytes.size()));
    Bytes part(next.begin(), next.end());
    heard.data += as_text(ByteView(part).first(decoder.decode(part)));
    while (auto command = decoder.next()) heard.commands.push_back(std::move(*command));
    bytes = bytes.subspan(next.size());
  }
  return heard;
}

Bytes answer(telnet::Options& options, const telnet::Command& command) {
  if (const auto* sub = std::get_if<telnet::Subnegotiation>(&command)) {
    (void)com_port::parse_answer(*sub);
    return telnet::encode(*sub);
  }
  const auto answered = options.answer(std::get<telnet::Negotiation>(command));
  return answered ? telnet::encode(*answered) : Bytes();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  const Heard whole = heard_in(bytes, size + 1);
  if (heard_in(bytes, 1) != whole || heard_in(bytes, size / 2 + 1) != whole) std::abort();
  telnet::Options options;
  for (const telnet::Command& command : whole.commands) {
    const Bytes bytes_back = answer(options, command);
    const Heard back = heard_in(bytes_back, 1);
    if (!back.data.empty() || back.commands.size() != (bytes_back.empty() ? 0 : 1)) std::abort();
  }
  return 0;
}
