// SPDX-License-Identifier: Apache-2.0
#include "serial/telnet.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace atcert::serial::telnet {
namespace {

// What ser2net 4.3.11 sends when a client offers RFC 2217, and the greeting of a module behind it.
const Bytes kSer2net = {0xff, 0xfb, 0x03, 0xff, 0xfd, 0x03, 0xff, 0xfb, 0x01, 0xff, 0xfe, 0x01, 0xff, 0xfd,
                        0x00, 0xff, 0xfb, 0x00, 0xff, 0xfd, 0x2c, 0xff, 0xfd, 0x03, 0xff, 0xfa, 0x2c, 0x6b,
                        0x00, 0xff, 0xf0, '\r', '\n', 'r',  'e',  'a',  'd',  'y',  '\r', '\n'};

struct Decoded {
  std::string data;
  std::vector<Command> commands;

  bool operator==(const Decoded&) const = default;
};

Decoded decode(const Bytes& bytes, std::size_t piece) {
  Decoded decoded;
  Decoder decoder;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    Bytes part(bytes.begin() + static_cast<std::ptrdiff_t>(at),
               bytes.begin() + static_cast<std::ptrdiff_t>(std::min(at + piece, bytes.size())));
    const std::size_t size = decoder.decode(part);
    decoded.data += as_text(ByteView(part).first(size));
    while (auto command = decoder.next()) decoded.commands.push_back(std::move(*command));
  }
  return decoded;
}

}  // namespace

TEST_CASE("data and commands are told apart, in whatever pieces they come") {
  const Decoded whole = decode(kSer2net, kSer2net.size());
  CHECK(whole.data == "\r\nready\r\n");
  REQUIRE(whole.commands.size() == 9);
  CHECK(whole.commands[0] == Command(Negotiation{Verb::will, kSuppressGoAhead}));
  CHECK(whole.commands[3] == Command(Negotiation{Verb::dont, 1}));
  CHECK(whole.commands[6] == Command(Negotiation{Verb::please, kComPort}));
  CHECK(whole.commands[8] == Command(Subnegotiation{kComPort, {0x6b, 0x00}}));
  for (std::size_t piece = 1; piece < kSer2net.size(); ++piece) CHECK(decode(kSer2net, piece) == whole);
}

TEST_CASE("an escape that is doubled is data, in a sub-negotiation too") {
  CHECK(decode({'a', 0xff, 0xff, 'b'}, 1).data ==
        "a\xff"
        "b");
  const Decoded decoded = decode({0xff, 0xfa, 0x2c, 0x65, 0, 0, 0xff, 0xff, 0, 0xff, 0xf0}, 1);
  REQUIRE(decoded.commands.size() == 1);
  CHECK(decoded.commands[0] == Command(Subnegotiation{kComPort, {0x65, 0, 0, 0xff, 0}}));
  CHECK(encode(Subnegotiation{kComPort, {0x01, 0xff}}) == Bytes{0xff, 0xfa, 0x2c, 0x01, 0xff, 0xff, 0xff, 0xf0});
}

TEST_CASE("commands without an option are passed over") {
  const Decoded decoded = decode({'a', 0xff, 0xf1, 'b', 0xff, 0xf9, 'c'}, 1);  // NOP, GA
  CHECK(decoded.data == "abc");
  CHECK(decoded.commands.empty());
}

TEST_CASE("a sub-negotiation that is never ended ends with the next command") {
  const Decoded decoded = decode({0xff, 0xfa, 0x2c, 0x65, 0xff, 0xfd, 0x2c, 'x'}, 1);
  CHECK(decoded.data == "x");
  REQUIRE(decoded.commands.size() == 2);
  CHECK(decoded.commands[1] == Command(Negotiation{Verb::please, kComPort}));
}

TEST_CASE("a sub-negotiation without end does not grow without end") {
  Bytes bytes{0xff, 0xfa, 0x2c};
  bytes.insert(bytes.end(), 100'000, 'x');
  bytes.insert(bytes.end(), {0xff, 0xf0});
  const Decoded decoded = decode(bytes, bytes.size());
  REQUIRE(decoded.commands.size() == 1);
  CHECK(std::get<Subnegotiation>(decoded.commands[0]).value.size() == kMaxSubnegotiation);
}

TEST_CASE("what was asked for and granted needs no answer") {
  Options options;
  const Bytes asked = options.ask();
  CHECK(asked == Bytes{0xff, 0xfb, 0, 0xff, 0xfd, 0, 0xff, 0xfb, 3, 0xff, 0xfd, 3, 0xff, 0xfb, 44});
  CHECK_FALSE(options.ours(kComPort));
  CHECK_FALSE(options.answer({Verb::please, kComPort}).has_value());
  CHECK(options.ours(kComPort));
  CHECK_FALSE(options.answer({Verb::please, kComPort}).has_value());
}

TEST_CASE("a refusal is taken without an answer, and known") {
  Options options;
  (void)options.ask();
  CHECK_FALSE(options.answer({Verb::dont, kComPort}).has_value());
  CHECK(options.refused(kComPort));
}

TEST_CASE("what the other side wants is granted if it is of use, and refused if not") {
  Options options;
  CHECK(options.answer({Verb::please, kBinary}) == Negotiation{Verb::will, kBinary});
  CHECK(options.answer({Verb::will, kBinary}) == Negotiation{Verb::please, kBinary});
  CHECK(options.answer({Verb::please, 1}) == Negotiation{Verb::wont, 1});
  CHECK(options.answer({Verb::will, 1}) == Negotiation{Verb::dont, 1});
  CHECK_FALSE(options.answer({Verb::wont, 1}).has_value());
  CHECK(options.answer({Verb::dont, kBinary}) == Negotiation{Verb::wont, kBinary});  // what was on is given up
}

}  // namespace atcert::serial::telnet
