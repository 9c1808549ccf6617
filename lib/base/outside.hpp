// SPDX-License-Identifier: Apache-2.0
// OutsideText: what came from a module, as it came and as it may be shown. It cannot become part of a message, a report
// or a log but as shown: only a Redactor makes one, at the moment the bytes come in, and to format one does not
// compile. Copies are cheap; the raw text is wiped with the last.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "base/secret.hpp"

namespace atcert {

class OutsideText {
 public:
  OutsideText() = default;

  // For parsing and comparing only: it may hold a key. Whoever calls it takes care that nothing of it is kept as text.
  std::string_view raw() const { return raw_ ? raw_->reveal_text() : std::string_view(); }

  // Secrets as "***", and printable (base/text.hpp).
  const std::string& shown() const { return shown_; }

  // Whether nothing had to be hidden or written out: raw() and shown() are the same.
  bool shown_whole() const { return raw() == shown_; }

 private:
  friend class Redactor;
  OutsideText(std::string_view raw, std::string shown)
      : raw_(std::make_shared<const Secret>(raw)), shown_(std::move(shown)) {}

  std::shared_ptr<const Secret> raw_;
  std::string shown_;
};

std::ostream& operator<<(std::ostream&, const OutsideText&) = delete;

}  // namespace atcert

// Say which: shown() in a message, raw() never.
template <>
struct fmt::formatter<atcert::OutsideText> {
  formatter() = delete;
};
