// SPDX-License-Identifier: Apache-2.0
#include "e2e/fault_matrix.hpp"

#include <algorithm>
#include <future>
#include <vector>

#include <doctest/doctest.h>

#include "e2e/module_state.hpp"

namespace atcert::test {
namespace {

constexpr std::size_t kAtOnce = 6;
constexpr std::chrono::seconds kBound{100};

constexpr Verdict kProven{"0 ok", "clean", "new"};

// A row that is not yet as it is wanted: either passes.
constexpr Row not_yet(Section section, std::string_view fault, const Verdict& wanted, const Verdict& today,
                      std::string_view generation = "nvs") {
  return {section, fault, wanted, generation, today};
}

constexpr Row kMatrix[] = {
    // The line
    {Section::line, "silent", {"4 no_answer", "silent", "none"}},
    {Section::line, "silent-after=12", {"4 no_answer", "silent", "none"}},
    {Section::line, "echo-only", {"4 echo_only", "silent", "none"}},
    {Section::line, "ok-to-all", {"5 not_esp_at", "silent", "none"}},
    {Section::line, "log-port", {"4 log_port", "silent", "none"}},
    {Section::line, "log-text", kProven},
    not_yet(Section::line, "wrong-baud=9600", {"0 ok", "rate=9600 stored-rate=9600", "new"},
            {"4 baud_wrong", "rate=9600 stored-rate=9600", "none"}),
    not_yet(Section::line, "wrong-baud=921600", {"0 ok", "rate=921600 stored-rate=921600", "new"},
            {"4 baud_wrong", "rate=921600 stored-rate=921600", "none"}),
    {Section::line, "noise=1", {"*", "*", "*"}},
    {Section::line, "chunks", kProven},
    {Section::line, "stray-bytes", kProven},
    {Section::line, "double-cr", kProven},
    {Section::line, "unplugged=5", {"4 port_gone", "gone", "none"}},
    {Section::line, "unplugged=25", {"4 port_gone", "gone", "new"}},
    not_yet(Section::line, "replugged=25", kProven, {"4 port_gone", "clean", "new"}),
    // The AT port
    not_yet(Section::port, "reset-at-byte=100", kProven, {"5 restarted", "clean", "none"}),
    {Section::port, "reset-at-byte=1500", kProven},
    not_yet(Section::port, "reset-in-command=3", kProven, {"5 restarted", "clean", "none"}),
    {Section::port, "reset-in-command=20", kProven},
    {Section::port, "stuck=5", {"5 busy", "silent", "none"}},
    {Section::port, "stuck=25", {"5 no_result", "silent", "*"}},
    {Section::port, "late-results=500", kProven},
    {Section::port, "late-results=3000", {"5 no_result", "*", "none"}},
    {Section::port, "no-ok", {"4 line_filter", "silent", "none"}},
    // Its habits
    {Section::habits, "echo-stuck", kProven},
    {Section::habits, "busy", kProven},
    {Section::habits, "busy=2", kProven},
    {Section::habits, "busy-drops", kProven},
    {Section::habits, "busy-drops=5", kProven, "pki"},
    not_yet(Section::habits, "urc-storm", kProven, {"6 clock_wrong", "clean", "new"}),
    {Section::habits, "passthrough", kProven},
    {Section::habits, "baud-refused", kProven},
    {Section::habits, "baud-stuck", kProven},
    {Section::habits, "lost-after-baud", kProven},
    // Data phases
    {Section::data, "prompt=bare", kProven},
    {Section::data, "prompt=spaced", kProven},
    {Section::data, "prompt=own-line", kProven},
    {Section::data, "prompt=before-ok", kProven},
    {Section::data, "prompt=late", kProven},
    {Section::data, "prompt=bare", kProven, "pki"},
    {Section::data, "prompt=spaced", kProven, "pki"},
    {Section::data, "prompt=own-line", kProven, "pki"},
    {Section::data, "prompt=before-ok", kProven, "pki"},
    {Section::data, "prompt=late", kProven, "pki"},
    {Section::data, "data-phase", kProven},
    {Section::data, "data-phase", kProven, "pki"},
    {Section::data, "lost-in-data", kProven},
    {Section::data, "lost-in-data=2", kProven},
    {Section::data, "lost-in-data", kProven, "pki"},
    not_yet(Section::data, "hang-in-data", {"4 no_answer", "silent", "none"}, {"5 line_loses_bytes", "silent", "none"}),
    not_yet(Section::data, "hang-in-data", {"4 no_answer", "silent", "none"}, {"5 line_loses_bytes", "silent", "none"},
            "pki"),
    // What it stores
    {Section::store, "write-refused", {"5 mfg_refused", "clean", "none"}},
    {Section::store, "write-refused", {"5 write_refused", "clean", "none"}, "pki"},
    {Section::store, "refused-after-erase", {"5 mfg_refused", "clean", "none"}},
    {Section::store, "refused-after-erase", {"5 write_refused", "clean", "none"}, "pki"},
    {Section::store, "erase-refused", kProven},
    {Section::store, "erase-refused", {"5 flash_memory", "clean", "none"}, "pki"},
    {Section::store, "full-store", {"5 mfg_refused", "clean", "none"}},
    {Section::store, "full-store", kProven, "pki"},
    {Section::store, "short-write", {"5 line_loses_bytes", "clean", "ca=other cert=none key=none"}},
    {Section::store, "short-write", {"5 line_loses_bytes", "clean", "ca=other cert=none key=none"}, "pki"},
    {Section::store, "bit-flip", {"5 line_loses_bytes", "clean", "ca=other cert=none key=none"}},
    {Section::store, "bit-flip", {"5 line_loses_bytes", "clean", "ca=other cert=none key=none"}, "pki"},
    // Wi-Fi and clock
    {Section::network, "join-fails", kProven},
    {Section::network, "join-fails=0", {"6 wifi_timeout", "clean", "new"}},
    {Section::network, "join-code=2", {"6 wifi_wrong_password", "clean", "new"}},
    {Section::network, "join-code=3", {"6 wifi_not_found", "clean", "new"}},
    {Section::network, "join-code=4", {"6 wifi_refused", "clean", "new"}},
    {Section::network, "brown-out=1", kProven},
    {Section::network, "brown-out", {"5 weak_supply", "clean", "new"}},
    {Section::network, "wifi-lost=connect", kProven},
    not_yet(Section::network, "wifi-lost=publish", {"6 wifi_lost", "clean", "new"},
            {"7 publish_refused", "clean", "new"}),
    {Section::network, "no-sntp", {"6 clock_not_set", "clean", "new"}},
    {Section::network, "clock-stuck", {"6 clock_not_set", "clean", "new"}},
    {Section::network, "wrong-clock", {"6 clock_wrong", "clean", "new"}},
    // The MQTT connection
    {Section::connection, "restart-in-mqttconn", {"5 mqttconn_crash", "clean", "new"}},
    {Section::connection, "connect-fails", kProven},
    {Section::connection, "connect-fails=0", {"7 *", "clean", "new"}},
    {Section::connection, "missing-disconnected", kProven},
    {Section::connection, "plain-mqtt", {"5 connection_other", "clean", "new"}},
    not_yet(Section::connection, "unquoted-connected", kProven, {"5 connection_other", "clean", "new"}),
    {Section::connection, "result-first", kProven},
    {Section::connection, "taken-over=1", {"7 *", "clean", "new"}},
    {Section::connection, "subscribe-denied", {"7 policy_subscribe", "clean", "new"}},
    {Section::connection, "publish-denied", {"7 policy_publish", "clean", "new"}},
    // Messages
    {Section::messages, "split-subrecv", kProven},
    {Section::messages, "message-late=1000", kProven},
    {Section::messages, "message-late=9000", {"7 policy_receive", "clean", "new"}},
    {Section::messages, "message-lost=1", {"7 policy_receive", "clean", "new"}},
    {Section::messages, "message-lost", {"7 policy_receive", "clean", "new"}},
    {Section::messages, "message-twice", kProven},
    {Section::messages, "message-replayed", kProven},
    {Section::messages, "message-retained", kProven},
    {Section::messages, "other-topics", kProven},
};

struct Observed {
  std::string outcome;
  std::string module;
  std::string slots;
  std::string said;
  Milliseconds time{0};
};

// With limits that keep a run short.
Observed observe(const Row& row) {
  const Rig rig({.generation = std::string(row.generation), .faults = {std::string(row.fault)}});
  const SystemClock clock;
  const SteadyTime start = clock.now();
  const Outcome outcome = rig.provision({"--json", "--set", "wifi_timeout=3", "--set", "sntp_attempts=2", "--set",
                                         "connect_timeout=5", "--set", "message_timeout=3"},
                                        kBound);
  Observed seen;
  seen.time = std::chrono::duration_cast<Milliseconds>(clock.now() - start);
  seen.said = outcome.err + rig.dialogue();
  const auto document = nlohmann::json::parse(outcome.out, nullptr, false);
  const bool failed = document.is_object() && document.contains("error");
  seen.outcome = std::to_string(outcome.exit_code) + " " +
                 (failed                   ? document["error"]["code"].get<std::string>()
                  : outcome.exit_code == 0 ? "ok"
                                           : "no document");
  seen.module = module_state(rig);
  seen.slots = stored_state(rig);
  return seen;
}

// A star stands for anything that follows.
bool matches(std::string_view text, std::string_view wanted) {
  return wanted.ends_with('*') ? text.starts_with(wanted.substr(0, wanted.size() - 1)) : text == wanted;
}

bool is(const Observed& seen, const Verdict& verdict) {
  return matches(seen.outcome, verdict.outcome) && matches(seen.module, verdict.module) &&
         matches(seen.slots, verdict.slots);
}

void check(const Row& row, const Observed& seen) {
  INFO(seen.said);
  CAPTURE(row.generation);
  CAPTURE(row.fault);
  CAPTURE(seen.time.count());
  CAPTURE(seen.outcome);
  CAPTURE(seen.module);
  CAPTURE(seen.slots);
  CHECK((is(seen, row.wanted) || is(seen, row.today)));
  CHECK(seen.time < kBound);
  if (seen.outcome.starts_with("0")) CHECK(seen.slots == "new");
}

}  // namespace

std::span<const Row> fault_matrix() {
  return kMatrix;
}

void run_section(Section section) {
  std::vector<const Row*> rows;
  for (const Row& row : kMatrix) {
    if (row.section == section) rows.push_back(&row);
  }
  Rig::shared_broker();  // made before there are threads
  for (std::size_t begin = 0; begin < rows.size(); begin += kAtOnce) {
    const std::size_t end = std::min(begin + kAtOnce, rows.size());
    std::vector<std::future<Observed>> running;
    for (std::size_t i = begin; i < end; ++i) running.push_back(std::async(std::launch::async, observe, *rows[i]));
    for (std::size_t i = begin; i < end; ++i) check(*rows[i], running[i - begin].get());
  }
}

}  // namespace atcert::test
