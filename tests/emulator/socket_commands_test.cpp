// SPDX-License-Identifier: Apache-2.0
// The module's own connections, on a connection that the test plays. Replies in the forms of ESP-AT's TCP/IP AT
// Commands and TCP-IP AT Examples.
#include "emulator/socket_commands.hpp"

#include "bench.hpp"

namespace atcert::emulator {
namespace {

struct FakePeer {
  std::vector<SocketRequest> requests;
  std::vector<SocketEvent> events;  // to be delivered next, on the youngest connection
  std::string sent;
  const SocketConnection* youngest = nullptr;
};

class FakeSocket final : public SocketConnection {
 public:
  explicit FakeSocket(FakePeer& peer) : peer_(peer) { peer.youngest = this; }
  int descriptor() const override { return -1; }
  short poll_events() const override { return 0; }
  std::optional<SteadyTime> deadline() const override { return std::nullopt; }
  void on_ready(SteadyTime) override {}
  std::vector<SocketEvent> take_events() override {
    return peer_.youngest == this ? std::exchange(peer_.events, {}) : std::vector<SocketEvent>();
  }
  void send(ByteView data) override { peer_.sent += as_text(data); }

 private:
  FakePeer& peer_;
};

// A module that has joined, and the peer of its connections.
class Line {
 public:
  explicit Line(Options options = Bench::of(image::Generation::pki))
      : bench_(with_names(std::move(options)), [this](SocketRequest r, SteadyTime) {
          peer_.requests.push_back(std::move(r));
          return std::make_unique<FakeSocket>(peer_);
        }) {
    bench_.run("AT+CWMODE=1");
    bench_.run("AT+CWJAP=\"EXAMPLE-AP\",\"EXAMPLE-PASSWORD\"");
  }

