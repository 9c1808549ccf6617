// SPDX-License-Identifier: Apache-2.0
#include "docs/workshop.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/json.hpp"
#include "support/image_data.hpp"
#include "support/require.hpp"
#include "support/units.hpp"

namespace atcert::test {
namespace {

namespace fs = std::filesystem;

// What the documents call the endpoint. For an emulated module it leads to our broker, whose certificate names it.
constexpr const char* kEndpointShown = "a1b2c3-ats.iot.eu-west-1.amazonaws.com";

Pki make_pki() {
  Pki pki = Pki::make();
  pki.server = require(credentials::make_server(pki.authority, throwaway_options(kEndpointShown), {kEndpointShown}));
  return pki;
}

cloud::LoopbackBroker start_broker(const Pki& pki) {
  return require(cloud::LoopbackBroker::start({.client_authority = pki.authority.certificate,
                                               .certificate = pki.server.certificate,
                                               .key = pki.server.key.clone()}));
}

std::uint16_t free_port() {
  const Descriptor probe(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(bind(probe.get(), raw, size) == 0);
  REQUIRE(getsockname(probe.get(), raw, &size) == 0);
  return ntohs(address.sin_port);
}

// As an ordinary user of Debian has it, with none of the user's own settings.
std::map<std::string, std::string> environment_in(const fs::path& folder) {
  std::map<std::string, std::string> all = {{"HOME", folder / "home"},
                                            {"PATH", (folder / "bin").string() + ":/usr/local/bin:/usr/bin:/bin"},
                                            {"PS1", "$ "},
                                            {"TERM", "dumb"}};
  for (const char* name : {"TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) all[name] = value;
  }
  return all;
}

}  // namespace

Workshop::Workshop()
    : folder_(require(ScratchFolder::create("docs"))),
      pki_(make_pki()),
      broker_(start_broker(pki_)),
      trial_port_(free_port()),
      environment_(environment_in(folder())) {
  put_programs();
  put_credentials();
  put_images();
  write("wifi.txt", "correct horse\n");
  write("scripts/mine.json", std::string(as_text(content_of(ATCERT_SOURCE_DIR "/templates/mqtt-mutual-tls.json"))));
  fs::copy_file(folder() / "scripts/mine.json", folder() / "mine.json");
  start_module("ttyUSB0");
  start_module("module");
}

// All that is changed in a text before it is run.
std::string Workshop::adapted(std::string text) const {
  const std::pair<std::string, std::string> table[] = {
      {"/dev/ttyUSB0", folder() / "ttyUSB0"},   // the port of a module
      {"/etc/atcert/", folder() / ""},          // where a station may keep its files
      {"28883", std::to_string(trial_port())},  // a port that is free here
      {" --online", " --online --broker 127.0.0.1:" + std::to_string(broker_.port())},
      {" --observe ", " --observe --observer-broker 127.0.0.1:" + std::to_string(broker_.port()) + " "},
      // `...` are the options of a connection.
      {" ...",
       " --port ttyUSB0 --endpoint " + std::string(kEndpointShown) + " --wifi-ssid line --wifi-password-file wifi.txt"},
  };
  for (const auto& [from, to] : table) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
      text.replace(at, from.size(), to);
    }
  }
  return text;
}

const Outcome& Workshop::sh(const std::string& commands, const std::string& below) {
  write("commands", "set -e\nexec 2>&1\ncd '" + (folder() / below).string() + "'\n" + adapted(commands));
  last_ = Process({.arguments = {folder() / "commands"}, .environment = environment_, .program = "/bin/sh"})
              .finish(std::chrono::seconds(60));
  return last_;
}

void Workshop::write(const std::string& name, const std::string& text) const {
  write_text(folder() / name, text);
}

// `aws` stands in for the AWS CLI: it prints a certificate and a key in the form of create-keys-and-certificate.
void Workshop::put_programs() const {
  fs::create_directories(folder() / "home");
  fs::create_directories(folder() / "bin");
  fs::create_symlink(ATCERT_BINARY, folder() / "bin/atcert");
  const auto device = require(credentials::make_device(pki_.authority, throwaway_options("AWS IoT Certificate")));
  const nlohmann::json document = {{"certificateArn", "arn:aws:iot:eu-west-1:123456789012:cert/0c1f6a0f"},
                                   {"certificateId", "0c1f6a0f"},
                                   {"certificatePem", device.certificate},
                                   {"keyPair", {{"PublicKey", "not read"}, {"PrivateKey", device.key.reveal_text()}}}};
  write("bin/aws", "#!/bin/sh\ncat <<'END'\n" + document.dump(2) + "\nEND\n");
  fs::permissions(folder() / "bin/aws", fs::perms::owner_all);
}

void Workshop::put_credentials() const {
  const auto put = [&](const std::string& certificate, const std::string& key, const credentials::Throwaway& device) {
    write(certificate, device.certificate);
    write(key, std::string(device.key.reveal_text()));
  };
  put("device-42/0c1f6a0f-certificate.pem.crt", "device-42/0c1f6a0f-private.pem.key", pki_.device);
  put("device.pem.crt", "private.pem.key", pki_.device);
  fs::copy_file(ATCERT_SOURCE_DIR "/tests/credentials/data/forms/kit.zip", folder() / "connect_device_package.zip");
  write(
      "secrets.h",
      fmt::format("const char ca[] = R\"(\n{})\";\nconst char cert[] = R\"(\n{})\";\nconst char key[] = R\"(\n{})\";\n",
                  pki_.authority.certificate, pki_.device.certificate, pki_.device.key.reveal_text()));
  for (const std::string name : {"a", "b"}) {
    put(name + ".crt", name + ".key", require(credentials::make_device(pki_.authority, throwaway_options(name))));
  }
  for (const char* serial : {"unit-1", "unit-2"}) {
    const std::string unit = fmt::format("units/{}/", serial);
    put(unit + "device.pem.crt", unit + "private.pem.key",
        require(credentials::make_device(pki_.authority, throwaway_options(serial))));
    write(unit + "ca.pem", pki_.authority.certificate);
  }
  put("observer/device.pem.crt", "observer/private.pem.key",
      require(credentials::make_device(pki_.authority, throwaway_options("observer"))));
  write("observer/AmazonRootCA1.pem", pki_.authority.certificate);
  write("units.csv", "serial,creds\nunit-1,units/unit-1\nunit-2,units/unit-2\n");
  for (const char* name : {"device-42/AmazonRootCA1.pem", "AmazonRootCA1.pem", "other.crt", "fleet-ca.pem"}) {
    write(name, pki_.authority.certificate);
  }
}

void Workshop::put_images() const {
  write("factory.bin", std::string(as_text(image_data("factory/nvs.bin.gz"))));
  write("mfg_nvs.csv", "key,type,encoding,value\nfactory_param,namespace,,\nmodule_name,data,string,MINI-1\n");
}

void Workshop::start_module(const std::string& name) {
  modules_.push_back(std::make_unique<Process>(ProcessOptions{
      .arguments = {"emulate", "--link", folder() / name, "--broker", fmt::format("127.0.0.1:{}", broker_.port()),
                    "--wifi-ssid", "line", "--wifi-password-file", folder() / "wifi.txt"}}));
  REQUIRE(modules_.back()->wait_for("/dev/pts/"));
}

}  // namespace atcert::test
