// SPDX-License-Identifier: Apache-2.0
// Where the serial dialogue goes: to the file of --log, and with -vv to stderr as well. Entries come without secrets.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "at/dialogue_log.hpp"
#include "base/output.hpp"
#include "base/result.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

class DialogueWriter final : public at::DialogueLog {
 public:
  // `path` may be empty.
  static Result<std::unique_ptr<DialogueWriter>> open(const std::string& path, Ui& ui);

  void add(const at::DialogueEntry& entry) override;
  // Says at the end whether all of it is in the file.
  Result<void> end() const;

 private:
  DialogueWriter(std::optional<OutputStream> file, Ui& ui) : file_(std::move(file)), ui_(ui) {}

  std::optional<OutputStream> file_;
  Ui& ui_;
};

}  // namespace atcert::cli
