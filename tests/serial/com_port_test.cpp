// SPDX-License-Identifier: Apache-2.0
#include "serial/com_port.hpp"

#include <doctest/doctest.h>

namespace atcert::serial::com_port {
namespace {

std::optional<Answer> parse(Bytes value) {
  return parse_answer({telnet::kComPort, std::move(value)});
}

}  // namespace

// RFC 2217, section 2.
TEST_CASE("requests have the bytes of the RFC") {
  CHECK(request(Subject::baud_rate, 115'200) == Bytes{0xff, 0xfa, 44, 1, 0x00, 0x01, 0xc2, 0x00, 0xff, 0xf0});
  CHECK(request(Subject::data_size, 8) == Bytes{0xff, 0xfa, 44, 2, 8, 0xff, 0xf0});
  CHECK(request(Subject::parity, kNoParity) == Bytes{0xff, 0xfa, 44, 3, 1, 0xff, 0xf0});
  CHECK(request(Subject::stop_size, kOneStopBit) == Bytes{0xff, 0xfa, 44, 4, 1, 0xff, 0xf0});
  CHECK(request(Subject::flow_control, kHardwareFlowControl) == Bytes{0xff, 0xfa, 44, 5, 3, 0xff, 0xf0});
  CHECK(request(Subject::dtr, kDtrOff) == Bytes{0xff, 0xfa, 44, 5, 9, 0xff, 0xf0});
  CHECK(request(Subject::rts, kRtsOn) == Bytes{0xff, 0xfa, 44, 5, 11, 0xff, 0xf0});
  CHECK(request(Subject::purge, kPurgeReceived) == Bytes{0xff, 0xfa, 44, 12, 1, 0xff, 0xf0});
  CHECK(name_of(Subject::rts) == "SET-CONTROL");
}

TEST_CASE("a byte of a rate that is an escape is doubled") {
  CHECK(request(Subject::baud_rate, 0xff00) == Bytes{0xff, 0xfa, 44, 1, 0, 0, 0xff, 0xff, 0, 0xff, 0xf0});
}

// As ser2net 4.3.11 gave them.
TEST_CASE("answers are told apart by their command and, of SET-CONTROL, by their value") {
  CHECK(parse({0x65, 0x00, 0x01, 0xc2, 0x00}) == Answer{Subject::baud_rate, 115'200});
  CHECK(parse({0x66, 0x08}) == Answer{Subject::data_size, 8});
  CHECK(parse({0x69, 0x01}) == Answer{Subject::flow_control, kNoFlowControl});
  CHECK(parse({0x69, 0x09}) == Answer{Subject::dtr, kDtrOff});
  CHECK(parse({0x69, 0x0c}) == Answer{Subject::rts, kRtsOff});
  CHECK(parse({0x70, 0x01}) == Answer{Subject::purge, kPurgeReceived});
  CHECK(parse({0x6c}) == Answer{Subject::suspend, 0});
  CHECK(parse({0x6d}) == Answer{Subject::resume, 0});
}

TEST_CASE("what is no answer about the line is passed over") {
  CHECK_FALSE(parse({}).has_value());
  CHECK_FALSE(parse({0x01, 0, 1, 0xc2, 0}).has_value());                      // a request
  CHECK_FALSE(parse({0x6a, 0x60}).has_value());                               // NOTIFY-LINESTATE
  CHECK_FALSE(parse({0x64, 's', 'e', 'r', '2', 'n', 'e', 't'}).has_value());  // SIGNATURE
  CHECK_FALSE(parse({0x69, 0x30}).has_value());
  CHECK_FALSE(parse_answer({telnet::kBinary, {0x66, 8}}).has_value());
}

}  // namespace atcert::serial::com_port
