// SPDX-License-Identifier: Apache-2.0
// The only printer. Results go to stdout; everything said to a person goes to stderr. On a terminal there are colours
// and one live line; in a pipe there are plain lines; with --json stdout holds one document and nothing else.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/result.hpp"

namespace atcert::cli {

enum class ColorMode { automatic, always, never };
enum class Style { plain, good, bad, warning, dim, strong };

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
  void result(std::string_view line);
  // The one JSON document, on stdout: the first is it, and a second is not printed; or one object a line for commands
  // that stream.
  void document(const nlohmann::json& document);
  void object_line(const nlohmann::json& object);

  // A line for a person, on stderr. Nothing with --quiet.
  void say(std::string_view line);
  void warn(std::string_view line);  // also with --quiet
  void failure(const Error& error);  // also with --quiet: what, cause, remedy

  // For a thread that is about to end the process while others may be printing: the error, and the document unless
  // there is one. Waits for nobody: what is not taken at once is lost.
  void last_words(const Error& error);

  // A question on stderr, whose answer stands behind it unseen; also with --quiet. Only where can_ask().
  void ask(std::string_view question);
  void end_question();

  // The live line: replaced by the next, gone before anything else is printed.
  void show_live(std::string_view line);
  void clear_live();

  // Text in a style for stdout or stderr; unchanged where that stream takes no colours.
  std::string on_stdout(Style style, std::string_view text) const;
  std::string on_stderr(Style style, std::string_view text) const;

 private:
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

// `text` with control characters shown as \xNN, so that a module's or a file's bytes cannot drive the terminal.
std::string printable(std::string_view text);

}  // namespace atcert::cli
