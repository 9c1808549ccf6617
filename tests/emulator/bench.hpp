// SPDX-License-Identifier: Apache-2.0
// An emulated module on a clock of its own, with a fake MQTT connection: tests send text, let time pass and compare the
// bytes that come back.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "emulator/module.hpp"

namespace atcert::emulator {

class TestClock final : public Clock {
 public:
  SteadyTime now() const override { return SteadyTime(std::chrono::hours(1)) + passed_; }
  WallTime wall() const override { return WallTime(std::chrono::seconds(1642623190)) + passed_; }
  void advance(Milliseconds time) { passed_ += time; }

 private:
  Milliseconds passed_{0};
};

// What the module asked of its MQTT connection, and what the test lets happen on it.
struct FakeBroker {
  std::vector<MqttConnectRequest> requests;
  std::vector<std::string> calls;  // "subscribe topic 1", "publish topic 1 0 payload", "disconnect"
  std::vector<MqttEvent> events;   // to be delivered next
  std::uint16_t last_id = 0;
  bool open = false;
};

class FakeConnection final : public MqttConnection {
 public:
  explicit FakeConnection(FakeBroker& broker) : broker_(broker) { broker_.open = true; }
  ~FakeConnection() override { broker_.open = false; }

  int descriptor() const override { return -1; }
  short poll_events() const override { return 0; }
  std::optional<SteadyTime> deadline() const override { return std::nullopt; }
  void on_ready(SteadyTime) override {}
  std::vector<MqttEvent> take_events() override { return std::exchange(broker_.events, {}); }
  std::uint16_t subscribe(const std::string& topic, std::uint8_t qos) override {
    return note("subscribe " + topic + " " + std::to_string(qos));
  }
  std::uint16_t unsubscribe(const std::string& topic) override { return note("unsubscribe " + topic); }
  std::uint16_t publish(const std::string& topic, ByteView payload, std::uint8_t qos, bool retain) override {
    return note("publish " + topic + " " + std::to_string(qos) + " " + std::to_string(retain) + " " +
                std::string(as_text(payload)));
  }
  void disconnect() override {
    note("disconnect");
    broker_.events.push_back(MqttClosed{});
  }

 private:
  std::uint16_t note(std::string call) {
    broker_.calls.push_back(std::move(call));
    return ++broker_.last_id;
  }

  FakeBroker& broker_;
};

class Bench {
 public:
  // A module that has started and whose echo is off.
  explicit Bench(Options options = {}, SocketFactory sockets = {}) : flash_(kFlashSize) {
    if (options.access_points.empty()) {
      options.access_points.push_back({"EXAMPLE-AP", Secret(std::string_view("EXAMPLE-PASSWORD"))});
    }
    auto made = Module::create(
        std::move(options), flash_, clock_,
        [this](MqttConnectRequest request, SteadyTime) {
          broker_.requests.push_back(std::move(request));
          return std::make_unique<FakeConnection>(broker_);
        },
        std::move(sockets));
    REQUIRE(made.ok());
    module_ = std::move(*made);
    boot_text_ = pass(Milliseconds(200));
    send("ATE0\r\n");
  }

  static Options of(image::Generation generation, std::string module = "ESP32-WROOM-32") {
    Options options;
    options.generation = generation;
    options.release = default_release(generation);
    options.module = std::move(module);
    return options;
  }
  static Options of_release(std::uint16_t major, std::uint16_t minor) {
    Options options;
    options.release = {{major, minor, 0, 0}};
    options.generation = image::generation_of(options.release);
    return options;
  }

  // Sends bytes as one chunk; returns what comes back at once.
  std::string send(std::string_view bytes) {
    module_->receive(as_bytes(bytes));
    return take();
  }
  // Sends a command and lets time pass until its result is there or nothing more is due.
  std::string run(std::string_view command) {
    std::string reply = send(std::string(command) + "\r\n");
    while (!ended(reply) && module_->deadline()) {
      const auto wait = std::chrono::ceil<Milliseconds>(*module_->deadline() - clock_.now());
      reply += pass(std::max(wait, Milliseconds(0)));
    }
    return reply;
  }
  std::string pass(Milliseconds time) {
    const SteadyTime end = clock_.now() + time;
    for (;;) {
      module_->advance();
      const auto due = module_->deadline();
      if (!due || *due > end) break;
      clock_.advance(std::chrono::ceil<Milliseconds>(std::max(*due, clock_.now()) - clock_.now()));
    }
    clock_.advance(std::chrono::ceil<Milliseconds>(end - clock_.now()));
    return take();
  }
  // Lets something happen on the MQTT connection.
  std::string happens(MqttEvent event) {
    broker_.events.push_back(std::move(event));
    module_->advance();
    return take();
  }

  const std::string& boot_text() const { return boot_text_; }
  FakeBroker& broker() { return broker_; }
  FlashMemory& flash() { return flash_; }
  Module& module() { return *module_; }
  TestClock& clock() { return clock_; }

 private:
  static bool ended(const std::string& reply) { return reply.ends_with("OK\r\n") || reply.ends_with("ERROR\r\n"); }
  std::string take() { return std::string(as_text(module_->take_output())); }

  TestClock clock_;
  FlashMemory flash_;
  FakeBroker broker_;
  std::unique_ptr<Module> module_;
  std::string boot_text_;
};

inline const std::string kOk = "\r\nOK\r\n";
inline const std::string kError = "\r\nERROR\r\n";

}  // namespace atcert::emulator
