// SPDX-License-Identifier: Apache-2.0
#include "view/passphrase.hpp"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <fmt/core.h>

namespace atcert::cli {
namespace {

constexpr int kLookMilliseconds = 100;  // how soon Ctrl-C is noticed
constexpr std::size_t kMaxPassphrase = 1024;

// The terminal without echo, for as long as this lives.
class NoEcho {
 public:
  NoEcho() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~NoEcho() {
    if (changed_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

// One line, which the terminal gives at once when it is complete.
std::optional<Secret> read_line(const std::stop_token& stop) {
  Secret line = Secret::of_size(kMaxPassphrase);
  while (!stop.stop_requested()) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, kLookMilliseconds) <= 0) continue;
    const ssize_t count = read(STDIN_FILENO, line.writable().data(), line.size());
    if (count <= 0) return std::nullopt;
    line.shrink(static_cast<std::size_t>(count));
    if (line.reveal_text().ends_with('\n')) line.shrink(line.size() - 1);
    return line;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Secret> ask_passphrase(Program& program, const std::string& source) {
  if (!program.ui.can_ask()) return std::nullopt;
  const auto hold = program.undertakings.begin("let the terminal show what is typed: stty echo");
  const NoEcho no_echo;
  program.ui.ask(fmt::format("passphrase of {}: ", source));
  std::optional<Secret> line = read_line(program.stop);
  program.ui.end_question();
  return line;
}

}  // namespace atcert::cli
