// SPDX-License-Identifier: Apache-2.0
#include "view/dialogue_writer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include <fmt/core.h>

namespace atcert::cli {
namespace {

constexpr int kShownAt = 2;  // -vv

// "06:05:00.123", UTC.
std::string clock_time(WallTime time) {
  const auto since = std::chrono::floor<Milliseconds>(time.time_since_epoch());
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:02}:{:02}:{:02}.{:03}", parts.tm_hour, parts.tm_min, parts.tm_sec, since.count() % 1000);
}

Error log_error(const std::string& path) {
  return {ErrorKind::usage,
          "log_unwritable",
          fmt::format("--log {}: cannot be written: {}", path, std::strerror(errno)),
          {},
          "name a file in a folder that exists and is writable"};
}

}  // namespace

Result<std::unique_ptr<DialogueWriter>> DialogueWriter::open(const std::string& path, Ui& ui) {
  std::unique_ptr<std::FILE, Close> file;
  if (!path.empty()) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0) return log_error(path);
    file.reset(fdopen(fd, "w"));
    if (!file) {
      ::close(fd);
      return log_error(path);
    }
  }
  return std::unique_ptr<DialogueWriter>(new DialogueWriter(std::move(file), ui));
}

void DialogueWriter::add(const at::DialogueEntry& entry) {
  const char* arrow = entry.direction == at::DialogueEntry::Direction::sent ? ">" : "<";
  const std::string line = fmt::format("{} {} {}", clock_time(entry.time), arrow, printable(entry.text));
  if (file_) {
    fmt::print(file_.get(), "{}\n", line);
    std::fflush(file_.get());  // a log that ends before the crash is of no use
  }
  if (ui_.verbosity() >= kShownAt) ui_.say(ui_.on_stderr(Style::dim, line));
}

}  // namespace atcert::cli
