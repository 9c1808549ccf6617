// SPDX-License-Identifier: Apache-2.0
// The framer gives the same events whether its bytes come at once, one by one or in two parts, and what is heard in
// them is a verdict.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "at/framer.hpp"
#include "at/heard.hpp"

namespace {

using namespace atcert;

std::string describe(const at::Event& event) {
  if (const auto* line = std::get_if<at::Line>(&event)) return "line " + line->text.shown();
  if (const auto* counted = std::get_if<at::Counted>(&event)) {
    return "counted " + counted->head.shown() + std::string(counted->value.reveal_text());
  }
  return std::holds_alternative<at::Prompt>(event) ? "prompt" : "echo";
}

std::vector<std::string> events_of(ByteView bytes, std::size_t piece) {
  Redactor door;
  at::Framer framer(door);
  framer.expect(Secret(std::string_view("AT+SYSMFG=2")), true);
  at::Heard heard;
  std::vector<std::string> events;
  while (!bytes.empty()) {
    const std::size_t size = std::min(piece, bytes.size());
    framer.feed(bytes.first(size));
    bytes = bytes.subspan(size);
    while (const auto event = framer.next()) {
      events.push_back(describe(*event));
      heard.take(*event);
    }
  }
  events.push_back(std::to_string(static_cast<int>(heard.verdict(events.size(), 0))));
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  const auto whole = events_of(bytes, size + 1);
  if (events_of(bytes, 1) != whole || events_of(bytes, size / 2 + 1) != whole) std::abort();
  return 0;
}
