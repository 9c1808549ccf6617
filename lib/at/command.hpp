// SPDX-License-Identifier: Apache-2.0
// One AT command line in two forms: the bytes for the wire, and the text that logs, messages and reports may show.
// Quoting and escaping follow ESP-AT's rules ("AT Command Types", documents of every release): inside quotes `\`, `"`
// and `,` are sent as `\\`, `\"` and `\,`. The 256-byte limit of a command counts its CR LF.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace atcert::at {

inline constexpr std::size_t kMaxCommandSize = 256;

class CommandLine {
 public:
  explicit CommandLine(std::string_view text);  // "AT+CWMODE=1" or the head "AT+CWJAP="

  CommandLine& text(std::string_view literal);
  CommandLine& number(std::uint64_t value);
  CommandLine& quoted(std::string_view value);  // in quotes, escaped
  CommandLine& quoted(const Secret& value);     // the same on the wire; shown as "***"

  CommandLine(CommandLine&&) noexcept = default;
  CommandLine& operator=(CommandLine&&) noexcept = default;
  CommandLine clone() const;

  const Secret& wire() const { return wire_; }                     // without CR LF
  const std::string& shown() const { return shown_; }              // without secrets
  const std::vector<Secret>& secrets() const { return secrets_; }  // as they were given, not escaped
  std::size_t size() const { return wire_.size() + 2; }            // with CR LF

  // Whether the module can take the line: at most kMaxCommandSize bytes, and no byte in it that would end it. Beyond
  // the limit the firmware's behaviour is undocumented, so such a line is never sent.
  Result<void> check() const;

 private:
  CommandLine() = default;

  Secret wire_;
  std::string shown_;
  std::vector<Secret> secrets_;
};

// `value` with the escapes that a quoted parameter needs, without the quotes.
std::string escape(std::string_view value);
Secret escape(const Secret& value);

}  // namespace atcert::at
