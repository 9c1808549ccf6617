// SPDX-License-Identifier: Apache-2.0
#include "support/plain_line.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "emulator/pty_line.hpp"

namespace atcert::test {

PlainLine::PlainLine(const std::string& port)
    : port_(::open(port.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {}

void PlainLine::set_baud_rate(int rate) const {
  static_cast<void>(emulator::make_raw_line(port_.get(), rate));
}

void PlainLine::send(std::string_view text) const {
  static_cast<void>(!write(port_.get(), text.data(), text.size()));
}

std::string PlainLine::read_to(std::string_view end, Milliseconds limit) const {
  const SystemClock clock;
  const SteadyTime deadline = clock.now() + limit;
  std::string text;
  while (!text.ends_with(end)) {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - clock.now()).count();
    pollfd waiting{port_.get(), POLLIN, 0};
    if (left <= 0 || poll(&waiting, 1, static_cast<int>(left)) != 1) break;
    char c = 0;
    if (read(port_.get(), &c, 1) != 1) break;
    text += c;
  }
  return text;
}

std::string PlainLine::read_some(Milliseconds limit) const {
  std::string text(1000, '\0');
  pollfd waiting{port_.get(), POLLIN, 0};
  if (poll(&waiting, 1, static_cast<int>(limit.count())) != 1) return {};
  const ssize_t count = read(port_.get(), text.data(), text.size());
  text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return text;
}

}  // namespace atcert::test
