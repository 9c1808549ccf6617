// SPDX-License-Identifier: Apache-2.0
// Runs what docs/guide.md tells its readers to run, as it stands there.
#include <memory>

#include <doctest/doctest.h>

#include "docs/document.hpp"
#include "docs/open_doors.hpp"

namespace atcert::test {
namespace {

// "Try it without hardware": a terminal with a broker and an emulated module in it, and one for the commands.
class Trial {
 public:
  void set_up(Workshop& workshop, const Block& block) {
    terminal_ = workshop.terminal();
    terminal_->type(workshop.adapted(block.text));
    const bool running = terminal_->wait_for("until Ctrl-C");
    INFO(terminal_->screen());
    REQUIRE(running);
    check_doors(workshop);
  }

  // The end of the trial as the text tells it.
  void tear_down(Workshop& workshop) {
    check_doors(workshop);
    terminal_->press_interrupt();
    terminal_->type("echo \"emulate: $?\"\nkill %1; wait; echo \"ended: $?\"\n");
    const bool ended = terminal_->wait_for("ended: 0");
    INFO(terminal_->screen());
    CHECK(ended);
    CHECK(terminal_->wait_for("emulate: 0"));
    CHECK(terminal_->wait_for("certificate verify failed"));
    CHECK_FALSE(process_in(workshop.folder() / "trial", "mosquitto").has_value());
  }

 private:
  // The broker lets nobody in but by TLS with a certificate, and listens nowhere else.
  static void check_doors(const Workshop& workshop) {
    const auto folder = workshop.folder() / "trial";
    const auto broker = process_in(folder, "mosquitto");
    REQUIRE(broker.has_value());
    CHECK(listeners_of(*broker) == std::vector<std::string>{loopback_listener(workshop.trial_port())});
    CHECK_FALSE(anonymous_gets_in(workshop.trial_port()));
    CHECK_FALSE(anonymous_gets_in(workshop.trial_port(), folder / "ca.pem"));
  }

  std::unique_ptr<Terminal> terminal_;
};

const std::string kProvision =
    "atcert provision --creds ./device-42 --port ./module --endpoint a1b2c3-ats.iot.eu-west-1.amazonaws.com "
    "--wifi-ssid line --wifi-password-file wifi.txt";

}  // namespace

TEST_CASE("the commands of docs/guide.md do what it says") {
  Workshop workshop;
  Trial trial;
  const std::vector<Entry> entries = {
      {"atcert check --creds ./device-42", runs()},
      {"atcert check --cert device.pem.crt --key private.pem.key --ca AmazonRootCA1.pem", runs()},
      // The broker of this test has no certificate of Amazon's, so that the module must refuse it: exit code 7.
      {"aws iot create-keys-and-certificate --set-as-active --output json |", runs(7)},
      {"atcert check --creds ./device-42 --endpoint a1b2c3-ats.iot.eu-west-1.amazonaws.com \\", runs()},
      {"atcert check --creds ./device-42 --endpoint a1b2c3-ats.iot.eu-west-1.amazonaws.com \\", runs()},
      {"  tls          TLSv1.3, TLS_AES_256_GCM_SHA384 (41 ms)", shown()},
      {"atcert provision --creds ./device-42 --port /dev/ttyUSB0 \\", runs()},
      {"ok     check, 2 steps", shown()},
      {"atcert verify --port /dev/ttyUSB0 --endpoint a1b2c3-ats.iot.eu-west-1.amazonaws.com \\", runs()},
      {"ok      verify    see the message at the broker: the observer has it", shown()},
      {"skipped verify    join Wi-Fi: would send AT+CWJAP=\"line\",\"***\",,,,,,15",
       shown_by(kProvision + " --dry-run")},
      {"port        ./module",
       shown_by("atcert push --creds ./device-42 --port ./module -q; atcert info --port ./module")},
      {"atcert build --creds ./device-42 --module ESP32-C3-MINI-1 --release 2.4.0.0 --output out", runs()},
      {"ESP32-C3-MINI-1 2.4.0.0, layout L09", shown()},
      {"atcert build --into factory.bin --creds ./device-42 --output patched.bin", runs()},
      {"atcert build --creds ./device-42 --module ESP32-C3-MINI-1 -o out-slots \\", runs()},
      {"atcert build --nvs-csv mfg_nvs.csv --module ESP32-C3-MINI-1 --release 4.1.1.0 -o out-csv", runs()},
      {"atcert build --nvs-csv mfg_nvs.csv --size 0x1C000 -o out-size", runs()},
      {"atcert build --manifest units.csv --module ESP32-C3-MINI-1 -o out-units", runs()},
      {"atcert inspect out-slots/mfg_nvs.bin", runs()},
      {"mkdir trial && cd trial && mkdir device foreign",
       [&](Workshop& in, const Block& block) { trial.set_up(in, block); }},
      {"cd trial", runs()},
      {"ok     check, 2 steps", shown()},
      {"openssl req -x509 -newkey rsa:2048 -nodes -keyout other-ca.key -out other-ca.pem -days 90 -subj \"/CN=Another "
       "CA\"",
       runs(0, "trial")},
      {"ok     push, 5 steps",
       [&](Workshop& in, const Block& block) {
         shown()(in, block);
         CHECK(in.last().out.ends_with("exit code 7\n"));
         trial.tear_down(in);
       }},
      {"atcert verify ... --json | jq -r '.exit.name, .error.code'", runs()},
      {"port = \"/dev/ttyUSB0\"",
       [](Workshop& in, const Block& block) {
         is_file("home/.config/atcert/config.toml")(in, block);
         const Outcome& outcome = in.sh("atcert provision --creds ./device-42 --dry-run");
         INFO(outcome.out);
         CHECK(outcome.exit_code == 0);
         CHECK(outcome.out.find("\",443,") != std::string::npos);
       }},
  };
  check_document("docs/guide.md", entries, workshop);
}

}  // namespace atcert::test
