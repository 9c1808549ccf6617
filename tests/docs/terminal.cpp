// SPDX-License-Identifier: Apache-2.0
#include "docs/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>

#include <doctest/doctest.h>

#include "support/require.hpp"

namespace atcert::test {
namespace {

constexpr Milliseconds kPatience = std::chrono::seconds(60);  // RSA keys are made meanwhile

std::vector<std::string> as_texts(const std::map<std::string, std::string>& environment) {
  std::vector<std::string> texts;
  for (const auto& [name, value] : environment) texts.push_back(name + "=" + value);
  return texts;
}

}  // namespace

Terminal::Terminal(const std::filesystem::path& folder, const std::map<std::string, std::string>& environment)
    : keyboard_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
  REQUIRE(grantpt(keyboard_.get()) == 0);
  REQUIRE(unlockpt(keyboard_.get()) == 0);
  std::array<char, 64> name{};
  REQUIRE(ptsname_r(keyboard_.get(), name.data(), name.size()) == 0);
  const Descriptor side(open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  REQUIRE(side.open());
  shell_ = require(ChildProcess::start({.program = *find_program("setsid"),
                                        .arguments = {"--ctty", "--wait", "sh", "-i"},
                                        .environment = as_texts(environment),
                                        .input = side.get(),
                                        .output = side.get(),
                                        .error = side.get()}));
  type("cd '" + folder.string() + "'\n");
}

// A terminal that goes away ends its shell and what the shell runs (SIGHUP).
Terminal::~Terminal() {
  keyboard_.close_now();
  shell_->wait(SystemClock().now() + std::chrono::seconds(10));
}

void Terminal::type(const std::string& text) const {
  REQUIRE(write(keyboard_.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

bool Terminal::wait_for(const std::string& text) {
  const SteadyTime deadline = SystemClock().now() + kPatience;
  while (screen_.find(text) == std::string::npos) {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - SystemClock().now()).count();
    pollfd end{keyboard_.get(), POLLIN, 0};
    if (left <= 0 || poll(&end, 1, static_cast<int>(left)) <= 0) return false;
    std::array<char, 4096> part;
    const ssize_t count = read(keyboard_.get(), part.data(), part.size());
    if (count <= 0) return false;
    screen_.append(part.data(), static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace atcert::test
