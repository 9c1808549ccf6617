// SPDX-License-Identifier: Apache-2.0
// The bytes of a session in both directions: what is sent goes to the transport and the dialogue log, what comes back
// becomes events (framer.hpp) for the log, the listeners and whoever asks for the next one. Knows nothing of commands
// and results.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "at/command.hpp"
#include "at/dialogue_log.hpp"
#include "at/framer.hpp"
#include "at/limit.hpp"
#include "base/redactor.hpp"
#include "base/result.hpp"
#include "serial/transport.hpp"

namespace atcert::at {

// How many bytes have come in since the session began, and how many of them no AT firmware sends.
struct Traffic {
  std::size_t bytes = 0;
  std::size_t foreign = 0;
  SteadyTime last;  // when the last came
};

class LinePump {
 public:
  using Listener = std::function<void(const Event&)>;

  // `log` may be null. `turn` is called whenever it is about to wait, at least once a second.
  LinePump(serial::Transport& transport, const Clock& clock, DialogueLog* log, std::function<void()> turn);

  Result<void> send(const CommandLine& line, bool prompt);
  Result<void> send_data(ByteView data);
  // What is no command: an escape sequence or filler, with what the log says of it.
  Result<void> send_raw(std::string_view bytes, std::string shown);

  // The next event, or nothing when the deadline has passed.
  Result<std::optional<Event>> next(const Limit& limit);
  // Reads until nothing has come for `silence` and no line is half there, or the deadline has passed.
  Result<void> quiet(Milliseconds silence, const Limit& limit);
  // Forgets what is half there, and which echo was expected.
  void reset() { framer_.reset(); }

  [[nodiscard]] std::shared_ptr<void> listen(Listener listener);
  void hide(const Secret& secret) { door_.hide(secret); }

  // The last command as it may be shown.
  const std::string& in_flight() const { return in_flight_; }
  // How many bytes of a counted payload have not come yet.
  std::size_t missing() const { return framer_.missing(); }
  const Traffic& traffic() const { return traffic_; }
  serial::Transport& transport() const { return *transport_; }

 private:
  Result<std::size_t> read_some(const Limit& limit);
  void count(ByteView bytes);
  void observe(const Event& event);
  void log(DialogueEntry::Direction direction, std::string text);

  serial::Transport* transport_;
  const Clock* clock_;
  DialogueLog* log_;
  std::function<void()> turn_;
  Redactor door_;  // all that comes in passes it
  Framer framer_{door_};
  std::string in_flight_;
  Traffic traffic_;
  std::vector<std::weak_ptr<Listener>> listeners_;
};

}  // namespace atcert::at
