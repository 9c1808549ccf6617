// SPDX-License-Identifier: Apache-2.0
#include "at/dialogue_log.hpp"

#include <algorithm>

#include "at/command.hpp"

namespace atcert::at {
namespace {

// Shorter ones, like the last line of a PEM's text, would be found by chance and tell nothing.
constexpr std::size_t kShortestHidden = 5;

}  // namespace

void RecentDialogue::add(const DialogueEntry& entry) {
  entries_.push_back(entry);
  if (entries_.size() > capacity_) entries_.pop_front();
}

void Redactor::hide(const Secret& secret) {
  std::string_view rest = secret.reveal_text();
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    const std::string_view line = rest.substr(0, end);
    if (!line.starts_with("-----")) add(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  add(escape(secret).reveal_text());
}

void Redactor::add(std::string_view secret) {
  const bool known = std::any_of(secrets_.begin(), secrets_.end(),
                                 [&](const Secret& other) { return other.equals(as_bytes(secret)); });
  if (secret.size() >= kShortestHidden && !known) secrets_.emplace_back(secret);
  // The longest first: one secret may be the beginning of another.
  std::stable_sort(secrets_.begin(), secrets_.end(),
                   [](const Secret& a, const Secret& b) { return a.size() > b.size(); });
}

std::string Redactor::redact(std::string_view text) const {
  std::string result(text);
  for (const Secret& secret : secrets_) {
    const std::string_view hidden = secret.reveal_text();
    for (std::size_t at = 0; (at = result.find(hidden, at)) != result.npos; at += 3) {
      result.replace(at, hidden.size(), "***");
    }
  }
  return result;
}

}  // namespace atcert::at
