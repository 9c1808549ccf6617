// SPDX-License-Identifier: Apache-2.0
// The only printer. Results go to stdout; everything said to a person goes to stderr. On a terminal there are colours
// and one live line; in a pipe there are plain lines; with --json stdout holds one document and nothing else. All text
// is made fit to be shown here (base/text.hpp), so what is given as one line is printed as one line.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"
#include "view/line.hpp"

namespace atcert::cli {

enum class ColorMode { automatic, always, never };

struct UiSettings {
  bool json = false;
  bool quiet = false;
  int verbosity = 0;
  ColorMode color = ColorMode::automatic;
};

class Ui {
 public:
  // Before the options are known: the verb, and whether --json is among the words of the command line.
  void begin(const std::string& command, bool json);
  void configure(const UiSettings& settings);

  bool json() const { return json_; }
  bool quiet() const { return settings_.quiet; }
  int verbosity() const { return settings_.verbosity; }
  // A live line may be shown: stderr is a terminal that can move the cursor.
  bool live() const { return live_; }
  // A question may be asked: stdin and stderr are terminals.
  bool can_ask() const;

  // A line of the result, on stdout. Nothing with --json.
  void result(const Line& line);
  // The one JSON document, on stdout: the first is it, and a second is not printed; or one object a line for commands
  // that stream.
  void document(const nlohmann::json& document);
  void object_line(const nlohmann::json& object);

  // A line for a person, on stderr. Nothing with --quiet.
  void say(const Line& line);
  void warn(std::string_view warning, std::string_view remedy = {});  // also with --quiet
  void failure(const Error& error);                                   // also with --quiet: what, cause, remedy

  // For a thread that is about to end the process while others may be printing: the error, and the document unless
  // there is one. Waits for nobody: what is not taken at once is lost.
  void last_words(const Error& error);

  // A question on stderr, whose answer stands behind it unseen; also with --quiet. Only where can_ask().
  void ask(std::string_view question);
  void end_question();

  // The live line: replaced by the next, gone before anything else is printed.
  void show_live(std::string_view line);
  void clear_live();

 private:
  void write_out(const Line& line) const;
  void write_error(const Line& line) const;

  UiSettings settings_;
  std::mutex command_mutex_;
  std::string command_ = "atcert";
  std::atomic<bool> json_ = false;
  std::atomic<bool> has_document_ = false;
  bool color_stdout_ = false;
  bool color_stderr_ = false;
  bool live_ = false;
  bool live_shown_ = false;
};

// "0.42 s", "12 s", "2 min 05 s".
std::string duration_text(long long milliseconds);

// "[======      ]"; `total` is not 0.
std::string progress_bar(std::uint64_t done, std::uint64_t total);

}  // namespace atcert::cli
