// SPDX-License-Identifier: Apache-2.0
#include "module/credential_store.hpp"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "support/scripted_module.hpp"

namespace atcert::module {
namespace {

using namespace test;
using namespace std::string_literals;

const std::string kPem = "-----BEGIN CERTIFICATE-----\nabcd\n\r\nOK\r\n-----END CERTIFICATE-----\n";

// One attempt is enough to see.
const Again no_more = [](const Error& why, int) { return Result<void>(why); };

struct Bench {
  explicit Bench(void (*expect_module)(ScriptedTransport&)) {
    expect_module(wire);
    auto identified = Module::identify(session, settings_of(session));
    REQUIRE(identified);
    module = *std::move(identified);
    store = make_store(module, session);
  }

  VirtualClock clock;
  ScriptedTransport wire{clock};
  std::stop_source stop;
  at::Session session{wire, clock, nullptr, stop.get_token()};
  Module module;
  std::unique_ptr<CredentialStore> store;
};

// AT+SYSMFG as release 3.3 speaks it.
struct NvsBench : Bench {
  NvsBench() : Bench(expect_nvs_module) {}

  void expect_value(std::string_view value) {
    wire.on("AT+SYSMFG=1,\"mqtt_ca\",\"mqtt_ca\"\r\n",
            fmt::format("+SYSMFG:\"mqtt_ca\",\"mqtt_ca\",8,{},{}\r\n{}", value.size(), value, kOk));
  }
  // What is asked for where an item of kPem may end.
  void expect_end(const std::string& answer) {
    wire.on(fmt::format("AT+SYSMFG=1,\"mqtt_ca\",\"mqtt_ca\",{},48\r\n", kPem.size() - 48), answer);
  }
  static std::string end_of(std::string_view stored, unsigned type = 8) {
    const std::string_view end = stored.substr(kPem.size() - 48, 48);
    return fmt::format("+SYSMFG:\"mqtt_ca\",\"mqtt_ca\",{},48,{}\r\n{}", type, end, kOk);
  }
  void expect_nothing() {
    expect_end(kError);
    wire.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", kError);
  }
  void expect_write(const std::string& value, const std::string& result) {
    wire.on(fmt::format("AT+SYSMFG=2,\"mqtt_ca\",\"mqtt_ca\",8,{}\r\n", value.size()), "\r\nOK\r\n\r\n>");
    wire.on(value, result);
  }
};

// AT+SYSFLASH as release 2.4 speaks it, with the PKI bin of tools/AtPKI.py: 2.4.0.0 writes type 2 for every item.
struct PkiBench : Bench {
  explicit PkiBench(void (*expect_module)(ScriptedTransport&) = expect_pki_module) : Bench(expect_module) {}

  void expect_read(std::size_t offset, std::string_view bytes) {
    wire.on(fmt::format("AT+SYSFLASH=2,\"mqtt_ca\",{},{}\r\n", offset, bytes.size()),
            fmt::format("+SYSFLASH:{},{}{}", bytes.size(), bytes, kOk));
  }
  // As it is read by who does not know what is there.
  void expect_bin(const std::string& bin) {
    expect_read(0, std::string_view(bin).substr(0, 8));
    expect_all(bin);
  }
  void expect_all(const std::string& bin) {
    for (std::size_t at = 0; at < bin.size(); at += 4096) expect_read(at, std::string_view(bin).substr(at, 4096));
  }
  // What is asked for where the bin of an item ends that is to be stored.
  void expect_end(const std::string& wanted, std::string stored) {
    stored.resize(std::max(stored.size(), wanted.size() + 4), '\xff');
    expect_read(wanted.size() - 48, std::string_view(stored).substr(wanted.size() - 48, 52));
  }
  void expect_erase() { wire.on("AT+SYSFLASH=0,\"mqtt_ca\"\r\n", kOk); }
  void expect_write(std::size_t offset, const std::string& bytes, const std::string& result) {
    wire.on(fmt::format("AT+SYSFLASH=1,\"mqtt_ca\",{},{}\r\n", offset, bytes.size()), ">");
    wire.on(bytes, result);
  }
};

std::string little_endian(std::size_t value, int bytes) {
  std::string result;
  for (int i = 0; i < bytes; ++i) result += static_cast<char>(value >> 8 * i);
  return result;
}

std::string pki_item(char type, char id, const std::string& content) {
  const std::string padding((4 - content.size() % 4) % 4, '\xff');
  return std::string({type, id}) + little_endian(content.size(), 2) + content + padding;
}

std::string pki_bin_of(const std::vector<std::string>& items) {
  std::string all;
  for (const std::string& item : items) all += item;
  return "\xf1\xf1" + little_endian(items.size(), 2) + little_endian(all.size(), 4) + all;
}

std::string pki_bin(const std::string& content) {
  return pki_bin_of({pki_item(2, 0, content)});
}

void expect_module_of_2_1(ScriptedTransport& module) {
  expect_greeting(module, "AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)\r\n");
  expect_mqtt(module);
  module.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", kUnknown).on("AT+SYSFLASH?\r\n", kPartitions + kOk);
}

}  // namespace

TEST_CASE("nvs: an empty slot is written and read back") {
  NvsBench bench;
  bench.expect_nothing();
  bench.expect_write(kPem, kOk);
  bench.expect_value(kPem);
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE(result);
  CHECK(*result == Put::written);
}

TEST_CASE("nvs: what is equal already is not written, unless forced") {
  NvsBench bench;
  bench.expect_end(NvsBench::end_of(kPem));
  bench.expect_value(kPem);
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE(result);
  CHECK(*result == Put::equal);
  bench.expect_write(kPem, kOk);
  bench.expect_value(kPem);
  const auto forced = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::none, no_more);
  REQUIRE(forced);
  CHECK(*forced == Put::written);
}

