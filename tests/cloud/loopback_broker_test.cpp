// SPDX-License-Identifier: Apache-2.0
#include "cloud/loopback_broker.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "support/broker.hpp"
#include "support/observer.hpp"
#include "support/require.hpp"

namespace atcert::cloud {
namespace {

namespace fs = std::filesystem;
using test::require;

bool listens(std::uint16_t port) {
  const Descriptor client(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

// Makes TMPDIR a folder of the test's own for as long as it lives.
class OwnTemporaryFolder {
 public:
  OwnTemporaryFolder() : folder_(require(ScratchFolder::create("test"))) {
    setenv("TMPDIR", folder_.path().c_str(), 1);
  }
  ~OwnTemporaryFolder() { unsetenv("TMPDIR"); }
  OwnTemporaryFolder(const OwnTemporaryFolder&) = delete;
  OwnTemporaryFolder& operator=(const OwnTemporaryFolder&) = delete;

  const fs::path& path() const { return folder_.path(); }

 private:
  ScratchFolder folder_;
};

LoopbackBrokerOptions options_for(const test::Pki& pki) {
  return {.client_authority = pki.authority.certificate,
          .certificate = pki.server.certificate,
          .key = pki.server.key.clone()};
}

}  // namespace

TEST_CASE("the broker listens when it is started, and its port is free when it is stopped") {
  const test::Pki pki = test::Pki::make();
  auto broker = require(LoopbackBroker::start(options_for(pki)));
  CHECK(broker.plain_port() == 0);
  CHECK(listens(broker.port()));
  broker.stop();
  CHECK_FALSE(listens(broker.port()));
}

TEST_CASE("a plain listener has a port of its own") {
  auto options = options_for(test::Pki::make());
  options.plain_listener = true;
  const auto broker = require(LoopbackBroker::start(options));
  CHECK(broker.plain_port() != broker.port());
  CHECK(listens(broker.plain_port()));
}

TEST_CASE("the broker's key is readable by its owner alone and goes with the broker") {
  const OwnTemporaryFolder temporary;
  const test::Pki pki = test::Pki::make();
  {
    const auto broker = require(LoopbackBroker::start(options_for(pki)));
    REQUIRE(fs::directory_iterator(temporary.path()) != fs::directory_iterator());
    const fs::path folder = fs::directory_iterator(temporary.path())->path();
    struct stat facts {};
    REQUIRE(stat(folder.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0700);
    REQUIRE(stat((folder / "server.key").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
  }
  CHECK(fs::is_empty(temporary.path()));
}

TEST_CASE("brokers that run at the same time have different ports") {
  const test::Pki pki = test::Pki::make();
  std::set<std::uint16_t> ports;
  std::vector<LoopbackBroker> brokers;
  for (int i = 0; i < 4; ++i) {
    brokers.push_back(require(LoopbackBroker::start(options_for(pki))));
    ports.insert(brokers.back().port());
  }
  CHECK(ports.size() == brokers.size());
}

TEST_CASE("a broker that nobody reads the log of survives many refused clients") {
  const test::Broker broker;
  for (int i = 0; i < 1000; ++i) REQUIRE(listens(broker.port()));  // each leaves without a handshake
  test::Observer observer(broker);
  observer.publish({"still", "here"});
}

TEST_CASE("a broker that cannot start says why in its own words") {
  auto options = options_for(test::Pki::make());
  options.certificate = "no certificate";
  const auto broker = LoopbackBroker::start(options);
  REQUIRE_FALSE(broker.ok());
  CHECK(broker.error().code == "broker_not_started");
  CHECK(broker.error().what.find("certificate") != std::string::npos);
}

}  // namespace atcert::cloud
