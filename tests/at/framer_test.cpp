// SPDX-License-Identifier: Apache-2.0
// Transcripts in data/ are what a host receives from real modules, byte for byte.
#include "at/framer.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/files.hpp"

namespace atcert::at {
namespace {

std::string transcript(const std::string& name) {
  const auto bytes = read_file(std::string(ATCERT_SOURCE_DIR) + "/tests/at/data/" + name + ".txt", 1 << 20);
  REQUIRE(bytes);
  return std::string(as_text(*bytes));
}

std::string describe(const Event& event) {
  if (const auto* line = std::get_if<Line>(&event)) return "line " + std::string(line->text.raw());
  if (const auto* counted = std::get_if<Counted>(&event)) {
    return "counted " + std::string(counted->head.raw()) + "|" + std::string(counted->value.reveal_text());
  }
  return std::holds_alternative<Prompt>(event) ? "prompt" : "echo";
}

// What a session does: a command that prompts arms the prompt. The echo stands for the command here.
bool prompts(const Event& event) {
  const auto* line = std::get_if<Line>(&event);
  return line != nullptr && (line->text.raw().starts_with("AT+SYSFLASH=1") ||
                             line->text.raw().starts_with("AT+SYSMFG=2") || line->text.raw().starts_with("AT+CIPSEND"));
}

void take_all(Framer& framer, std::vector<std::string>& into) {
  while (auto event = framer.next()) {
    if (prompts(*event)) framer.expect(Secret(), true);
    into.push_back(describe(*event));
  }
}

std::vector<std::string> events_of(const std::vector<std::string_view>& pieces, std::string_view command = {},
                                   bool prompt = false) {
  Redactor door;
  Framer framer(door);
  framer.expect(Secret(command), prompt);
  std::vector<std::string> events;
  for (const std::string_view piece : pieces) {
    framer.feed(as_bytes(piece));
    take_all(framer, events);
  }
  return events;
}

std::vector<std::string> events_of(std::string_view bytes, std::string_view command = {}, bool prompt = false) {
  return events_of(std::vector{bytes}, command, prompt);
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("any split of any transcript gives the same events") {
  for (const auto& file : std::filesystem::directory_iterator(ATCERT_SOURCE_DIR "/tests/at/data")) {
    if (file.path().extension() != ".txt") continue;
    CAPTURE(file.path().string());
    const std::string bytes = transcript(file.path().stem());
    const Strings whole = events_of(bytes);
    REQUIRE(whole.size() >= 3);
    bool equal = true;
    for (std::size_t i = 0; i <= bytes.size(); ++i) {
      equal = equal && events_of({std::string_view(bytes).substr(0, i), std::string_view(bytes).substr(i)}) == whole;
    }
    CHECK(equal);
    std::vector<std::string_view> single;
    for (std::size_t i = 0; i < bytes.size(); ++i) single.push_back(std::string_view(bytes).substr(i, 1));
    CHECK(events_of(single) == whole);
  }
}

TEST_CASE("a received message may hold line ends") {
  const Strings events = events_of(transcript("01-aws-success-esp32-2022"));
  REQUIRE(events.size() > 2);
  CHECK(events.back() ==
        "counted +MQTTSUBRECV:0,\"topic/esp32at\",45,|{\n  \"message\": \"Hello from AWS IoT console\"\n}");
  CHECK(events[events.size() - 2] == "line OK");
}

TEST_CASE("a payload that looks like a result and an empty one are told from lines") {
  const Strings events = events_of(transcript("14-subrecv-split-esp32-v2.4.0.0"));
  REQUIRE(events.size() >= 3);
  CHECK(events[0].starts_with("counted +MQTTSUBRECV:0,\"xxx111/56000012/CollectPara/0/1\",986,|"));
  CHECK(events[1].starts_with("counted +MQTTSUBRECV:0,\"xxx111/56000012/CollectPara/0/1\",80,|"));
  CHECK(events[1].find("\r\nOK\r\n") != std::string::npos);
  CHECK(events.back() == "counted +MQTTSUBRECV:0,\"xxx111/56000012/CollectPara/0/1\",0,|");
}

TEST_CASE("the bare prompt of SYSFLASH, its list and its binary value") {
  const Strings events = events_of(transcript("12-sysflash-write-and-readback-esp32-v2.4.0.0"));
  CHECK(events[1] == "line +SYSFLASH:\"ble_data\",64,1,0x21000,0x3000");
  const auto write = std::find(events.begin(), events.end(), "line AT+SYSFLASH=1,\"mqtt_ca\",0,1200");
  REQUIRE(events.end() - write == 6);
  CHECK(write[1] == "prompt");
  CHECK(write[2] == "line OK");
  const std::string head = "counted +SYSFLASH:1200,|";
  CHECK(write[4].starts_with(head + "\xf1\xf1"));
  CHECK(write[4].size() == head.size() + 1200);
  CHECK(write[5] == "line OK");
}

TEST_CASE("namespaces and key lists of SYSMFG are lines, blobs are counted, integers are lines") {
  const Strings events = events_of(transcript("13-sysmfg-write-and-readback-esp32c3-v3.3.0.0"));
  CHECK(events[1] == "line +SYSMFG:\"client_cert\"");
  CHECK(std::count(events.begin(), events.end(), "prompt") == 3);
  CHECK(std::count(events.begin(), events.end(), "line +SYSMFG:\"mqtt_key\",\"mqtt_key\",8") == 1);
  CHECK(std::count(events.begin(), events.end(), "line +SYSMFG:\"factory_param\",\"uart_baudrate\",6,6,115200") == 1);
  const std::string head = "counted +SYSMFG:\"mqtt_cert\",\"mqtt_cert\",8,1224,|";
  const auto value = std::find_if(events.begin(), events.end(), [&](const auto& e) { return e.starts_with(head); });
  REQUIRE(value != events.end());
  CHECK(value->size() == head.size() + 1224);
  CHECK(value[1] == "line OK");
}

TEST_CASE("socket data is counted, with and without the peer's address") {
  const Strings events = events_of(transcript("08-busy-inside-reply-esp32-2023"));
  const std::string head = "counted +CIPRECVDATA:625,\"198.51.100.152\",443,|";
  const auto value = std::find_if(events.begin(), events.end(), [&](const auto& e) { return e.starts_with(head); });
  REQUIRE(value != events.end());
  CHECK(value->size() == head.size() + 625);
  CHECK(events_of("+CIPRECVDATA:4,a\r\nb\r\nOK\r\n") == Strings{"counted +CIPRECVDATA:4,|a\r\nb", "line OK"});
  CHECK(events_of("+CIPRECVDATA:0,\r\nOK\r\n") == Strings{"counted +CIPRECVDATA:0,|", "line OK"});
  CHECK(events_of("+IPD,0,3:a\r\n\r\n+IPD,2,\"::1\",80:\r\n+IPD,0,654\r\n") ==
        Strings{"counted +IPD,0,3:|a\r\n", "counted +IPD,2,\"::1\",80:|\r\n", "line +IPD,0,654"});
}

TEST_CASE("a prompt is one only after a command that prompts") {
  CHECK(events_of("\r\nOK\r\n\r\n>", "AT+SYSMFG=2", true) == Strings{"line OK", "prompt"});
  CHECK(events_of(">\r\nOK\r\n", "AT+SYSFLASH=1", true) == Strings{"prompt", "line OK"});
  CHECK(events_of("AT+SYSFLASH=1\r\n>", "AT+SYSFLASH=1", true) == Strings{"echo", "prompt"});
  CHECK(events_of("\r\nOK\r\n>\r\n") == Strings{"line OK", "line >"});
}

TEST_CASE("the echo is an event without text, also behind noise and with an unsolicited line glued to it") {
  CHECK(events_of("AT+GMR\r\nAT+GMR\r\n", "AT+GMR") == Strings{"echo", "line AT+GMR"});
  CHECK(events_of("\x81\xff"
                  "AT+CWJAP=\"a\",\"b\"\r\r\n",
                  "AT+CWJAP=\"a\",\"b\"") == Strings{"echo"});
  CHECK(events_of("AT+CIPCLOSE=0+LINK_CONN:0,0\r\n", "AT+CIPCLOSE=0") == Strings{"echo", "line +LINK_CONN:0,0"});
  CHECK(events_of("AT+MQTTPUB=0+MQTTSUBRECV:0,\"t\",2,\r\n\r\n", "AT+MQTTPUB=0") ==
        Strings{"echo", "counted +MQTTSUBRECV:0,\"t\",2,|\r\n"});
  CHECK(events_of("AT\r\nAT version:1.7.4.0(x)\r\n", "AT") == Strings{"echo", "line AT version:1.7.4.0(x)"});
}

TEST_CASE("repeated CR, NULs and blank lines leave nothing behind") {
  using namespace std::string_view_literals;
  CHECK(events_of("\0\0\r\r\n \r\n\r\nO\0K\r\r\n"sv) == Strings{"line OK"});
}

TEST_CASE("a line without end is cut and cannot hide the next one") {
  const std::string noise(3 * kMaxLine, 'x');
  CHECK(events_of(noise + "\r\nOK\r\n") == Strings{"line " + noise.substr(0, kMaxLine), "line OK"});
}

TEST_CASE("a count beyond the limit is no payload") {
  CHECK(events_of("+SYSFLASH:65537,x\r\nOK\r\n") == Strings{"line +SYSFLASH:65537,x", "line OK"});
  CHECK(events_of("+SYSFLASH:99999999999999999999,x\r\n") == Strings{"line +SYSFLASH:99999999999999999999,x"});
}

TEST_CASE("a reset forgets a payload that never ends") {
  Redactor door;
  Framer framer(door);
  framer.feed(as_bytes("+SYSFLASH:100,abc"));
  CHECK_FALSE(framer.next());
  CHECK(framer.missing() == 97);
  CHECK(framer.mid_line());
  framer.reset();
  framer.feed(as_bytes("OK\r\n"));
  const auto event = framer.next();
  REQUIRE(event);
  CHECK(describe(*event) == "line OK");
}

TEST_CASE("what the module says behind a reply without a line end of its own is a line of its own") {
  CHECK(events_of("+CIPSNTPTIME:Tue Nov 14 23:13:23 2023+STA_CONNECTED:\"02:00:00:00:00:01\"\r\n\r\nOK\r\n") ==
        Strings{"line +CIPSNTPTIME:Tue Nov 14 23:13:23 2023", "line +STA_CONNECTED:\"02:00:00:00:00:01\"", "line OK"});
  CHECK(events_of("+SYSRAM:1,2WIFI DISCONNECT\r\n") == Strings{"line +SYSRAM:1,2", "line WIFI DISCONNECT"});
  CHECK(events_of("+CIPSNTPCFG:1,0,\"WIFI x\"+MQTTSUBRECV:0,\"t\",2,hi\r\n") ==
        Strings{"line +CIPSNTPCFG:1,0,\"WIFI x\"", "counted +MQTTSUBRECV:0,\"t\",2,|hi"});
  CHECK(events_of("+CWLAP:(3,aWIFI CONNECTED)\r\n") == Strings{"line +CWLAP:(3,aWIFI CONNECTED)"});
}

}  // namespace atcert::at