TEST_CASE("nvs: what is likely to be equal is read whole at once, and written when it is not") {
  NvsBench bench;
  bench.expect_value(kPem);
  const auto equal = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::whole, no_more);
  REQUIRE(equal);
  CHECK(*equal == Put::equal);
  bench.expect_value("something else");
  bench.expect_write(kPem, kOk);
  bench.expect_value(kPem);
  const auto written = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::whole, no_more);
  REQUIRE(written);
  CHECK(*written == Put::written);
}

TEST_CASE("nvs: garbage behind the value, a lost byte and a changed one are noticed") {
  for (const std::string& stored : {kPem + "\n", kPem.substr(1), "+" + kPem.substr(1)}) {
    NvsBench bench;
    bench.expect_write(kPem, kOk);
    bench.expect_value(stored);
    const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::none, no_more);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::module);
    CHECK(result.error().code == "read_back");
  }
}

TEST_CASE("nvs: a write that is refused after the data was taken") {
  NvsBench bench;
  bench.expect_write(kPem, kError);
  const auto result = bench.store->write(Slot::mqtt_ca, as_bytes(kPem));
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == ErrorKind::module);
  CHECK(result.error().code == "write_refused");
  CHECK(result.error().what.find("ERROR") != std::string::npos);
  CHECK(result.error().cause.find("mfg_nvs is full or damaged") != std::string::npos);
}

TEST_CASE("nvs: a value stored as a string counts as missing and is erased before the blob is written") {
  NvsBench bench;
  bench.expect_end(kError);
  bench.wire.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", "+SYSMFG:\"mqtt_ca\",\"mqtt_ca\",7\r\n" + kOk);
  bench.wire.on("AT+SYSMFG=0,\"mqtt_ca\",\"mqtt_ca\"\r\n", kOk);
  bench.expect_write(kPem, kOk);
  bench.expect_value(kPem);
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE(result);
  CHECK(*result == Put::written);
}

TEST_CASE("nvs: the same text stored as a string is erased too") {
  NvsBench bench;
  bench.expect_end(NvsBench::end_of(kPem, 7));
  bench.wire.on("AT+SYSMFG=0,\"mqtt_ca\",\"mqtt_ca\"\r\n", kOk);
  bench.expect_write(kPem, kOk);
  bench.expect_value(kPem);
  CHECK(put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more));
}

TEST_CASE("nvs: what is different is told by its end, and not read") {
  const std::string other = std::string(20, 'x') + kPem;  // longer: something else stands where this one ends
  std::string changed = kPem;
  changed[kPem.size() - 48] = '+';
  for (const std::string& stored : {other, changed}) {
    NvsBench bench;
    bench.expect_end(NvsBench::end_of(stored));
    bench.expect_write(kPem, kOk);
    bench.expect_value(kPem);
    CHECK(put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more));
  }
}

TEST_CASE("nvs: what ends alike and is different before is found by reading it") {
  NvsBench bench;
  bench.expect_end(NvsBench::end_of(kPem));
  bench.expect_value("+" + kPem.substr(1));
  bench.expect_write(kPem, kOk);
  bench.expect_value(kPem);
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE(result);
  CHECK(*result == Put::written);
}

TEST_CASE("nvs: a value that is listed but cannot be read is damaged") {
  NvsBench bench;
  bench.wire.on("AT+SYSMFG=1,\"mqtt_ca\",\"mqtt_ca\"\r\n", kError);
  bench.wire.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", "+SYSMFG:\"mqtt_ca\",\"mqtt_ca\",8\r\n" + kOk);
  const auto stored = bench.store->read(Slot::mqtt_ca);
  REQUIRE(stored);
  CHECK(std::holds_alternative<Damaged>(*stored));
}

