// SPDX-License-Identifier: Apache-2.0
#include "module/settings.hpp"

#include <doctest/doctest.h>

#include "support/scripted_module.hpp"

namespace atcert::module {
namespace {

using namespace test;
using Left = std::vector<std::string>;

struct Bench {
  VirtualClock clock;
  ScriptedTransport wire{clock};
  at::Session session{wire, clock, nullptr, {}};
  Settings settings;
};

const std::string kEchoed = "ATE0\r\n" + kOk;

}  // namespace

TEST_CASE("echo and error codes are put back as they were found, the cheapest first") {
  Bench bench;
  bench.wire.on("AT\r\n", "AT\r\n" + kOk).on("ATE0\r\n", kEchoed);
  bench.wire.on("AT+SYSLOG?\r\n", "+SYSLOG:0\r\n" + kOk).on("AT+SYSLOG=1\r\n", kOk);
  CHECK(bench.settings.reach(bench.session));
  CHECK(bench.settings.ask_for_error_codes(bench.session));
  CHECK(bench.settings.error_codes());
  bench.wire.on("AT+SYSLOG=0\r\n", kOk).on("ATE1\r\n", kOk);
  CHECK(bench.settings.put_back(bench.session).empty());
  CHECK(bench.settings.put_back(bench.session).empty());  // once
}

TEST_CASE("settings that were right already are neither changed nor put back") {
  Bench bench;
  bench.wire.on("AT\r\n", kOk).on("ATE0\r\n", kOk).on("AT+SYSLOG?\r\n", "+SYSLOG:1\r\n" + kOk);
  CHECK(bench.settings.reach(bench.session));
  CHECK(bench.settings.ask_for_error_codes(bench.session));
  CHECK(bench.settings.error_codes());
  CHECK(bench.settings.put_back(bench.session).empty());
}

TEST_CASE("a firmware without AT+SYSLOG has no error codes") {
  Bench bench;
  bench.wire.on("AT\r\n", kOk).on("ATE0\r\n", kOk).on("AT+SYSLOG?\r\n", kError);
  CHECK(bench.settings.reach(bench.session));
  CHECK(bench.settings.ask_for_error_codes(bench.session));
  CHECK_FALSE(bench.settings.error_codes());
  CHECK(bench.settings.put_back(bench.session).empty());
}

TEST_CASE("what was changed before a question got no answer is put back all the same") {
  Bench bench;
  bench.wire.on("AT\r\n", "AT\r\n" + kOk).on("ATE0\r\n", kEchoed).on("AT+SYSLOG?\r\n", "+SYSLOG:0\r\n" + kOk);
  bench.wire.on("AT+SYSLOG=1\r\n").on("AT\r\n", kOk);
  CHECK(bench.settings.reach(bench.session));
  CHECK_FALSE(bench.settings.ask_for_error_codes(bench.session));
  bench.wire.on("AT+SYSLOG=0\r\n", kOk).on("ATE1\r\n", kOk);
  CHECK(bench.settings.put_back(bench.session).empty());
}

TEST_CASE("when a module does not answer at the end, it is not asked on, and all that is left is named") {
  Bench bench;
  bench.wire.on("AT\r\n", "AT\r\n" + kOk).on("ATE0\r\n", kEchoed);
  bench.wire.on("AT+SYSLOG?\r\n", "+SYSLOG:0\r\n" + kOk).on("AT+SYSLOG=1\r\n", kOk);
  CHECK(bench.settings.reach(bench.session));
  CHECK(bench.settings.ask_for_error_codes(bench.session));
  bench.wire.on("AT+SYSLOG=0\r\n").on("AT\r\n");
  CHECK(bench.settings.put_back(bench.session) == Left{"its error codes, which were off", "its echo, which was on"});
}

}  // namespace atcert::module
