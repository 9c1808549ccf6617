// SPDX-License-Identifier: Apache-2.0
#include "view/dialogue_writer.hpp"

#include <ctime>

#include <fmt/core.h>

#include "base/text.hpp"

namespace atcert::cli {
namespace {

// "06:05:00.123", UTC.
std::string clock_time(WallTime time) {
  const auto since = std::chrono::floor<Milliseconds>(time.time_since_epoch());
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:02}:{:02}:{:02}.{:03}", parts.tm_hour, parts.tm_min, parts.tm_sec, since.count() % 1000);
}

}  // namespace

Result<std::unique_ptr<DialogueWriter>> DialogueWriter::open(const std::string& path) {
  std::optional<OutputStream> file;
  if (!path.empty()) {
    auto opened = OutputStream::open(path);
    if (!opened) {
      opened.error().what = "--log " + opened.error().what;
      return std::move(opened).error();
    }
    file = std::move(*opened);
  }
  return std::unique_ptr<DialogueWriter>(new DialogueWriter(std::move(file)));
}

void DialogueWriter::add(const at::DialogueEntry& entry) {
  const char* arrow = entry.direction == at::DialogueEntry::Direction::sent ? ">" : "<";
  const std::string line = fmt::format("{} {} {}", clock_time(entry.time), arrow, printable(entry.text));
  if (file_) file_->write(as_bytes(line + "\n"));  // at once: a log that ends before the crash is of no use
  if (screen_ != nullptr) screen_->dialogue(line);
}

Result<void> DialogueWriter::end() const {
  auto ended = file_ ? file_->end() : Result<void>();
  if (!ended) ended.error().what = "--log " + ended.error().what;
  return ended;
}

}  // namespace atcert::cli