  Bench& bench() { return bench_; }
  FakePeer& peer() { return peer_; }
  std::string run(std::string_view command) { return bench_.run(command); }
  std::string happens(SocketEvent event) {
    peer_.events.push_back(std::move(event));
    return bench_.pass(Milliseconds(0));
  }
  // Starts a connection that opens at once.
  std::string open(std::string_view command) {
    peer_.events.emplace_back(SocketOpened{50'000});
    return bench_.run(command);
  }

 private:
  static Options with_names(Options options) {
    options.resolved.push_back({"a.example", {"127.0.0.1", 4433}});
    options.unresolved.push_back("gone.example");
    return options;
  }

  FakePeer peer_;
  Bench bench_;
};

}  // namespace

TEST_CASE("a single connection opens, sends, receives and closes") {
  Line line;
  CHECK(line.open("AT+CIPSTART=\"TCP\",\"a.example\",80") == "CONNECT\r\n\r\nOK\r\n");
  REQUIRE(line.peer().requests.size() == 1);
  CHECK(line.peer().requests[0].route.address.port == 4433);
  CHECK(line.run("AT+CIPSTART=\"TCP\",\"a.example\",80") == "ALREADY CONNECTED\r\n\r\nERROR\r\n");
  CHECK(line.run("AT+CIPSTATUS") == "STATUS:3\r\n+CIPSTATUS:0,\"TCP\",\"127.0.0.1\",80,50000,0\r\n\r\nOK\r\n");
  CHECK(line.run("AT+CIPSTATE?") == "+CIPSTATE:0,\"TCP\",\"127.0.0.1\",80,50000,0\r\n\r\nOK\r\n");
  CHECK(line.bench().send("AT+CIPSEND=4\r\n") == "\r\nOK\r\n\r\n>");
  CHECK(line.bench().send("test") == "\r\nRecv 4 bytes\r\n\r\nSEND OK\r\n");
  CHECK(line.peer().sent == "test");
  CHECK(line.happens(SocketReceived{to_bytes(as_bytes("pong"))}) == "\r\n+IPD,4:pong");
  CHECK(line.run("AT+CIPDINFO=1") == kOk);
  CHECK(line.run("AT+CIPDINFO?") == "+CIPDINFO:true\r\n\r\nOK\r\n");
  CHECK(line.happens(SocketReceived{to_bytes(as_bytes("pong"))}) == "\r\n+IPD,4,\"127.0.0.1\",80:pong");
  CHECK(line.run("AT+CIPMUX=1") == "link is builded\r\n\r\nERROR\r\n");
  CHECK(line.run("AT+CIPCLOSE") == "CLOSED\r\n\r\nOK\r\n");
  CHECK(line.run("AT+CIPCLOSE") == kError);
  CHECK(line.run("AT+CIPSTATUS") == "STATUS:4\r\n\r\nOK\r\n");
  CHECK(line.run("AT+CIPSEND=4") == "link is not valid\r\n\r\nERROR\r\n");
}

TEST_CASE("with several connections the number of the link goes first") {
  Line line;
  CHECK(line.run("AT+CIPMUX=1") == kOk);
  CHECK(line.run("AT+CIPMUX?") == "+CIPMUX:1\r\n\r\nOK\r\n");
  CHECK(line.open("AT+CIPSTART=2,\"TCP\",\"a.example\",80,60") == "2,CONNECT\r\n\r\nOK\r\n");
  CHECK(line.happens(SocketReceived{to_bytes(as_bytes("pong"))}) == "\r\n+IPD,2,4:pong");
  CHECK(line.bench().send("AT+CIPSEND=2,4\r\n") == "\r\nOK\r\n\r\n>");
  CHECK(line.bench().send("test") == "\r\nRecv 4 bytes\r\n\r\nSEND OK\r\n");
  CHECK(line.run("AT+CIPCLOSE") == kError);
  CHECK(line.run("AT+CIPCLOSE=1") == kError);
  CHECK(line.happens(SocketClosed{}) == "2,CLOSED\r\n");
  line.open("AT+CIPSTART=4,\"TCP\",\"a.example\",80");
  CHECK(line.run("AT+CIPCLOSE=5") == "4,CLOSED\r\n\r\nOK\r\n");
  CHECK(line.run("AT+CIPSTART=5,\"TCP\",\"a.example\",80") == kError);
}

TEST_CASE("AT+CIPSTARTEX takes the first link that is free") {
  Line line;
  CHECK(line.open("AT+CIPSTARTEX=\"TCP\",\"a.example\",80,60") == "CONNECT\r\n\r\nOK\r\n");
  line.run("AT+CIPCLOSE");
  line.run("AT+CIPMUX=1");
  CHECK(line.open("AT+CIPSTART=1,\"TCP\",\"a.example\",80") == "1,CONNECT\r\n\r\nOK\r\n");
  for (const char* id : {"0", "2", "3", "4"}) {
    line.open("AT+CIPSTARTEX=\"TCP\",\"a.example\",80");
    CHECK(line.run("AT+CIPSTATE?").find(std::string("+CIPSTATE:") + id + ",\"TCP\"") != std::string::npos);
  }
  CHECK(line.run("AT+CIPSTARTEX=\"TCP\",\"a.example\",80") == kError);
  CHECK(line.run("AT+CIPSTARTEX=0,\"TCP\",\"a.example\",80") == kError);
}

TEST_CASE("in passive mode data waits to be read, and is announced once") {
  Line line;
  CHECK(line.run("AT+CIPRECVMODE=1") == kOk);
  line.open("AT+CIPSTART=\"TCP\",\"a.example\",80");
  CHECK(line.happens(SocketReceived{to_bytes(as_bytes("first "))}) == "\r\n+IPD,6\r\n");
  CHECK(line.happens(SocketReceived{to_bytes(as_bytes("second"))}).empty());
  CHECK(line.run("AT+CIPRECVLEN?") == "+CIPRECVLEN:12,-1,-1,-1,-1\r\n\r\nOK\r\n");
  CHECK(line.run("AT+CIPRECVDATA=6") == "+CIPRECVDATA:6,first \r\nOK\r\n");
  CHECK(line.run("AT+CIPRECVLEN?") == "+CIPRECVLEN:6,-1,-1,-1,-1\r\n\r\nOK\r\n");
  CHECK(line.run("AT+CIPRECVDATA=100") == "+CIPRECVDATA:6,second\r\nOK\r\n");
  CHECK(line.run("AT+CIPRECVDATA=1") == kError);
  CHECK(line.happens(SocketClosed{}) == "CLOSED\r\n");
  CHECK(line.run("AT+CIPRECVLEN?") == "+CIPRECVLEN:-1,-1,-1,-1,-1\r\n\r\nOK\r\n");
}

// ESP-AT, TCP/IP AT Commands, AT+CIPRECVTYPE, notes.
TEST_CASE("in passive mode the end of a connection is told when all of its data is read") {
  Line line;
  line.run("AT+CIPRECVMODE=1");
  line.open("AT+CIPSTART=\"TCP\",\"a.example\",80");
  CHECK(line.happens(SocketReceived{to_bytes(as_bytes("last words"))}) == "\r\n+IPD,10\r\n");
  CHECK(line.happens(SocketClosed{}).empty());
  CHECK(line.bench().send("AT+CIPSEND=1\r\n") == "\r\nOK\r\n\r\n>");
  CHECK(line.bench().send("x") == "\r\nRecv 1 bytes\r\n\r\nSEND FAIL\r\n");
  CHECK(line.run("AT+CIPRECVDATA=5") == "+CIPRECVDATA:5,last \r\nOK\r\n");
  CHECK(line.run("AT+CIPRECVDATA=5") == "+CIPRECVDATA:5,words\r\nOK\r\nCLOSED\r\n");
  line.open("AT+CIPSTART=\"TCP\",\"a.example\",80");
  line.happens(SocketReceived{to_bytes(as_bytes("unread"))});
  CHECK(line.happens(SocketClosed{}).empty());
  CHECK(line.run("AT+CIPCLOSE") == "CLOSED\r\n\r\nOK\r\n");
  CHECK(line.run("AT+CIPRECVDATA=5") == kError);
}

TEST_CASE("a connection that is refused, or a name that does not resolve, is a plain ERROR") {
  Line line;
  line.peer().events.emplace_back(SocketClosed{"refused"});
  CHECK(line.run("AT+CIPSTART=\"TCP\",\"a.example\",80") == kError);
  CHECK(line.run("AT+CIPSTART=\"TCP\",\"gone.example\",80") == kError);
  CHECK(line.peer().requests.size() == 1);
  CHECK(line.run("AT+CIPSTART=\"TCP\",\"a.example\",0") == kError);
  CHECK(line.run("AT+CIPSTART=\"UDP\",\"a.example\",80") == kError);
  CHECK(line.run("AT+CIPSTART=\"TCP\",\"a.example\"") == kError);
}

TEST_CASE("the network goes, and with it the connections") {
  Line line;
  line.open("AT+CIPSTART=\"TCP\",\"a.example\",80");
  CHECK(line.bench().send("AT+CWQAP\r\n") == kOk);
  CHECK(line.bench().pass(Milliseconds(10)) == "WIFI DISCONNECT\r\nCLOSED\r\n");
}

TEST_CASE("detailed prompts name both ends") {
  Line line;
  line.run("AT+SYSMSG=2");
  CHECK(line.open("AT+CIPSTART=\"TCP\",\"a.example\",80") ==
        "+LINK_CONN:0,0,\"TCP\",0,\"127.0.0.1\",80,50000\r\n\r\nOK\r\n");
}

TEST_CASE("SSL authenticates as AT+CIPSSLCCONF says, with items that must be there") {
  Line line;
  CHECK(line.run("AT+CIPSSLCCONF?") == "+CIPSSLCCONF:0,0,0,0\r\n\r\nOK\r\n");
  CHECK(line.run("AT+CIPSSLCCONF=2,0,0") == "NO CA FOUND\r\n\r\nERROR\r\n");
  CHECK(line.run("AT+CIPSSLCCONF=3,0,0") == "NO CERT FOUND\r\n\r\nERROR\r\n");
  CHECK(line.run("AT+CIPSSLCCONF=4") == kError);
  CHECK(line.run("AT+CIPSSLCSNI=\"a.example\"") == kOk);
  CHECK(line.open("AT+CIPSTART=\"SSL\",\"a.example\",443") == "CONNECT\r\n\r\nOK\r\n");
  CHECK(line.peer().requests[0].tls);
  CHECK_FALSE(line.peer().requests[0].settings.verify_server);
  CHECK(line.peer().requests[0].settings.server_name == "a.example");
}

TEST_CASE("an item of mfg_nvs is found by its number") {
  Line line(Bench::of(image::Generation::nvs));
  CHECK(line.bench().send("AT+SYSMFG=2,\"client_ca\",\"client_ca.1\",8,4\r\n") == "\r\nOK\r\n\r\n>");
  line.bench().send("text");
  line.bench().pass(Milliseconds(1000));
  CHECK(line.run("AT+CIPSSLCCONF=2,0,0") == "NO CA FOUND\r\n\r\nERROR\r\n");
  CHECK(line.run("AT+CIPSSLCCONF=2,0,1") == kOk);
  line.open("AT+CIPSTART=\"SSL\",\"a.example\",443");
  REQUIRE(line.peer().requests.size() == 1);
  CHECK(line.peer().requests[0].ca.equals(as_bytes("text")));
}

}  // namespace atcert::emulator
