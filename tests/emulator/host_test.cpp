// SPDX-License-Identifier: Apache-2.0
// The emulated module on a real pseudo-terminal, in a thread of its own.
#include "emulator/host.hpp"

#include <poll.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <thread>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "base/scratch_folder.hpp"
#include "emulator/pty.hpp"
#include "support/broker.hpp"
#include "support/plain_line.hpp"
#include "support/require.hpp"

namespace atcert::emulator {
namespace {

Options options_with(std::string_view ssid) {
  Options options;
  options.access_points.push_back({std::string(ssid), Secret()});
  return options;
}

ScratchFolder scratch() {
  return test::require(ScratchFolder::create("host"));
}

// A module that runs until the end of the scope.
class Running {
 public:
  explicit Running(HostOptions options = {}, Options module = options_with("EXAMPLE-AP"))
      : host_(test::require(Host::open(std::move(module), std::move(options)))),
        thread_([this](const std::stop_token& stop) { CHECK(host_->run(stop).ok()); }) {}
  const std::string& port() const { return host_->port(); }

 private:
  std::unique_ptr<Host> host_;
  std::jthread thread_;
};

using Line = test::PlainLine;

}  // namespace

TEST_CASE("the port is raw and answers as the module does") {
  const Running running;
  Line line(running.port());
  CHECK(line.read_to("ready\r\n") == "\r\nready\r\n");
  line.send("AT\r\n");
  CHECK(line.read_to("OK\r\n") == "AT\r\n\r\nOK\r\n");
}

TEST_CASE("programs may close the port and open it again") {
  const Running running;
  { CHECK(Line(running.port()).read_to("ready\r\n") == "\r\nready\r\n"); }
  for (int i = 0; i < 3; ++i) {
    Line line(running.port());
    line.send("AT\r\n");
    CHECK(line.read_to("OK\r\n") == "AT\r\n\r\nOK\r\n");
  }
}

TEST_CASE("the link leads to the port, takes the place of an old link and is gone at the end") {
  const ScratchFolder folder = scratch();
  HostOptions options;
  options.link = (folder.path() / "module").string();
  std::filesystem::create_symlink("/nowhere", options.link);
  {
    const Running running(options);
    CHECK(std::filesystem::read_symlink(options.link) == running.port());
    CHECK(Line(options.link).read_to("ready\r\n") == "\r\nready\r\n");
  }
  CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(options.link)));
}

TEST_CASE("the link of a module that runs is not taken over") {
  const ScratchFolder folder = scratch();
  HostOptions options;
  options.link = (folder.path() / "module").string();
  const Running first(options);
  const auto second = Host::open(options_with("a"), options);
  REQUIRE(!second.ok());
  CHECK(second.error().kind == ErrorKind::usage);
  CHECK(second.error().what.find("it leads to " + first.port()) != std::string::npos);
  CHECK(std::filesystem::read_symlink(options.link) == first.port());
}

TEST_CASE("a link that was left behind is taken over, also when its port's number has gone to another since") {
  const ScratchFolder folder = scratch();
  const auto link_to = [&](const std::string& port) {
    return (folder.path() / std::filesystem::path(port).filename()).string();
  };
  for (unsigned number = 0; number < 256; ++number) {  // whichever the next port gets
    const std::string port = "/dev/pts/" + std::to_string(number);
    std::filesystem::create_symlink(port, link_to(port));
  }
  const auto stamp = [](const struct stat& facts) { return std::pair(facts.st_ctim.tv_sec, facts.st_ctim.tv_nsec); };
  std::optional<Pty> other;
  struct stat port {};
  struct stat link {};
  do {  // time goes on in steps of some milliseconds
    other.emplace(test::require(Pty::open()));
    REQUIRE(stat(other->path().c_str(), &port) == 0);
    REQUIRE(lstat(link_to(other->path()).c_str(), &link) == 0);
  } while (stamp(port) <= stamp(link));

  HostOptions options;
  options.link = link_to(other->path());
  const Running running(std::move(options));
  CHECK(std::filesystem::read_symlink(link_to(other->path())) == running.port());
}

