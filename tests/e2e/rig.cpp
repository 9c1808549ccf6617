// SPDX-License-Identifier: Apache-2.0
#include "e2e/rig.hpp"

#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "support/leaks.hpp"
#include "support/require.hpp"

namespace atcert::test {
namespace {

namespace fs = std::filesystem;

// As AWS's console names its downloads.
const std::string kId = "0c1f6a0f5f3d7f4f4b3f0a9a6f2f2f9b4d1e8c7a6b5f4e3d2c1b0a9f8e7d6c5b";

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_text(const fs::path& path, ByteView bytes) {
  REQUIRE(write_file(path, bytes, Privacy::secret).ok());
}

Arguments joined(Arguments first, const Arguments& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

Broker& Rig::shared_broker() {
  static Broker broker;
  return broker;
}

Rig::Rig(RigOptions options) : folder_(require(ScratchFolder::create("e2e"))), options_(std::move(options)) {
  if (options_.broker == nullptr) options_.broker = &shared_broker();
  fs::create_directory(credentials());
  use_certificate(broker().pki().device.certificate);
  use_key(broker().pki().device.key);
  use_ca(broker().pki().authority.certificate);
  write_text(folder() / "ap-password", as_bytes(kNetworkPassword));
  Arguments arguments = {"emulate",
                         "--generation",
                         options_.generation,
                         "--link",
                         port(),
                         "--flash",
                         folder() / "flash.bin",
                         "--broker",
                         broker().address(),
                         "--wifi-ssid",
                         kNetwork,
                         "--wifi-password-file",
                         folder() / "ap-password"};
  for (const auto& fault : options_.faults) arguments = joined(arguments, {"--fault", fault});
  arguments = joined(arguments, options_.module);
  module_ = std::make_unique<Process>(ProcessOptions{.arguments = arguments});
  INFO(module_->err());
  REQUIRE(module_->wait_for("/dev/pts/"));
}

void Rig::use_certificate(const std::string& pem) const {
  write_text(credentials() / (kId + "-certificate.pem.crt"), as_bytes(pem));
}

void Rig::use_key(const Secret& pem) const {
  write_text(credentials() / (kId + "-private.pem.key"), pem.reveal());
}

void Rig::use_ca(const std::string& pem) const {
  write_text(credentials() / "AmazonRootCA1.pem", as_bytes(pem));
}

Arguments Rig::connection() const {
  return {"-p", reached_by(), "--log", log(), "--endpoint", options_.endpoint, "--wifi-ssid", options_.network};
}

ProcessOptions Rig::provision_options(const Arguments& more) const {
  return {.arguments = joined(joined({"provision", "--creds", credentials()}, connection()), more),
          .environment = {{"ATCERT_WIFI_PASSWORD", options_.password}}};
}

Outcome Rig::push(const Arguments& more) const {
  return run({.arguments = joined({"push", "--creds", credentials(), "-p", reached_by(), "--log", log()}, more)});
}

Outcome Rig::verify(const Arguments& more) const {
  return run({.arguments = joined(joined({"verify"}, connection()), more),
              .environment = {{"ATCERT_WIFI_PASSWORD", options_.password}}});
}

std::string Rig::flash() const {
  return text_of(folder() / "flash.bin");
}

std::string Rig::dialogue() const {
  return text_of(log());
}

double share_of_lines(const std::string& pem, const std::string& text) {
  std::istringstream lines(pem);
  int all = 0;
  int found = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with("-----")) continue;
    ++all;
    if (text.find(line) != std::string::npos) ++found;
  }
  REQUIRE(all > 0);
  return static_cast<double>(found) / all;
}

nlohmann::json document_of(const Outcome& outcome) {
  INFO(outcome.err);
  const auto document = nlohmann::json::parse(outcome.out, nullptr, false);
  REQUIRE_FALSE(document.is_discarded());
  CHECK(document["exit"]["code"] == outcome.exit_code);
  return document;
}

std::vector<std::string> slot_states(const Outcome& outcome) {
  const auto document = document_of(outcome);
  std::vector<std::string> states;
  for (const auto& slot : document["slots"]) states.push_back(slot["state"]);
  return states;
}

void check_no_secrets(const Rig& rig, const Outcome& outcome) {
  const std::string said = outcome.all() + rig.dialogue();
  CHECK_FALSE(gives_away_key(said, std::string(rig.broker().pki().device.key.reveal_text())));
  CHECK(said.find(kNetworkPassword) == std::string::npos);
  CHECK(said.find("s3cret") == std::string::npos);
}

}  // namespace atcert::test
