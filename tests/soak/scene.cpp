// SPDX-License-Identifier: Apache-2.0
#include "soak/scene.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/core.h>

#include "base/clock.hpp"
#include "credentials/throwaway.hpp"
#include "support/image_data.hpp"

namespace atcert::soak {
namespace {

namespace fs = std::filesystem;

// The middle of it is looked for; what stands around it must be escaped in AT commands, JSON and XML.
constexpr const char* kPasswordCore = "Zq7vK2mW9xT4";

std::string password() {
  return fmt::format("a\"b,\\<{}>&'", kPasswordCore);
}

template <typename T>
T need(Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.error().what);
  return std::move(*result);
}

credentials::ThrowawayOptions options_for(const std::string& name) {
  const auto now = std::chrono::floor<std::chrono::seconds>(SystemClock().wall());
  return {.common_name = name,
          .organization = "soak",
          .not_before = now - std::chrono::days(1),
          .not_after = now + std::chrono::days(90)};
}

}  // namespace

std::string whole_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void put_file(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

Stock::Stock(std::string tool) : tool_(std::move(tool)) {
  const auto authority = need(credentials::make_authority(options_for("Soak CA")));
  const auto server = need(credentials::make_server(authority, options_for(kEndpoint), {kEndpoint}));
  authority_ = authority.certificate;
  std::vector<std::string> keys;
  std::vector<std::string> certificates = {authority.certificate, server.certificate};
  for (std::size_t i = 0; i <= std::size(kUnits); ++i) {
    auto options = options_for(fmt::format("device {}", i));
    options.key = i == 0 ? credentials::ThrowawayKey::rsa_2048 : credentials::ThrowawayKey::p256;
    const auto device = need(credentials::make_device(authority, options));
    devices_.push_back({device.certificate, std::string(device.key.reveal_text())});
    keys.push_back(devices_.back().key);
    certificates.push_back(device.certificate);
  }
  secrets_ = std::make_unique<SecretWatch>(keys, certificates, kPasswordCore);
  broker_ = std::make_unique<cloud::LoopbackBroker>(need(cloud::LoopbackBroker::start(
      {.client_authority = authority.certificate, .certificate = server.certificate, .key = server.key.clone()})));
}

void Stock::furnish(const fs::path& folder) const {
  const auto put_device = [&](const fs::path& where, const Device& device) {
    put_file(where / "device.pem.crt", device.certificate);
    put_file(where / "private.pem.key", device.key);
    put_file(where / "ca.pem", authority_);
  };
  put_device(folder / "creds", devices_[0]);
  std::string list = "serial,creds\n";
  for (std::size_t i = 0; i < std::size(kUnits); ++i) {
    put_device(folder / "units" / kUnits[i], devices_[i + 1]);
    list += fmt::format("{},units/{}\n", kUnits[i], kUnits[i]);
  }
  put_file(folder / "units.csv", list);
  put_file(folder / "wifi.txt", password() + "\n");
  const Bytes factory = test::image_data("factory/nvs.bin.gz");
  put_file(folder / "factory.bin", std::string(as_text(factory)));
  fs::create_directories(folder / "tmp");
}

Scene::Scene(const Stock& stock) : stock_(stock), folder_(need(ScratchFolder::create("soak"))) {
  stock_.furnish(folder());
  inputs_ = listing();
}

std::string Scene::broker() const {
  return fmt::format("127.0.0.1:{}", stock_.broker_port());
}

std::vector<std::string> Scene::environment() const {
  std::vector<std::string> all = {"HOME=" + at("home"), "TMPDIR=" + at("tmp"), "LC_ALL=C.UTF-8"};
  for (const char* name : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) all.push_back(std::string(name) + "=" + value);
  }
  return all;
}

void Scene::start_module(const LineKind* kind, Chance chance) {
  const bool has_module = kind == nullptr || kind->has_module;
  if (has_module) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const Descriptor reader(ends[0]);
    Descriptor writer(ends[1]);
    module_ = std::make_unique<ChildProcess>(
        need(ChildProcess::start({.program = stock_.tool(),
                                  .arguments = {"emulate", "--link", at(kind == nullptr ? "port" : "module"),
                                                "--generation", chance.one_in(2) ? "pki" : "nvs", "--broker", broker(),
                                                "--wifi-ssid", kNetwork, "--wifi-password-file", at("wifi.txt")},
                                  .environment = environment(),
                                  .output = writer.get()})));
    writer.close_now();
    // It prints the path of its port when it is there.
    pollfd end{reader.get(), POLLIN, 0};
    constexpr int kPatienceMs = 60000;
    char first = 0;
    if (poll(&end, 1, kPatienceMs) != 1 || read(reader.get(), &first, 1) != 1) {
      throw std::runtime_error("the emulated module does not start");
    }
  }
  if (kind != nullptr) line_ = std::make_unique<Line>(*kind, chance, at("port"), at("module"));
}

void Scene::stop_module() {
  line_.reset();
  module_.reset();
}

std::set<std::string> Scene::listing() const {
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder())) {
    names.insert(entry.path().lexically_relative(folder()));
  }
  return names;
}

}  // namespace atcert::soak