TEST_CASE("a link that somebody else has changed stays") {
  const ScratchFolder folder = scratch();
  HostOptions options;
  options.link = (folder.path() / "module").string();
  auto first = std::make_unique<Running>(options);
  std::filesystem::remove(options.link);
  std::filesystem::create_symlink("/nowhere", options.link);
  first.reset();
  CHECK(std::filesystem::read_symlink(options.link) == "/nowhere");
}

TEST_CASE("a file in the place of the link is left alone") {
  const ScratchFolder folder = scratch();
  HostOptions options;
  options.link = (folder.path() / "module").string();
  REQUIRE(write_file(options.link, as_bytes("precious")).ok());
  const auto host = Host::open(options_with("a"), options);
  REQUIRE(!host.ok());
  CHECK(host.error().code == "link_unwritable");
  CHECK(test::require(read_file(options.link, 100)) == to_bytes(as_bytes("precious")));
}

TEST_CASE("the flash outlives the module in its file, which nobody else may read") {
  const ScratchFolder folder = scratch();
  HostOptions options;
  options.flash_file = (folder.path() / "flash.bin").string();
  {
    const Running running(options);
    Line line(running.port());
    line.read_to("ready\r\n");
    line.send("AT+SYSFLASH=1,\"mqtt_ca\",0,4\r\n");
    line.read_to(">");
    line.send("abcd");
    CHECK(line.read_to("OK\r\n") == "\r\nOK\r\n");
  }
  CHECK(std::filesystem::file_size(options.flash_file) == kFlashSize);
  CHECK(std::filesystem::status(options.flash_file).permissions() == std::filesystem::perms(0600));
  const Running running(options);
  Line line(running.port());
  line.read_to("ready\r\n");
  line.send("AT+SYSFLASH=2,\"mqtt_ca\",0,5\r\n");
  CHECK(line.read_to("OK\r\n") == "AT+SYSFLASH=2,\"mqtt_ca\",0,5\r\n+SYSFLASH:5,abcd\xff\r\nOK\r\n");
}

TEST_CASE("a flash file of another size, and one in use, are refused") {
  const ScratchFolder folder = scratch();
  HostOptions options;
  options.flash_file = (folder.path() / "flash.bin").string();
  SUBCASE("size") {
    REQUIRE(write_file(options.flash_file, as_bytes("short")).ok());
    const auto host = Host::open(options_with("a"), options);
    REQUIRE(!host.ok());
    CHECK(host.error().code == "flash_size");
  }
  SUBCASE("in use") {
    const Running running(options);
    const auto host = Host::open(options_with("a"), options);
    REQUIRE(!host.ok());
    CHECK(host.error().code == "flash_in_use");
  }
}

TEST_CASE("a side that has another rate is heard wrong, both ways, until both have the same") {
  Options module = options_with("EXAMPLE-AP");
  module.baud_rate = 57600;
  const Running running({}, std::move(module));
  Line line(running.port());
  CHECK(line.read_some() != "\r\nready\r\n");
  line.send("AT\r\n");
  CHECK(line.read_some().find("OK") == std::string::npos);
  line.set_baud_rate(57600);
  line.send("\r\n");  // ends what was heard wrong
  CHECK(line.read_to("ERROR\r\n").ends_with("\r\nERROR\r\n"));
  line.send("AT\r\n");
  CHECK(line.read_to("OK\r\n") == "AT\r\n\r\nOK\r\n");
}

TEST_CASE("AT+UART_CUR is answered at the old rate, and all else goes at the new one") {
  const Running running;
  Line line(running.port());
  line.read_to("ready\r\n");
  line.send("AT+UART_CUR=921600,8,1,0,0\r\n");
  CHECK(line.read_to("OK\r\n") == "AT+UART_CUR=921600,8,1,0,0\r\n\r\nOK\r\n");
  line.set_baud_rate(921600);
  line.send("AT\r\n");
  CHECK(line.read_to("OK\r\n") == "AT\r\n\r\nOK\r\n");
  line.set_baud_rate(115200);
  line.send("AT+UART_CUR=115200,8,1,0,0\r\n");                  // comes as nothing that the module knows
  CHECK(line.read_some() != "AT+UART_CUR=115200,8,1,0,0\r\n");  // its echo
  line.set_baud_rate(921600);
  line.send("\r\n");
  CHECK(line.read_to("ERROR\r\n").ends_with("\r\nERROR\r\n"));
  line.send("AT+UART_CUR?\r\n");
  CHECK(line.read_to("OK\r\n").find("+UART_CUR:922190,8,1,0,0\r\n") != std::string::npos);
}

