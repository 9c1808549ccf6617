// SPDX-License-Identifier: Apache-2.0
// The AT port: echo, line ends, limits, busy, data phases. Bytes as in ESP-AT's documents and published logs.
#include "emulator/command_port.hpp"

#include "bench.hpp"

namespace atcert::emulator {

// In two statements: the operands of + are evaluated in any order.
std::string send_and_pass(Bench& bench, std::string_view text, Milliseconds time) {
  std::string said(bench.send(text));
  return said += bench.pass(time);
}

TEST_CASE("ready is all that the AT port says after a start") {
  CHECK(Bench().boot_text() == "\r\nready\r\n");
}

TEST_CASE("a command is echoed with its line end until ATE0") {
  Bench bench;
  CHECK(bench.send("ATE1\r\n") == kOk);
  CHECK(bench.send("AT\r\n") == "AT\r\n\r\nOK\r\n");
  CHECK(bench.send("ATE0\r\n") == "ATE0\r\n\r\nOK\r\n");
  CHECK(bench.send("AT\r\n") == kOk);
}

TEST_CASE("any split of a command gives the same reply") {
  Bench bench;
  bench.send("ATE1\r\n");
  std::string reply;
  for (const char c : std::string("AT+CWMODE?\r\n")) reply += bench.send(std::string(1, c));
  CHECK(reply == "AT+CWMODE?\r\n+CWMODE:0\r\n\r\nOK\r\n");
}

TEST_CASE("without CR LF nothing is answered") {
  Bench bench;
  CHECK(bench.send("AT\r").empty());
  CHECK(bench.send("AT\n").empty());
  CHECK(bench.pass(Milliseconds(60'000)).empty());
}

TEST_CASE("an empty line and one without AT are errors") {
  Bench bench;
  bench.send("AT+SYSLOG=1\r\n");
  CHECK(bench.send("\r\n") == "ERR CODE:0x01030000\r\n\r\nERROR\r\n");
  CHECK(bench.send("hello\r\n") == "ERR CODE:0x01030000\r\n\r\nERROR\r\n");
}

TEST_CASE("an unknown command has its code only with AT+SYSLOG=1") {
  Bench bench;
  CHECK(bench.send("AT+FAKE\r\n") == kError);
  CHECK(bench.send("AT+SYSLOG?\r\n") == "+SYSLOG:0\r\n\r\nOK\r\n");
  bench.send("AT+SYSLOG=1\r\n");
  CHECK(bench.send("AT+FAKE\r\n") == "ERR CODE:0x01090000\r\n\r\nERROR\r\n");
  CHECK(bench.send("AT+FAKE?\r\n") == "ERR CODE:0x01090000\r\n\r\nERROR\r\n");
}

TEST_CASE("256 bytes without a line end vanish") {
  Bench bench;
  CHECK(bench.send("AT+CWMODE?" + std::string(245, ' ')).empty());
  CHECK(bench.send(" ").empty());
  CHECK(bench.send("AT\r\n") == kOk);
}

TEST_CASE("a NUL clears the line") {
  Bench bench;
  CHECK(bench.send(std::string_view("AT+RST\0AT\r\n", 11)) == kOk);
  CHECK(bench.send(std::string_view("noise\0", 6)).empty());
  CHECK(bench.send("AT\r\n") == kOk);
}

TEST_CASE("what comes in one chunk behind a command is refused once") {
  Bench bench;
  CHECK(bench.send("AT\r\nAT\r\nAT\r\n") == "\r\nbusy p...\r\n\r\nOK\r\n");
}

TEST_CASE("a line in the middle of a command is refused and lost") {
  Bench bench;
  bench.send("AT+SYSLOG=1\r\n");
  bench.send("AT+CWMODE=1\r\n");
  CHECK(bench.send("AT+CWLAP\r\n").empty());
  CHECK(bench.send("AT+GMR\r\n") == "ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n");
  CHECK(bench.pass(Milliseconds(1000)) ==
        "+CWLAP:(3,\"EXAMPLE-AP\",-48,\"02:00:00:00:aa:44\",6,-1,-1,4,4,7,0)\r\n\r\nOK\r\n");
}

TEST_CASE("AT+RST is acted on whatever runs") {
  Bench bench;
  bench.send("AT+CWMODE=1\r\n");
  CHECK(bench.send("AT+CWLAP\r\n").empty());
  CHECK(bench.send("AT+RST\r\n") == "\r\nWill force to restart!!!\r\n");
  CHECK(bench.pass(Milliseconds(1000)) == "\r\nready\r\n");
  CHECK(bench.send("AT\r\n") == "AT\r\n\r\nOK\r\n");  // echo is on again
}

TEST_CASE("a data phase waits for ever, takes exactly its bytes and is not echoed") {
  Bench bench(Bench::of(image::Generation::pki));
  bench.send("ATE1\r\n");
  CHECK(bench.send("AT+SYSFLASH=1,\"mqtt_ca\",0,8\r\n") == "AT+SYSFLASH=1,\"mqtt_ca\",0,8\r\n>");
  CHECK(bench.send("AT\r\n").empty());
  CHECK(bench.pass(std::chrono::hours(24)).empty());
  CHECK(bench.send("1234").empty());
  CHECK(bench.pass(Milliseconds(100)) == kOk);
}

TEST_CASE("data before the prompt is lost") {
  Bench bench(Bench::of(image::Generation::pki));
  CHECK(bench.send("AT+SYSFLASH=1,\"mqtt_ca\",0,4\r\n1234") == "\r\nbusy p...\r\n>");
  CHECK(bench.pass(Milliseconds(1000)).empty());
}

TEST_CASE("what follows the data of AT+SYSFLASH is parsed behind its result") {
  Bench bench(Bench::of(image::Generation::pki));
  bench.send("AT+SYSFLASH=1,\"mqtt_ca\",0,4\r\n");
  CHECK(bench.send("1234\r\n").empty());
  CHECK(bench.pass(Milliseconds(100)) == "\r\nOK\r\n\r\nERROR\r\n");
}

TEST_CASE("what follows the data of AT+SYSMFG is refused before its result") {
  Bench bench(Bench::of(image::Generation::nvs));
  CHECK(bench.send("AT+SYSMFG=2,\"mqtt_ca\",\"mqtt_ca\",8,4\r\n") == "\r\nOK\r\n\r\n>");
  CHECK(bench.send("1234\r\n") == "\r\nbusy p...\r\n");
  CHECK(bench.pass(Milliseconds(100)) == kOk);
}

// espressif/esp-at#388
TEST_CASE("the fault busy-drops forgets what it refused") {
  Options options;
  options.faults.add(Fault::busy_drops);
  Bench bench(std::move(options));  // which sends ATE0
  CHECK(bench.run("AT+CWMODE=1") == kOk);
  CHECK(bench.run("AT") == kOk);
  CHECK(bench.run("AT+CWMODE=2") == "\r\nbusy p...\r\n");
  CHECK(bench.run("AT+CWMODE?") == "+CWMODE:1\r\n\r\nOK\r\n");
}

TEST_CASE("the fault busy executes what it refused") {
  Options options;
  options.faults.add(Fault::busy);
  Bench bench(std::move(options));
  bench.run("AT+CWMODE=1");
  CHECK(bench.send("AT+CWLAP\r\n").empty());
  CHECK(bench.send("AT+CWMODE?\r\n") == "\r\nbusy p...\r\n");
  const std::string rest = bench.pass(Milliseconds(1000));
  CHECK(rest.ends_with("\r\nOK\r\n\r\nbusy p...\r\n+CWMODE:1\r\n\r\nOK\r\n"));  // the fourth is refused first
}

TEST_CASE("the fault hang-in-data never ends a data phase") {
  Options options;
  options.faults.add(Fault::hang_in_data);
  Bench bench(std::move(options));
  bench.send("AT+SYSFLASH=1,\"mqtt_ca\",0,4\r\n");
  CHECK(bench.send("1234").empty());
  CHECK(bench.pass(std::chrono::hours(1)).empty());
}

TEST_CASE("the fault silent says nothing at all") {
  Options options;
  options.faults.add(Fault::silent);
  Bench bench(std::move(options));
  CHECK(bench.boot_text().empty());
  CHECK(bench.send("AT\r\n").empty());
}

TEST_CASE("the fault echo-stuck goes on echoing") {
  Options options;
  options.faults.add(Fault::echo_stuck);
  Bench bench(std::move(options));
  CHECK(bench.send("ATE0\r\n") == "ATE0\r\n\r\nOK\r\n");
  CHECK(bench.send("AT\r\n") == "AT\r\n\r\nOK\r\n");
}

TEST_CASE("busy takes another rhythm") {
  Options options;
  options.faults.add({Fault::busy, 2});
  Bench bench(std::move(options));
  CHECK(bench.send("AT\r\n") == "\r\nbusy p...\r\n" + kOk);
  CHECK(bench.send("AT\r\n") == kOk);
}

TEST_CASE("other forms of the prompt") {
  const auto prompt_of = [](PromptForm form, const std::string& command) {
    Options options = Bench::of(image::Generation::nvs);
    options.faults.add({Fault::prompt, static_cast<std::int32_t>(form)});
    Bench bench(std::move(options));
    const std::string prompt = send_and_pass(bench, command, Milliseconds(200));
    CHECK(bench.send("1234").empty());
    CHECK(bench.pass(Milliseconds(200)) == kOk);
    return prompt;
  };
  const std::string mfg = "AT+SYSMFG=2,\"a\",\"a\",8,4\r\n";
  CHECK(prompt_of(PromptForm::bare, mfg) == ">");
  CHECK(prompt_of(PromptForm::spaced, mfg) == "\r\nOK\r\n\r\n> ");
  CHECK(prompt_of(PromptForm::own_line, mfg) == "\r\nOK\r\n\r\n>\r\n");
  CHECK(prompt_of(PromptForm::before_ok, mfg) == "\r\n>\r\nOK\r\n");
  CHECK(prompt_of(PromptForm::late, mfg) == "\r\nOK\r\n\r\n>");
  const std::string flash = "AT+SYSFLASH=1,\"mfg_nvs\",0,4\r\n";
  CHECK(prompt_of(PromptForm::bare, flash) == ">");
  CHECK(prompt_of(PromptForm::spaced, flash) == "\r\n> ");
  CHECK(prompt_of(PromptForm::before_ok, flash) == "\r\n>");
}

TEST_CASE("lost-in-data loses ten bytes of one data phase") {
  Options options = Bench::of(image::Generation::nvs);
  options.faults.add({Fault::lost_in_data, 2});
  Bench bench(std::move(options));
  const std::string command = "AT+SYSMFG=2,\"a\",\"a\",8,20\r\n";
  const std::string data = "0123456789ABCDEFGHIJ";
  bench.send(command);
  CHECK(send_and_pass(bench, data, Milliseconds(100)) == kOk);
  bench.send(command);
  CHECK(send_and_pass(bench, data, Milliseconds(100)) == "");
  CHECK(send_and_pass(bench, "0123456789", Milliseconds(100)) == kOk);
  CHECK(bench.send("AT+SYSMFG=1,\"a\",\"a\"\r\n").find(",20,ABCDEFGHIJ0123456789\r\n") != std::string::npos);
}

TEST_CASE("late-results, no-ok, stuck and reset-in-command") {
  Options options;
  SUBCASE("late-results") {
    options.faults.add({Fault::late_results, 500});
    Bench bench(std::move(options));
    CHECK(bench.pass(Milliseconds(600)) == kOk);  // of ATE0
    CHECK(bench.send("AT+CWMODE?\r\n") == "+CWMODE:0\r\n");
    CHECK(bench.pass(Milliseconds(400)).empty());
    CHECK(bench.send("AT\r\n") == "\r\nbusy p...\r\n");
    CHECK(bench.pass(Milliseconds(200)) == kOk);
  }
  SUBCASE("no-ok") {
    options.faults.add(Fault::no_ok);
    Bench bench(std::move(options));
    CHECK(bench.send("AT+CWMODE?\r\n") == "+CWMODE:0\r\n");
    CHECK(bench.send("AT+NONSENSE\r\n") == kError);
  }
  SUBCASE("stuck") {
    options.faults.add({Fault::stuck, 2});
    Bench bench(std::move(options));
    CHECK(bench.send("AT\r\n").empty());
    CHECK(bench.pass(std::chrono::hours(1)).empty());
    CHECK(bench.send("AT\r\n") == "\r\nbusy p...\r\n");
  }
  SUBCASE("reset-in-command") {
    options.faults.add({Fault::reset_in_command, 2});
    Bench bench(std::move(options));
    CHECK(bench.send("AT+CWMODE?\r\n").empty());
    CHECK(bench.pass(Milliseconds(1000)) == "\r\nready\r\n");
    CHECK(bench.send("AT\r\n") == "AT\r\n" + kOk);
  }
}

TEST_CASE("urc-storm prints lines before and behind a result") {
  Options options;
  options.faults.add({Fault::urc_storm, 2});
  Bench bench(std::move(options));
  const std::string two = "+STA_CONNECTED:\"bf:4f:6f:1c:2e:41\"\r\n+QUITT\r\n";
  CHECK(bench.send("AT+CWMODE?\r\n") == "+CWMODE:0\r\n" + two + kOk + two);
}

TEST_CASE("baud-refused and baud-stuck keep the rate") {
  for (const Fault fault : {Fault::baud_refused, Fault::baud_stuck}) {
    Options options;
    options.faults.add(fault);
    Bench bench(std::move(options));
    CHECK(bench.send("AT+UART_CUR=921600,8,1,0,0\r\n") == (fault == Fault::baud_stuck ? kOk : kError));
    CHECK(bench.module().uart().baud_rate == 115200);
  }
}

}  // namespace atcert::emulator
