// SPDX-License-Identifier: Apache-2.0
// atcert check --online, as its users run it, held against what `openssl s_client` sees of the same servers.
#include <csignal>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "e2e/rig.hpp"
#include "support/leaks.hpp"
#include "support/openssl_server.hpp"
#include "support/places.hpp"
#include "support/require.hpp"
#include "support/silent_port.hpp"
#include "support/units.hpp"

namespace atcert::test {
namespace {

// Credentials in files, and a server that is asked for with them.
class Looker {
 public:
  explicit Looker(const Pki& pki) : folder_(require(ScratchFolder::create("online"))), pki_(pki) {
    write_text(path("device.pem.crt"), pki.device.certificate);
    write_text(path("private.pem.key"), pki.device.key.reveal_text());
    write_text(path("root.pem"), pki.authority.certificate);
  }

  std::string path(const std::string& name) const { return folder_.path() / name; }

  ProcessOptions options(std::uint16_t port, const Arguments& more = {}) const {
    Arguments all = {"check",   "--creds",  folder_.path(), "--endpoint",
                     kEndpoint, "--online", "--broker",     fmt::format("127.0.0.1:{}", port)};
    all.insert(all.end(), more.begin(), more.end());
    return {.arguments = all};
  }

  Outcome check(std::uint16_t port, const Arguments& more = {}) const {
    Outcome outcome = run(options(port, more));
    CHECK_FALSE(gives_away_key(outcome.all(), std::string(pki_.device.key.reveal_text())));
    return outcome;
  }

  nlohmann::json seen(std::uint16_t port, const Arguments& more = {}) const {
    Arguments all = {"--json"};
    all.insert(all.end(), more.begin(), more.end());
    return document_of(check(port, all));
  }

  // What `openssl s_client` says of the server.
  std::string openssl(std::uint16_t port, const Arguments& more = {}) const {
    Arguments all = {"s_client",
                     "-connect",
                     fmt::format("127.0.0.1:{}", port),
                     "-servername",
                     kEndpoint,
                     "-CAfile",
                     path("root.pem"),
                     "-cert",
                     path("device.pem.crt"),
                     "-key",
                     path("private.pem.key"),
                     "-verify_hostname",
                     kEndpoint};
    all.insert(all.end(), more.begin(), more.end());
    return run({.arguments = all, .program = *find_program("openssl")}).all();
  }

 private:
  ScratchFolder folder_;
  const Pki& pki_;
};

const Broker& broker() {
  return Rig::shared_broker();
}

const Looker& looker() {
  static const Looker looker(broker().pki());
  return looker;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The exit code, and the code of the error.
void check_fails(const nlohmann::json& document, int exit_code, const std::string& code) {
  CAPTURE(document.dump(1));
  CHECK(document["exit"]["code"] == exit_code);
  REQUIRE(document.contains("error"));
  CHECK(document["error"]["code"] == code);
  CHECK_FALSE(document["error"]["what"].get<std::string>().empty());
  CHECK_FALSE(document["error"]["cause"].get<std::string>().empty());
  CHECK_FALSE(document["error"]["remedy"].get<std::string>().empty());
}

}  // namespace

TEST_CASE("check --online sees of a broker what openssl s_client sees of it") {
  const auto document = looker().seen(broker().port(), {"--client-id", "online"});
  const auto& online = document["online"];
  CHECK(document["exit"]["code"] == 0);
  CHECK(online["mqtt"]["answer"] == "accepted");
  CHECK(online["mqtt"]["client_id"] == "online");
  const std::string openssl = looker().openssl(broker().port());
  INFO(openssl);
  const std::string version = online["tls"]["version"];
  const std::string cipher = online["tls"]["cipher"];
  CHECK(contains(openssl, version + ", Cipher is " + cipher));
  CHECK(contains(openssl, "Verify return code: 0 (ok)"));
  CHECK(online["tls"]["trusted"] == true);
  CHECK(online["tls"]["name_matches"] == true);
  CHECK(contains(openssl, "Requested Signature Algorithms"));
  CHECK(online["tls"]["client_certificate"] == "accepted");
  const std::string old = looker().openssl(broker().port(), {"-tls1_2"});
  CHECK(contains(old, "TLSv1.2, Cipher is " + online["variants"][1]["cipher"].get<std::string>()));
}

TEST_CASE("check --online tells people the same, and that the credentials are good") {
  const Outcome outcome = looker().check(broker().port());
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.out, "device cert  accepted\n"));
  CHECK(contains(outcome.out, "mqtt         accepted as \"atcert-"));
  CHECK(contains(outcome.out, std::string("ok: the credentials are good, and ") + kEndpoint + " takes them\n"));
}

TEST_CASE("check --online --no-connect leaves MQTT out, and says how far it came") {
  const Outcome outcome = looker().check(broker().port(), {"--no-connect"});
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.out, "mqtt         not tried\n"));
  CHECK(contains(outcome.out, "takes them, as far as TLS tells\n"));
}

