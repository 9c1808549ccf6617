// SPDX-License-Identifier: Apache-2.0
// Bytes into the AT port of an emulated module, in the chunks that 0xFF bytes cut, with time passing between them.
#include <memory>

#include "emulator/module.hpp"

namespace {

using namespace atcert;
using namespace atcert::emulator;

class FuzzClock final : public Clock {
 public:
  SteadyTime now() const override { return SteadyTime(std::chrono::hours(1)) + passed; }
  WallTime wall() const override { return WallTime(std::chrono::hours(24 * 365 * 50)) + passed; }
  Milliseconds passed{0};
};

// Connects at once, acknowledges all and sends back what was published.
class EchoConnection final : public MqttConnection {
 public:
  EchoConnection() { events_.push_back(MqttConnected{}); }
  int descriptor() const override { return -1; }
  short poll_events() const override { return 0; }
  std::optional<SteadyTime> deadline() const override { return std::nullopt; }
  void on_ready(SteadyTime) override {}
  std::vector<MqttEvent> take_events() override { return std::exchange(events_, {}); }
  std::uint16_t subscribe(const std::string&, std::uint8_t qos) override { return add(MqttSubscribed{++id_, qos}); }
  std::uint16_t unsubscribe(const std::string&) override { return add(MqttUnsubscribed{++id_}); }
  std::uint16_t publish(const std::string& topic, ByteView payload, std::uint8_t qos, bool) override {
    add(MqttReceived{topic, to_bytes(payload), qos, false});
    return add(MqttPublished{++id_});
  }
  void disconnect() override { add(MqttClosed{}); }

 private:
  std::uint16_t add(MqttEvent event) {
    events_.push_back(std::move(event));
    return id_;
  }

  std::vector<MqttEvent> events_;
  std::uint16_t id_ = 0;
};

// Opens at once and sends back what it gets.
class EchoSocket final : public SocketConnection {
 public:
  EchoSocket() { events_.emplace_back(SocketOpened{1}); }
  int descriptor() const override { return -1; }
  short poll_events() const override { return 0; }
  std::optional<SteadyTime> deadline() const override { return std::nullopt; }
  void on_ready(SteadyTime) override {}
  std::vector<SocketEvent> take_events() override { return std::exchange(events_, {}); }
  void send(ByteView data) override { events_.emplace_back(SocketReceived{to_bytes(data)}); }

 private:
  std::vector<SocketEvent> events_;
};

Options options_of(std::uint8_t choice) {
  Options options;
  options.generation = choice % 2 == 0 ? image::Generation::pki : image::Generation::nvs;
  options.release = default_release(options.generation);
  options.access_points.push_back({"a", Secret()});
  options.broker = BrokerAddress{"127.0.0.1", 1};
  if (choice & 2) options.faults.add(Fault::busy);
  if (choice & 4) options.faults.add(Fault::split_subrecv);
  return options;
}

// A start that lets the fuzzer reach the commands behind a connection.
constexpr std::string_view kOpening[] = {"AT+CWMODE=1\r\n", "AT+CWJAP=\"a\",\"\"\r\n",
                                         "AT+MQTTUSERCFG=0,1,\"a\",\"\",\"\",0,0,\"\"\r\n",
                                         "AT+MQTTCONN=0,\"h\",1,1\r\n"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 4096) return 0;
  FuzzClock clock;
  FlashMemory flash(0x40000);  // up to the end of what commands reach
  auto made = Module::create(
      options_of(data[0]), flash, clock,
      [](MqttConnectRequest, SteadyTime) { return std::make_unique<EchoConnection>(); },
      [](SocketRequest, SteadyTime) { return std::make_unique<EchoSocket>(); });
  Module& module = **made;
  const auto feed = [&](ByteView chunk) {
    clock.passed += std::chrono::seconds(1);
    module.advance();
    module.receive(chunk);
    module.take_output();
  };
  feed({});
  if (data[0] & 8) {
    for (const std::string_view line : kOpening) feed(as_bytes(line));
  }
  ByteView rest(data + 1, size - 1);
  while (!rest.empty()) {
    const auto cut = std::find(rest.begin(), rest.end(), 0xFF);
    const auto length = static_cast<std::size_t>(cut - rest.begin());
    feed(rest.first(length));
    rest = rest.subspan(std::min(length + 1, rest.size()));
  }
  return 0;
}