TEST_CASE("nvs: sizes are checked before anything is sent") {
  NvsBench bench;
  CHECK(bench.store->capacity(Slot::mqtt_key) == 8191);
  for (const std::size_t size : {std::size_t{0}, std::size_t{8192}}) {
    const auto result = put(*bench.store, Slot::mqtt_key, Bytes(size), Look::end_first, no_more);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::input);
  }
}

TEST_CASE("nvs: the largest value that the module takes is sent, one that it does not take never") {
  NvsBench bench;
  const std::string largest(8191, 'c');
  bench.wire.on("AT+SYSMFG=2,\"mqtt_key\",\"mqtt_key\",8,8191\r\n", "\r\nOK\r\n\r\n>").on(largest, kOk);
  CHECK(bench.store->write(Slot::mqtt_key, as_bytes(largest)));
  for (const std::size_t size : {std::size_t{0}, std::size_t{8192}}) {
    const auto refused = bench.store->write(Slot::mqtt_key, Bytes(size));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "credential_size");
  }
}

TEST_CASE("nvs: a string that cannot be erased is not written over") {
  NvsBench bench;
  bench.expect_end(kError);
  bench.wire.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", "+SYSMFG:\"mqtt_ca\",\"mqtt_ca\",7\r\n" + kOk);
  bench.wire.on("AT+SYSMFG=0,\"mqtt_ca\",\"mqtt_ca\"\r\n").on("AT\r\n");
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == "no_answer");
}

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

TEST_CASE("pki: a slot that cannot be read is an error, and not written over") {
  PkiBench bench;
  const std::size_t offset = pki_bin(kPem).size() - 48;
  bench.wire.on(fmt::format("AT+SYSFLASH=2,\"mqtt_ca\",{},52\r\n", offset), "ERR CODE:0x010a0000\r\n" + kError);
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE_FALSE(result);
  CHECK(result.error().what.find("0x010a0000") != std::string::npos);
}

TEST_CASE("pki: an erase that is refused ends the write") {
  PkiBench bench;
  bench.wire.on("AT+SYSFLASH=0,\"mqtt_ca\"\r\n", "ERR CODE:0x010a0002\r\n" + kError);
  const auto result = bench.store->write(Slot::mqtt_ca, as_bytes(kPem));
  REQUIRE_FALSE(result);
  CHECK(result.error().code == "write_refused");
}

TEST_CASE("pki: a bin of two items, both sound, is damaged: the firmware reads the first, we would write one") {
  PkiBench bench;
  bench.expect_bin(pki_bin_of({pki_item(2, 0, kPem), pki_item(2, 1, "another")}));
  const auto stored = bench.store->read(Slot::mqtt_ca);
  REQUIRE(stored);
  CHECK(std::holds_alternative<Damaged>(*stored));
}

// tools/AtPKI.py: 1 is a CA, 2 a certificate, 3 a key.
TEST_CASE("pki: outside of releases 2.2 to 2.4 an item has the type of its slot") {
  PkiBench bench(expect_module_of_2_1);
  for (const auto& [slot, type] : {std::pair(Slot::mqtt_ca, '\1'), {Slot::mqtt_cert, '\2'}, {Slot::mqtt_key, '\3'}}) {
    const std::string bin = pki_bin_of({pki_item(type, 0, kPem)});
    bench.wire.on(fmt::format("AT+SYSFLASH=0,\"{}\"\r\n", name_of(slot)), kOk);
    bench.wire.on(fmt::format("AT+SYSFLASH=1,\"{}\",0,{}\r\n", name_of(slot), bin.size()), ">").on(bin, kOk);
    CHECK(bench.store->write(slot, as_bytes(kPem)));
  }
}

TEST_CASE("pki: an erased slot is empty") {
  PkiBench bench;
  bench.expect_read(0, "\xff\xff\xff\xff\xff\xff\xff\xff");
  const auto stored = bench.store->read(Slot::mqtt_ca);
  REQUIRE(stored);
  CHECK(std::holds_alternative<Empty>(*stored));
}

TEST_CASE("pki: a slot is erased, written as a PKI bin and read back") {
  PkiBench bench;
  const std::string bin = pki_bin(kPem);
  bench.expect_end(bin, pki_bin("something else"));
  bench.expect_erase();
  bench.expect_write(0, bin, kOk);
  bench.expect_all(bin);
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE(result);
  CHECK(*result == Put::written);
}

