// SPDX-License-Identifier: Apache-2.0
#include "module/settings.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace atcert::module {
namespace {

constexpr Milliseconds kQuick{2000};

Result<at::Reply> execute(at::Session& session, std::string_view line) {
  return session.execute({at::CommandLine(line), kQuick});
}

}  // namespace

// The echo is known by that of its own end.
Result<void> Settings::reach(at::Session& session) {
  ATCERT_CHECK(session.synchronise());
  ATCERT_TRY(const auto, reply, execute(session, "ATE0"));
  echo_ = echo_ || reply.echoed;
  return {};
}

Result<void> Settings::ask_for_error_codes(at::Session& session) {
  ATCERT_TRY(const auto, syslog, execute(session, "AT+SYSLOG?"));
  if (!syslog.ok) return {};
  const auto& lines = syslog.lines;
  const bool on = std::any_of(lines.begin(), lines.end(), [](const auto& line) { return line.raw() == "+SYSLOG:1"; });
  error_codes_ = error_codes_.value_or(on);
  if (!on) ATCERT_CHECK(execute(session, "AT+SYSLOG=1"));
  return {};
}

std::vector<std::string> Settings::put_back(at::Session& session) {
  std::vector<std::string> left;
  const auto send = [&](std::string_view line, const char* what) {
    if (!left.empty() || !execute(session, line)) left.emplace_back(what);
  };
  if (std::exchange(error_codes_, {}) == false) send("AT+SYSLOG=0", "its error codes, which were off");
  if (std::exchange(echo_, false)) send("ATE1", "its echo, which was on");
  return left;
}

}  // namespace atcert::module
