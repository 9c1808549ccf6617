// SPDX-License-Identifier: Apache-2.0
#include "module/credential_store.hpp"

#include "store_bench.hpp"

namespace atcert::module {

TEST_CASE("each slot has its name on the line") {
  NvsBench nvs;
  PkiBench pki;
  for (const auto& [slot, name] :
       {std::pair(Slot::mqtt_ca, "mqtt_ca"), {Slot::mqtt_cert, "mqtt_cert"}, {Slot::mqtt_key, "mqtt_key"}}) {
    nvs.wire.on(fmt::format("AT+SYSMFG=1,\"{0}\",\"{0}\"\r\n", name),
                fmt::format("+SYSMFG:\"{0}\",\"{0}\",8,3,abc\r\n{1}", name, kOk));
    CHECK(nvs.store->read(slot));
    pki.wire.on(fmt::format("AT+SYSFLASH=2,\"{}\",0,8\r\n", name),
                "+SYSFLASH:8,\xff\xff\xff\xff\xff\xff\xff\xff" + kOk);
    CHECK(pki.store->read(slot));
  }
}

// The log is what leaves the machine: a module may say a key back in any words.
TEST_CASE("a key that was written is in no log, whatever the module says of it") {
  const std::string key =
      "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n"
      "-----END PRIVATE KEY-----\n";
  for (const bool nvs : {true, false}) {
    VirtualClock clock;
    ScriptedTransport wire(clock);
    at::RecentDialogue log(100);
    at::Session session(wire, clock, &log, {});
    (nvs ? expect_nvs_module : expect_pki_module)(wire);
    auto module = Module::identify(session, settings_of(session));
    REQUIRE(module);
    const auto store = make_store(*module, session);
    const std::string bin = pki_bin(key);
    if (nvs) {
      wire.on(fmt::format("AT+SYSMFG=2,\"mqtt_key\",\"mqtt_key\",8,{}\r\n", key.size()), "\r\nOK\r\n\r\n>");
    } else {
      wire.on("AT+SYSFLASH=0,\"mqtt_key\"\r\n", kOk);
      wire.on(fmt::format("AT+SYSFLASH=1,\"mqtt_key\",0,{}\r\n", bin.size()), ">");
    }
    wire.on(nvs ? key : bin, "not stored: MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\r\n" + kError);
    CHECK_FALSE(store->write(Slot::mqtt_key, as_bytes(key)));
    REQUIRE_FALSE(log.entries().empty());
    for (const auto& entry : log.entries()) CHECK(entry.text.find("MIGHAgEA") == std::string::npos);
  }
}

}  // namespace atcert::module