TEST_CASE("AT+UART_DEF stays in the flash file, and --baud sets it aside") {
  const ScratchFolder folder = scratch();
  HostOptions options;
  options.flash_file = (folder.path() / "flash.bin").string();
  {
    const Running running(options);
    Line line(running.port());
    line.read_to("ready\r\n");
    line.send("AT+UART_DEF=9600,8,1,0,0\r\n");
    line.read_to("OK\r\n");
  }
  {
    const Running running(options);
    Line line(running.port());
    line.set_baud_rate(9600);
    CHECK(line.read_to("ready\r\n") == "\r\nready\r\n");
  }
  Options module = options_with("EXAMPLE-AP");
  module.baud_rate = 115200;
  const Running running(options, std::move(module));
  CHECK(Line(running.port()).read_to("ready\r\n") == "\r\nready\r\n");
}

TEST_CASE("a paced line takes as long as its bytes") {
  HostOptions options;
  options.pace = 19200;
  const Running running(options);
  Line line(running.port());
  line.read_to("ready\r\n");
  const SystemClock clock;
  const SteadyTime start = clock.now();
  line.send("AT+SYSFLASH=2,\"mqtt_ca\",0,384\r\n");
  line.read_to("OK\r\n");
  CHECK(clock.now() - start > Milliseconds(200));  // 31 bytes in, 31 + 14 + 384 + 6 bytes out: 243 ms
  CHECK(clock.now() - start < Milliseconds(2000));
}

TEST_CASE("a paced line is as fast as AT+UART_CUR makes it") {
  HostOptions options;
  options.pace = 9600;
  const Running running(options);
  Line line(running.port());
  line.read_to("ready\r\n");
  line.send("AT+UART_CUR=921600,8,1,0,0\r\n");
  line.read_to("OK\r\n");
  line.set_baud_rate(921600);
  const SystemClock clock;
  const SteadyTime start = clock.now();
  line.send("AT+SYSFLASH=2,\"mqtt_ca\",0,4096\r\n");
  CHECK(line.read_to("OK\r\n").size() > 4096);
  CHECK(clock.now() - start < Milliseconds(2000));  // 45 ms; at 9600 it would be 4.3 s
}

TEST_CASE("chunks sends so many bytes, and more when they have been read") {
  Options module = options_with("EXAMPLE-AP");
  module.faults.add({Fault::chunks, 3});
  const Running running({}, std::move(module));
  Line line(running.port());
  line.read_to("ready\r\n");
  // The kernel may hand two pieces to a reader that comes late at once, but hardly every time.
  bool in_pieces = false;
  for (int i = 0; i < 50; ++i) {
    line.send("AT\r\n");
    const std::string first = line.read_some();
    in_pieces = in_pieces || first.size() < 10;
    CHECK(first + (first.ends_with("OK\r\n") ? "" : line.read_to("OK\r\n")) == "AT\r\n\r\nOK\r\n");
  }
  CHECK(in_pieces);
}

TEST_CASE("unplugged takes port and link away, replugged brings them back with a module that starts anew") {
  const ScratchFolder folder = scratch();
  HostOptions options;
  options.link = (folder.path() / "module").string();
  const auto exists = [&] { return std::filesystem::exists(std::filesystem::symlink_status(options.link)); };
  const SystemClock clock;
  const auto comes_to_be = [&](bool wanted) {
    const SteadyTime limit = clock.now() + std::chrono::seconds(5);
    while (exists() != wanted && clock.now() < limit) poll(nullptr, 0, 1);
    return exists() == wanted;
  };
  for (const Fault fault : {Fault::unplugged, Fault::replugged}) {
    Options module = options_with("EXAMPLE-AP");
    module.faults.add({fault, 2});
    const Running running(options, std::move(module));
    {
      Line line(options.link);
      CHECK(line.read_to("ready\r\n") == "\r\nready\r\n");
      line.send("AT\r\n");
      CHECK(line.read_to("OK\r\n") == "AT\r\n\r\nOK\r\n");
      line.send("AT\r\n");
      line.read_to("there is no more");
    }
    CHECK(comes_to_be(false));
    if (fault == Fault::unplugged) continue;
    CHECK(comes_to_be(true));
    Line line(options.link);
    CHECK(line.read_to("ready\r\n") == "\r\nready\r\n");
    line.send("AT\r\n");
    CHECK(line.read_to("OK\r\n") == "AT\r\n\r\nOK\r\n");
  }
}

