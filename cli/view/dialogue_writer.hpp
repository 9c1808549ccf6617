// SPDX-License-Identifier: Apache-2.0
// Where the serial dialogue goes: to the file of --log, and with -vv to stderr as well. Entries come without secrets.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "at/dialogue_log.hpp"
#include "base/result.hpp"
#include "view/ui.hpp"

namespace atcert::cli {

class DialogueWriter final : public at::DialogueLog {
 public:
  // `path` may be empty. The file is readable by its owner alone and is begun anew.
  static Result<std::unique_ptr<DialogueWriter>> open(const std::string& path, Ui& ui);

  void add(const at::DialogueEntry& entry) override;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  DialogueWriter(std::unique_ptr<std::FILE, Close> file, Ui& ui) : file_(std::move(file)), ui_(ui) {}

  std::unique_ptr<std::FILE, Close> file_;
  Ui& ui_;
};

}  // namespace atcert::cli
