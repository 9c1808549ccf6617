// SPDX-License-Identifier: Apache-2.0
// Where the serial dialogue goes: to the file of --log, and with -vv to the screen as well. Entries come without
// secrets.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "at/dialogue_log.hpp"
#include "base/output.hpp"
#include "base/result.hpp"
#include "view/screen.hpp"

namespace atcert::cli {

inline constexpr int kShowsDialogue = 2;  // -vv

class DialogueWriter final : public at::DialogueLog {
 public:
  // `path` may be empty.
  static Result<std::unique_ptr<DialogueWriter>> open(const std::string& path);

  // From here on to the screen as well, which outlives the dialogue.
  void show_on(Screen& screen) { screen_ = &screen; }

  void add(const at::DialogueEntry& entry) override;
  // Says at the end whether all of it is in the file.
  Result<void> end() const;

 private:
  explicit DialogueWriter(std::optional<OutputStream> file) : file_(std::move(file)) {}

  std::optional<OutputStream> file_;
  Screen* screen_ = nullptr;
};

}  // namespace atcert::cli
