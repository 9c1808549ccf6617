// SPDX-License-Identifier: Apache-2.0
#include "view/screen.hpp"

#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "base/plural.hpp"

namespace atcert::cli {

Screen::Screen(Ui& ui, const Clock& clock) : ui_(ui), queued_(queue_, clock), progress_(ui, clock) {
  try {
    thread_ = std::jthread([this] { queue_.draw([this](const Event& event) { show(event); }); });
  } catch (const std::system_error&) {
    // A limit on threads: the job is not to fail for it.
  }
}

Screen::~Screen() {
  queue_.close();
}

Events& Screen::events() {
  if (thread_.joinable()) return queued_;
  return progress_;
}

void Screen::dialogue(std::string line) {
  if (thread_.joinable()) return queued_.dialogue(std::move(line));
  ui_.say(Line().add(Style::dim, line));
}

void Screen::finish() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
  progress_.finish();
  if (const auto lost = queue_.dialogue_lost(); lost > 0) {
    ui_.warn(fmt::format("{} of the dialogue could not be shown in time", counted(lost, "line")),
             "write it to a file with --log");
  }
}

void Screen::show(const Event& event) {
  if (const auto* line = std::get_if<Event::Dialogue>(&event.what)) return ui_.say(Line().add(Style::dim, line->text));
  replay(event, progress_);
}

}  // namespace atcert::cli
