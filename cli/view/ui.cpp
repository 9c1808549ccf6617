// SPDX-License-Identifier: Apache-2.0
#include "view/ui.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <cstdlib>

#include <fmt/core.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "report/json.hpp"

namespace atcert::cli {
namespace {

constexpr int kJsonIndent = 2;
constexpr int kLastWordsMilliseconds = 200;

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool dumb_terminal() {
  const char* term = std::getenv("TERM");
  return term == nullptr || std::string_view(term) == "dumb";
}

// The conventions of no-color.org: NO_COLOR with any value but the empty one turns colours off.
bool takes_color(ColorMode mode, int descriptor) {
  if (mode == ColorMode::always) return true;
  return mode == ColorMode::automatic && !is_set("NO_COLOR") && !dumb_terminal() && isatty(descriptor) == 1;
}

const char* escape_of(Style style) {
  switch (style) {
    case Style::plain:
      return "";
    case Style::good:
      return "\x1b[32m";
    case Style::bad:
      return "\x1b[31m";
    case Style::warning:
      return "\x1b[33m";
    case Style::dim:
      return "\x1b[2m";
    case Style::strong:
      return "\x1b[1m";
  }
  return "";
}

std::string rendered(const Line& line, bool color) {
  std::string text;
  for (const Line::Piece& piece : line.pieces()) {
    const bool styled = color && piece.style != Style::plain;
    if (styled) text += escape_of(piece.style);
    text += printable(piece.text);
    if (styled) text += "\x1b[0m";
  }
  return text;
}

std::size_t terminal_width() {
  constexpr std::size_t kUsualWidth = 80;
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualWidth;
}

// Cuts at a character, not inside one: UTF-8 continuation bytes do not count and are not split off.
std::string_view elide(std::string_view line, std::size_t width) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const bool continuation = (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80U;
    if (!continuation && ++columns > width) return line.substr(0, at);
  }
  return line;
}

void write_line(std::FILE* stream, std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stream);
  std::fputc('\n', stream);
  std::fflush(stream);
}

// Not through stdio, whose locks a thread that waits for its reader may hold. A pipe that has room takes this much.
void write_without_waiting(int descriptor, std::string_view text) {
  pollfd stream{descriptor, POLLOUT, 0};
  if (poll(&stream, 1, kLastWordsMilliseconds) != 1 || (stream.revents & POLLOUT) == 0) return;
  [[maybe_unused]] const ssize_t ignored = write(descriptor, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
}

}  // namespace

void Ui::begin(const std::string& command, bool json) {
  const std::lock_guard lock(command_mutex_);
  command_ = command;
  json_ = json;
}

void Ui::configure(const UiSettings& settings) {
  settings_ = settings;
  json_ = settings.json;
  color_stdout_ = takes_color(settings.color, STDOUT_FILENO);
  color_stderr_ = takes_color(settings.color, STDERR_FILENO);
  live_ = !settings.quiet && isatty(STDERR_FILENO) == 1 && !dumb_terminal();
}

bool Ui::can_ask() const {
  return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

void Ui::result(const Line& line) {
  if (json_) return;
  clear_live();
  write_out(line);
}

void Ui::document(const nlohmann::json& document) {
  clear_live();
  if (!has_document_.exchange(true)) write_line(stdout, to_text(document, kJsonIndent));
}

void Ui::object_line(const nlohmann::json& object) {
  clear_live();
  write_line(stdout, to_text(object));
}

void Ui::say(const Line& line) {
  if (settings_.quiet) return;
  clear_live();
  write_error(line);
}

void Ui::warn(std::string_view warning, std::string_view remedy) {
  clear_live();
  write_error(Line().add(Style::warning, "warning: ").add(warning));
  if (!remedy.empty()) write_error(Line().add(Style::dim, "  remedy: ").add(remedy));
}

void Ui::failure(const Error& error) {
  clear_live();
  write_error(Line().add(Style::bad, "atcert: ").add(error.what));
  if (!error.cause.empty()) write_error(Line().add(Style::dim, "  cause:  ").add(error.cause));
  if (!error.remedy.empty()) write_error(Line().add(Style::dim, "  remedy: ").add(error.remedy));
}

void Ui::last_words(const Error& error) {
  write_without_waiting(STDERR_FILENO,
                        fmt::format("atcert: {}\n  remedy: {}\n", printable(error.what), printable(error.remedy)));
  if (!json_ || has_document_.exchange(true)) return;
  const std::lock_guard lock(command_mutex_);
  write_without_waiting(STDOUT_FILENO, to_text(report::document(command_, &error), kJsonIndent) + "\n");
}

void Ui::ask(std::string_view question) {
  clear_live();
  fmt::print(stderr, "{}", printable(question));
  std::fflush(stderr);
}

void Ui::end_question() {
  write_line(stderr, "");
}

void Ui::show_live(std::string_view line) {
  if (!live_) return;
  const std::string shown = printable(line);
  fmt::print(stderr, "\r{}\x1b[K", elide(shown, terminal_width() - 1));
  std::fflush(stderr);
  live_shown_ = true;
}

void Ui::clear_live() {
  if (!live_shown_) return;
  std::fputs("\r\x1b[K", stderr);
  live_shown_ = false;
}

void Ui::write_out(const Line& line) const {
  write_line(stdout, rendered(line, color_stdout_));
}

void Ui::write_error(const Line& line) const {
  write_line(stderr, rendered(line, color_stderr_));
}

std::string duration_text(long long milliseconds) {
  constexpr long long kSecond = 1000;
  constexpr long long kMinute = 60;
  if (milliseconds < 10 * kSecond) return fmt::format("{:.2f} s", static_cast<double>(milliseconds) / kSecond);
  const long long seconds = milliseconds / kSecond;
  if (seconds < kMinute) return fmt::format("{} s", seconds);
  return fmt::format("{} min {:02} s", seconds / kMinute, seconds % kMinute);
}

std::string progress_bar(std::uint64_t done, std::uint64_t total) {
  constexpr std::size_t kWidth = 24;
  const auto filled = static_cast<std::size_t>(std::min(done, total) * kWidth / total);
  return "[" + std::string(filled, '=') + std::string(kWidth - filled, ' ') + "]";
}

}  // namespace atcert::cli