TEST_CASE("a module reaches a real broker with the credentials in its flash") {
  const test::Broker broker;
  Options module = options_with("EXAMPLE-AP");
  module.generation = image::Generation::nvs;
  module.release = default_release(module.generation);
  module.broker = BrokerAddress{"127.0.0.1", broker.port()};
  const Running running({}, std::move(module));
  Line line(running.port());
  line.read_to("ready\r\n");
  const auto command = [&](const std::string& text, std::string_view end = "OK\r\n") {
    line.send(text + "\r\n");
    const std::string reply = line.read_to(end);
    INFO(text, " -> ", reply);
    REQUIRE(reply.ends_with(end));
    return reply;
  };
  const auto store = [&](const std::string& name, std::string_view pem) {
    command("AT+SYSMFG=2,\"" + name + "\",\"" + name + "\",8," + std::to_string(pem.size()), ">");
    line.send(pem);
    REQUIRE(line.read_to("OK\r\n") == "\r\nOK\r\n");
  };
  command("ATE0");
  store("mqtt_ca", broker.pki().authority.certificate);
  store("mqtt_cert", broker.pki().device.certificate);
  store("mqtt_key", broker.pki().device.key.reveal_text());
  command("AT+CWMODE=1");
  command("AT+CWJAP=\"EXAMPLE-AP\",\"\"");
  command("AT+MQTTUSERCFG=0,5,\"esp32\",\"\",\"\",0,0,\"\"");
  const std::string connect = std::string("AT+MQTTCONN=0,\"") + test::kEndpoint + "\",8883,0";
  command(connect, "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");  // the clock stands in 1970
  command("AT+CIPSNTPCFG=1,0,\"pool.ntp.org\"");
  line.read_to("+TIME_UPDATED\r\n");
  CHECK(command(connect).starts_with("+MQTTCONNECTED:0,5,"));
  command("AT+MQTTSUB=0,\"topic/esp32at\",1");
  line.send("AT+MQTTPUB=0,\"topic/esp32at\",\"hello aws!\",1,0\r\n");
  std::string reply = line.read_to("hello aws!\r\n");
  if (reply.find("OK") == std::string::npos) reply += line.read_to("OK\r\n");
  CHECK(reply.find("+MQTTSUBRECV:0,\"topic/esp32at\",10,hello aws!\r\n") != std::string::npos);
  command("AT+MQTTCLEAN=0");
}

TEST_CASE("a connection of the module's own reaches a TLS server, and a name that leads nowhere does not resolve") {
  test::Broker broker;
  Options options = options_with("EXAMPLE-AP");
  options.resolved.push_back({"broker.example", {"127.0.0.1", broker.port()}});
  options.unresolved.push_back("gone.example");
  const Running module({}, std::move(options));
  Line line(module.port());
  CHECK(line.read_to("ready\r\n") == "\r\nready\r\n");
  line.send("ATE0\r\n");
  line.read_to("OK\r\n");
  line.send("AT+CWMODE=1\r\n");
  line.read_to("OK\r\n");
  line.send("AT+CWJAP=\"EXAMPLE-AP\",\"\"\r\n");
  line.read_to("OK\r\n");
  line.send("AT+CIPSTART=\"TCP\",\"gone.example\",8883\r\n");
  CHECK(line.read_to("ERROR\r\n") == "\r\nERROR\r\n");
  line.send("AT+CIPSTART=\"TCP\",\"broker.example\",8883\r\n");
  CHECK(line.read_to("OK\r\n") == "CONNECT\r\n\r\nOK\r\n");
  line.send("AT+CIPCLOSE\r\n");
  CHECK(line.read_to("OK\r\n") == "CLOSED\r\n\r\nOK\r\n");
  // The broker demands a certificate, and this connection has none.
  line.send("AT+CIPSTART=\"SSL\",\"broker.example\",8883\r\n");
  CHECK(line.read_to("ERROR\r\n") == "\r\nERROR\r\n");
}

}  // namespace atcert::emulator