TEST_CASE("pki: a large item goes in chunks of 4 KiB at rising offsets") {
  PkiBench bench;
  const std::string content(8178, 'c');
  CHECK(bench.store->capacity(Slot::mqtt_ca) == 8180);
  const std::string bin = pki_bin(content);
  REQUIRE(bin.size() == 8192);
  bench.expect_erase();
  bench.expect_write(0, bin.substr(0, 4096), kOk);
  bench.expect_write(4096, bin.substr(4096), kOk);
  bench.expect_all(bin);
  CHECK(put(*bench.store, Slot::mqtt_ca, as_bytes(content), Look::none, no_more));
  CHECK_FALSE(put(*bench.store, Slot::mqtt_ca, as_bytes(content + "ccc"), Look::none, no_more));
  for (const std::string& wrong : {content + "ccc", std::string()}) {
    const auto refused = bench.store->write(Slot::mqtt_ca, as_bytes(wrong));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == "credential_size");
  }
}

TEST_CASE("pki: what is equal already is read once and not written") {
  PkiBench bench;
  const std::string bin = pki_bin(kPem);
  bench.expect_end(bin, bin);
  bench.expect_all(bin);
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE(result);
  CHECK(*result == Put::equal);
}

TEST_CASE("pki: what is different is told by its end, and not read") {
  const std::string bin = pki_bin(kPem);
  for (const std::string& stored : {pki_bin(kPem + "more"), pki_bin(kPem.substr(4)), std::string("-----BEGIN")}) {
    PkiBench bench;
    bench.expect_end(bin, stored);
    bench.expect_erase();
    bench.expect_write(0, bin, kOk);
    bench.expect_all(bin);
    CHECK(put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more));
  }
}

TEST_CASE("pki: where a bin fills the partition nothing is read beyond it") {
  PkiBench bench;
  const std::string content(8178, 'c');
  const std::string bin = pki_bin(content);
  bench.expect_read(bin.size() - 48, std::string(48, '-'));
  const auto equal = bench.store->may_have(Slot::mqtt_ca, as_bytes(content));
  REQUIRE(equal);
  CHECK_FALSE(*equal);
}

TEST_CASE("pki: what is no PKI bin of one item is damaged") {
  const std::string two = "\xf1\xf1\x02" + pki_bin(kPem).substr(3);
  const std::string huge = "\xf1\xf1\x01\0\xf0\xff\xff\xff"s;
  for (const std::string& stored : {"-----BEG"s, huge.substr(0, 8), two}) {
    PkiBench bench;
    if (stored.size() == 8) bench.expect_read(0, stored);
    if (stored.size() > 8) bench.expect_bin(stored);
    const auto read = bench.store->read(Slot::mqtt_ca);
    REQUIRE(read);
    CHECK(std::holds_alternative<Damaged>(*read));
  }
}

TEST_CASE("pki: a sound end behind a damaged beginning is written over") {
  PkiBench bench;
  const std::string bin = pki_bin(kPem);
  bench.expect_end(bin, bin);
  bench.expect_all("\xf1\xf1\x02" + bin.substr(3));
  bench.expect_erase();
  bench.expect_write(0, bin, kOk);
  bench.expect_all(bin);
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE(result);
  CHECK(*result == Put::written);
}

TEST_CASE("pki: a refused write has the module's code and its meaning") {
  PkiBench bench;
  const std::string bin = pki_bin(kPem);
  bench.expect_erase();
  // The firmware prints the code of a range error, takes the data all the same, and fails then.
  bench.wire.on(fmt::format("AT+SYSFLASH=1,\"mqtt_ca\",0,{}\r\n", bin.size()), "ERR CODE:0x010a0001\r\n>");
  bench.wire.on(bin, "ERR CODE:0x010a0003\r\n" + kError);
  const auto result = bench.store->write(Slot::mqtt_ca, as_bytes(kPem));
  REQUIRE_FALSE(result);
  CHECK(result.error().code == "write_refused");
  CHECK(result.error().what.find("0x010a0001") != std::string::npos);
  CHECK(result.error().cause.find("beyond the partition") != std::string::npos);
}

TEST_CASE("pki: a stop request waits until the slot is whole") {
  PkiBench bench;
  bench.expect_erase();
  bench.expect_write(0, pki_bin(kPem), kOk);
  bench.wire.on_write = [&] { bench.stop.request_stop(); };
  CHECK(bench.store->write(Slot::mqtt_ca, as_bytes(kPem)));
  const auto next = bench.store->write(Slot::mqtt_ca, as_bytes(kPem));
  REQUIRE_FALSE(next);
  CHECK(next.error().kind == ErrorKind::interrupted);
}

}  // namespace atcert::module
