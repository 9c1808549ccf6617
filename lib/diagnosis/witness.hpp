// SPDX-License-Identifier: Apache-2.0
// Listens to a dialogue by its log and keeps what may be evidence later: the last command and what came back, and what
// came unasked or should not have come at all. Only what may be shown passes a log, so nothing of it is secret.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "at/dialogue_log.hpp"
#include "diagnosis/evidence.hpp"

namespace atcert::diagnosis {

class Witness final : public at::DialogueLog {
 public:
  // Passes every entry on to `next`, which may be null.
  explicit Witness(at::DialogueLog* next) : next_(next) {}

  void add(const at::DialogueEntry& entry) override;

  // The last command so far, and how it ended.
  const Symptom& symptom() const { return symptom_; }
  // The last write or erase of credentials that was refused: what comes after it only looks at what is there now.
  const std::optional<Symptom>& refused_write() const { return refused_write_; }
  const Dialogue& dialogue() const { return dialogue_; }
  // As AT+GMR said it, also where the module was not taken for one.
  const Identity& module() const { return module_; }

 private:
  void see_sent(const std::string& text);
  void see_received(const std::string& line);
  void see_result(std::string_view line);
  void see_restart();
  void see_network(std::string_view line);
  void see_log(std::string_view line);

  at::DialogueLog* next_;
  Symptom symptom_;
  std::optional<Symptom> refused_write_;
  Dialogue dialogue_;
  Identity module_;
  bool probing_ = false;   // AT was sent since the last command
  bool answered_ = false;  // a command, ever
  bool joined_ = false;
  bool connected_ = false;
  unsigned echoes_ = 0;
  unsigned others_ = 0;      // lines that are no echo
  unsigned unreadable_ = 0;  // of them
};

}  // namespace atcert::diagnosis
