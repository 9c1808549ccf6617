// SPDX-License-Identifier: Apache-2.0
#include "soak/line.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "soak/hostile_text.hpp"

namespace atcert::soak {
namespace {

template <typename T>
T need(Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.error().what);
  return std::move(*result);
}

constexpr std::size_t kMostUnsaid = 1 << 16;

}  // namespace

const std::vector<LineKind>& line_kinds() {
  static const std::vector<LineKind> kinds = {
      // Lines between the tool and a module.
      {"line-echo"},
      {"line-drop"},
      {"line-interleave"},
      {"line-echo-drop"},
      // Modules that lie in what they answer.
      {"module-hostile-fields"},
      {"module-plain-mqtt", true, false},
      {"module-resets"},
      {"module-refuses-after-echo", true, false},
      {"module-half-lines"},
      // What is no module at all.
      {"ok-to-everything", false, false},
      {"garbage", false, false},
      {"endless-text", false, false},
      {"silence", false, false},
      {"busy-storm", false, false, true},
      {"echo-alone", false, false},
  };
  return kinds;
}

Line::Line(const LineKind& kind, Chance chance, const std::string& link, const std::string& module)
    : kind_(kind), chance_(chance), pty_(need(emulator::Pty::open())) {
  if (kind_.has_module) {
    module_ = Descriptor(open(module.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (!module_.open()) throw std::runtime_error("the emulated module cannot be opened");
  }
  link_ = need(emulator::PortLink::make(link, pty_.path()));
  thread_ = std::jthread([this](const std::stop_token& over) { serve(over); });
}

void Line::serve(const std::stop_token& over) {
  constexpr int kMomentMs = 20;
  while (!over.stop_requested()) {
    std::array<pollfd, 2> ends{{{pty_.descriptor(), POLLIN, 0}, {module_.get(), POLLIN, 0}}};
    if (!unsaid_.empty()) ends[0].events |= POLLOUT;
    poll(ends.data(), ends.size(), kMomentMs);
    std::array<std::uint8_t, 1024> part;
    if ((ends[0].revents & POLLIN) != 0) {
      const std::size_t count = pty_.read(part);
      from_tool(as_text(ByteView(part).first(count)));
    }
    if ((ends[1].revents & POLLIN) != 0) {
      const ssize_t count = read(module_.get(), part.data(), part.size());
      if (count > 0) from_module(as_text(ByteView(part).first(static_cast<std::size_t>(count))));
    }
    own_words();
    if (!unsaid_.empty()) unsaid_.erase(0, pty_.write(as_bytes(unsaid_)));
  }
}

void Line::say(std::string_view text) {
  if (unsaid_.size() < kMostUnsaid) unsaid_ += text;
}

void Line::pass_on(std::string_view text) const {
  std::size_t done = 0;
  while (module_.open() && done < text.size()) {
    const ssize_t count = write(module_.get(), text.data() + done, text.size() - done);
    if (count > 0) {
      done += static_cast<std::size_t>(count);
      continue;
    }
    pollfd end{module_.get(), POLLOUT, 0};
    constexpr int kPatienceMs = 2000;
    if (poll(&end, 1, kPatienceMs) <= 0) return;
  }
}

void Line::from_tool(std::string_view bytes) {
  const bool echoes = kind_.name == "line-echo" || kind_.name == "line-echo-drop" || kind_.name == "echo-alone" ||
                      kind_.name == "module-refuses-after-echo";
  for (const char c : bytes) {
    const bool lost = (kind_.name == "line-drop" || kind_.name == "line-echo-drop") && chance_.one_in(200);
    if (!lost) pass_on({&c, 1});
    if (echoes && !(kind_.name == "line-echo-drop" && chance_.one_in(50))) say({&c, 1});
    command_ += c;
    if (c != '\n') continue;
    if (kind_.name == "ok-to-everything") say("\r\nOK\r\n");
    if (kind_.name == "busy-storm") say("\r\nbusy p...\r\n");
    if (kind_.name == "module-resets" && chance_.one_in(8))
      say("\r\nready\r\nets Jul 29 2019 12:21:46\r\n\r\nready\r\n");
    command_.clear();
  }
}

// What a module says with nobody asking.
void Line::own_words() {
  if (kind_.name == "endless-text") say("+THE:SAME,\"line\",over and over\r\n");
  if (kind_.name == "busy-storm" && chance_.one_in(4)) say("busy s...\r\n");
  if (kind_.name == "garbage") {
    for (std::size_t i = chance_.below(64); i > 0; --i) {
      const char byte = static_cast<char>(chance_.below(256));
      say({&byte, 1});
    }
  }
}

void Line::from_module(std::string_view bytes) {
  for (const char c : bytes) {
    if (kind_.name == "line-drop" && chance_.one_in(400)) continue;
    if (kind_.name == "line-interleave" && chance_.one_in(60)) {
      say(chance_.one_of<std::string>({"\r\nbusy p...\r\n", "\r\n+STA_CONNECTED:\"02:00:00:00:00:01\"\r\n", "\xff"}));
    }
    reply_ += c;
    if (c == '\n' || c == '>') {
      say(lie(reply_));
      reply_.clear();
    }
  }
}

// A whole line of the module, or what it says in its place.
std::string Line::lie(const std::string& line) {
  ++said_;
  if (kind_.name == "module-hostile-fields") {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || chance_.one_in(3)) return line;
    return line.substr(0, colon + 1 + chance_.below(line.size() - colon)) + hostile_text(chance_) + "\r\n";
  }
  if (kind_.name == "module-plain-mqtt" && line.starts_with("+MQTTCONNECTED:0,5")) {
    return line.substr(0, 17) + "1" + line.substr(18);
  }
  if (kind_.name == "module-refuses-after-echo" && line.starts_with("OK") && said_ > 40) return "ERROR\r\n";
  if (kind_.name == "module-half-lines" && chance_.one_in(12)) return line.substr(0, line.size() / 2);
  return line;
}

}  // namespace atcert::soak