TEST_CASE("a host that cannot be reached is exit code 6") {
  const SilentPort refused(SilentPort::Kind::refuses);
  check_fails(looker().seen(refused.port()), 6, "host_tcp_failed");
  const Outcome unknown = run({.arguments = {"check", "--creds", looker().path(""), "--endpoint", kEndpoint, "--online",
                                             "--broker", "nobody.invalid:8883", "--json"}});
  check_fails(document_of(unknown), 6, "host_dns_failed");
}

TEST_CASE("a CA that does not verify the server is exit code 7, and the reason is openssl's") {
  const Pki other = Pki::make();
  const Looker stranger(other);
  const auto document = stranger.seen(broker().port());
  check_fails(document, 7, "host_server_not_trusted");
  CHECK(contains(stranger.openssl(broker().port()), document["online"]["tls"]["distrust"].get<std::string>()));
  CHECK(document["online"]["mqtt"]["stage"] == "not tried");
}

TEST_CASE("a device certificate that the broker does not know is exit code 7, with the alert that openssl sees") {
  const Pki other = Pki::make();
  const Looker stranger(other);
  write_text(stranger.path("root.pem"), broker().pki().authority.certificate);
  const auto document = stranger.seen(broker().port());
  check_fails(document, 7, "host_certificate_refused");
  CHECK(document["online"]["tls"]["alert"]["number"] == 48);
  // With TLS 1.3 the alert may come after s_client has left.
  CHECK(contains(stranger.openssl(broker().port(), {"-tls1_2"}), "SSL alert number 48"));
}

TEST_CASE("a broker that lets the client id not in, or closes instead of an answer, is exit code 7") {
  const auto& pki = broker().pki();
  const auto start = [&](const std::string& setting) {
    return require(cloud::LoopbackBroker::start({.client_authority = pki.authority.certificate,
                                                 .certificate = pki.server.certificate,
                                                 .key = pki.server.key.clone(),
                                                 .settings = {setting}}));
  };
  const auto picky = start("clientid_prefixes line-");
  const auto document = looker().seen(picky.port());
  check_fails(document, 7, "host_mqtt_refused");
  CHECK(document["online"]["mqtt"]["connack"] == 5);
  CHECK(looker().check(picky.port(), {"--client-id", "line-7"}).exit_code == 0);
  const auto terse = start("max_packet_size 20");
  check_fails(looker().seen(terse.port()), 7, "host_mqtt_closed");
}

TEST_CASE("servers with one version of TLS, or that ask for no client certificate, are told") {
  const auto& pki = broker().pki();
  const OpensslServer::Files files{pki.server, pki.authority, pki.server};
  const OpensslServer only_1_3(files, {"-tls1_3", "-Verify", "1", "-CAfile", "{ca}"});
  check_fails(looker().seen(only_1_3.port(), {"--no-connect"}), 7, "host_only_tls_1_3");
  CHECK(contains(looker().openssl(only_1_3.port(), {"-tls1_2"}), "SSL alert number 70"));
  const OpensslServer only_1_2(files, {"-tls1_2", "-Verify", "1", "-CAfile", "{ca}"});
  const auto document = looker().seen(only_1_2.port(), {"--no-connect"});
  CHECK(document["exit"]["code"] == 0);
  CHECK(document["online"]["tls"]["version"] == "TLSv1.2");
  const OpensslServer open(files, {});
  check_fails(looker().seen(open.port(), {"--no-connect"}), 7, "host_certificate_not_asked");
}

TEST_CASE("port 443 is MQTT by ALPN") {
  const auto& pki = broker().pki();
  const OpensslServer server({pki.server, pki.authority, pki.server},
                             {"-alpn", "x-amzn-mqtt-ca", "-Verify", "1", "-CAfile", "{ca}"});
  const auto document = looker().seen(server.port(), {"--no-connect", "--mqtt-port", "443"});
  CHECK(document["exit"]["code"] == 0);
  CHECK(document["online"]["tls"]["protocol"] == "x-amzn-mqtt-ca");
  const OpensslServer other({pki.server, pki.authority, pki.server}, {"-alpn", "h2"});
  check_fails(looker().seen(other.port(), {"--mqtt-port", "443"}), 7, "host_tls_refused");
}

TEST_CASE("what is bad offline is not tried online") {
  const SilentPort never(SilentPort::Kind::listens);
  const Looker mixed(broker().pki());
  write_text(mixed.path("private.pem.key"), Pki::make().device.key.reveal_text());
  const auto document = mixed.seen(never.port());
  CHECK(document["exit"]["code"] == 3);
  CHECK_FALSE(document.contains("online"));
}

TEST_CASE("--online without an endpoint is wrong usage, and so are its options without it") {
  CHECK(run({.arguments = {"check", "--creds", looker().path(""), "--online"}}).exit_code == 2);
  CHECK(run({.arguments = {"check", "--creds", looker().path(""), "--no-connect"}}).exit_code == 2);
  CHECK(looker().check(1, {"--mqtt-port", "70000"}).exit_code == 2);
}

TEST_CASE("Ctrl-C ends check --online while a server is silent") {
  const SilentPort silent(SilentPort::Kind::listens);
  Process process(looker().options(silent.port()));
  const Descriptor connection = silent.take();
  process.signal(SIGINT);
  const Outcome outcome = process.finish(std::chrono::seconds(5));
  CHECK(outcome.exit_code == 130);
}

}  // namespace atcert::test
