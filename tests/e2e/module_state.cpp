// SPDX-License-Identifier: Apache-2.0
#include "e2e/module_state.hpp"

#include <poll.h>

#include <filesystem>
#include <optional>
#include <utility>

#include "base/embedded.hpp"
#include "emulator/flash_map.hpp"
#include "image/nvs_image.hpp"
#include "image/pki.hpp"
#include "support/plain_line.hpp"
#include "support/require.hpp"

namespace atcert::test {
namespace {

constexpr Milliseconds kPatience{1000};
constexpr int kAttempts = 3;

// What a fresh module answers, and what is said if it answers something else.
struct Question {
  std::string_view command;
  std::string_view head;  // of the line that answers
  std::string_view fresh;
  std::string_view name;
};
constexpr Question kQuestions[] = {{"AT+UART_DEF?", "+UART_DEF:", "115200", "stored-rate"},
                                   {"AT+SYSSTORE?", "+SYSSTORE:", "1", "store"},
                                   {"AT+CWMODE?", "+CWMODE:", "0", "mode"},
                                   {"AT+SYSLOG?", "+SYSLOG:", "0", "log"},
                                   {"AT+MQTTCONN?", "+MQTTCONN:0,", "0", "mqtt"}};

// Up to the result, or what has come when the time is up: some modules never stop talking.
std::string ask(const PlainLine& line, std::string_view command) {
  line.send(std::string(command) + "\r\n");
  const SystemClock clock;
  const SteadyTime deadline = clock.now() + kPatience;
  std::string reply;
  while (reply.find("OK\r") == std::string::npos && reply.find("ERROR\r") == std::string::npos) {
    const auto left = std::chrono::ceil<Milliseconds>(deadline - clock.now());
    if (left <= Milliseconds(0)) break;
    reply += line.read_to("\n", left);
  }
  return reply;
}

std::optional<std::string> answer_to(const PlainLine& line, const Question& question) {
  for (int i = 0; i < kAttempts; ++i) {
    const std::string reply = ask(line, question.command);
    const std::size_t head = reply.find(question.head);
    if (head == std::string::npos) continue;
    const std::size_t start = head + question.head.size();
    const std::string answer = reply.substr(start, reply.find_first_of(",\r", start) - start);
    if (!answer.empty()) return answer;
  }
  return std::nullopt;
}

// The first rate at which the module answers.
std::optional<int> rate_of(const PlainLine& line) {
  for (const int rate : {115200, 921600, 460800, 230400, 9600}) {
    line.set_baud_rate(rate);
    for (int i = 0; i < 2; ++i) {
      if (ask(line, "AT").find("OK\r") != std::string::npos) return rate;
    }
  }
  return std::nullopt;
}

// A port that was pulled out comes back after a second, or not at all.
void wait_for(const std::filesystem::path& port) {
  const SystemClock clock;
  const SteadyTime deadline = clock.now() + std::chrono::seconds(2);
  while (!std::filesystem::exists(port) && clock.now() < deadline) poll(nullptr, 0, 10);
}

void add(std::string& text, const std::string& more) {
  text += (text.empty() ? "" : " ") + more;
}

std::optional<std::string> item_of(const std::string& flash, const emulator::FlashMap& map, const std::string& slot) {
  const ByteView bytes = as_bytes(flash);
  if (const image::Partition* nvs = map.user(emulator::kMfgNvsName); nvs != nullptr) {
    const image::NvsImage stored = image::read_nvs(bytes.subspan(nvs->offset, nvs->size));
    const image::NvsItem* item = stored.find(slot, slot);
    if (item == nullptr) return std::nullopt;
    return std::string(item->value().reveal_text());
  }
  const image::Partition* raw = map.user(slot);
  REQUIRE(raw != nullptr);
  const image::PkiBin bin = image::read_pki_bin(bytes.subspan(raw->offset, raw->size));
  if (!bin.items.empty()) return std::string(as_text(bin.items[0].content));
  if (flash[raw->offset] == '\xFF') return std::nullopt;
  return "no item";
}

}  // namespace

std::string module_state(const Rig& rig) {
  wait_for(rig.port());
  const PlainLine line(rig.port());
  if (!line.open()) return "gone";
  const auto rate = rate_of(line);
  if (!rate) return "silent";
  std::string state;
  if (*rate != 115200) add(state, "rate=" + std::to_string(*rate));
  if (ask(line, "AT").find("AT") == std::string::npos) add(state, "echo=0");
  bool answers = false;
  for (const Question& question : kQuestions) {
    const auto answer = answer_to(line, question);
    answers = answers || answer;
    if (answer != question.fresh) add(state, std::string(question.name) + "=" + answer.value_or("?"));
  }
  line.set_baud_rate(115200);
  if (!answers) return "silent";
  return state.empty() ? "clean" : state;
}

std::string stored_state(const Rig& rig) {
  const auto catalogue = require(image::LayoutCatalogue::load(embedded_partitions()));
  const bool nvs = rig.generation() == "nvs";
  const auto map = require(emulator::flash_map(catalogue, require(catalogue.find_module("ESP32-WROOM-32")),
                                               nvs ? image::Release{{4, 1, 1, 0}} : image::Release{{2, 4, 0, 0}},
                                               nvs ? image::Generation::nvs : image::Generation::pki));
  const Pki& pki = rig.broker().pki();
  const std::string key(pki.device.key.reveal_text());
  const std::pair<const char*, const std::string*> slots[] = {
      {"ca", &pki.authority.certificate}, {"cert", &pki.device.certificate}, {"key", &key}};
  const std::string flash = rig.flash();
  std::string each;
  int fresh = 0;
  int missing = 0;
  for (const auto& [slot, wanted] : slots) {
    const auto item = item_of(flash, map, std::string("mqtt_") + slot);
    const bool is_new = item == *wanted;
    fresh += is_new ? 1 : 0;
    missing += item ? 0 : 1;
    add(each, std::string(slot) + (is_new ? "=new" : item ? "=other" : "=none"));
  }
  std::string state = fresh == 3 ? "new" : missing == 3 ? "none" : each;
  if (flash.find(kNetworkPassword) != std::string::npos) add(state, "wifi");
  return state;
}

}  // namespace atcert::test
