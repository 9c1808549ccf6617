// SPDX-License-Identifier: Apache-2.0
#include "module/pki_store.hpp"

#include "store_bench.hpp"

namespace atcert::module {
namespace {

void expect_module_of_2_1(ScriptedTransport& module) {
  expect_greeting(module, "AT version:2.1.0.0(ded5b14 - Jul 24 2020 12:01:05)\r\n");
  expect_mqtt(module);
  module.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", kUnknown).on("AT+SYSFLASH?\r\n", kPartitions + kOk);
}

}  // namespace

TEST_CASE("a slot that cannot be read is an error, and not written over") {
  PkiBench bench;
  const std::size_t offset = pki_bin(kPem).size() - 48;
  bench.wire.on(fmt::format("AT+SYSFLASH=2,\"mqtt_ca\",{},52\r\n", offset), "ERR CODE:0x010a0000\r\n" + kError);
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE_FALSE(result);
  CHECK(result.error().what.find("0x010a0000") != std::string::npos);
}

TEST_CASE("an erase that is refused ends the write") {
  PkiBench bench;
  bench.wire.on("AT+SYSFLASH=0,\"mqtt_ca\"\r\n", "ERR CODE:0x010a0002\r\n" + kError);
  const auto result = bench.store->write(Slot::mqtt_ca, as_bytes(kPem));
  REQUIRE_FALSE(result);
  CHECK(result.error().code == "write_refused");
}

TEST_CASE("a bin of two items, both sound, is damaged: the firmware reads the first, we would write one") {
  PkiBench bench;
  bench.expect_bin(pki_bin_of({pki_item(2, 0, kPem), pki_item(2, 1, "another")}));
  const auto stored = bench.store->read(Slot::mqtt_ca);
  REQUIRE(stored);
  CHECK(std::holds_alternative<Damaged>(*stored));
}

// tools/AtPKI.py: 1 is a CA, 2 a certificate, 3 a key.
TEST_CASE("outside of releases 2.2 to 2.4 an item has the type of its slot") {
  PkiBench bench(expect_module_of_2_1);
  for (const auto& [slot, type] : {std::pair(Slot::mqtt_ca, '\1'), {Slot::mqtt_cert, '\2'}, {Slot::mqtt_key, '\3'}}) {
    const std::string bin = pki_bin_of({pki_item(type, 0, kPem)});
    bench.wire.on(fmt::format("AT+SYSFLASH=0,\"{}\"\r\n", name_of(slot)), kOk);
    bench.wire.on(fmt::format("AT+SYSFLASH=1,\"{}\",0,{}\r\n", name_of(slot), bin.size()), ">").on(bin, kOk);
    CHECK(bench.store->write(slot, as_bytes(kPem)));
  }
}

TEST_CASE("an erased slot is empty") {
  PkiBench bench;
  bench.expect_read(0, "\xff\xff\xff\xff\xff\xff\xff\xff");
  const auto stored = bench.store->read(Slot::mqtt_ca);
  REQUIRE(stored);
  CHECK(std::holds_alternative<Empty>(*stored));
}

TEST_CASE("a slot is erased, written as a PKI bin and read back") {
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

TEST_CASE("a large item goes in chunks of 4 KiB at rising offsets") {
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

TEST_CASE("what is equal already is read once and not written") {
  PkiBench bench;
  const std::string bin = pki_bin(kPem);
  bench.expect_end(bin, bin);
  bench.expect_all(bin);
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE(result);
  CHECK(*result == Put::equal);
}

TEST_CASE("what is different is told by its end, and not read") {
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

TEST_CASE("where a bin fills the partition nothing is read beyond it") {
  PkiBench bench;
  const std::string content(8178, 'c');
  const std::string bin = pki_bin(content);
  bench.expect_read(bin.size() - 48, std::string(48, '-'));
  const auto equal = bench.store->may_have(Slot::mqtt_ca, as_bytes(content));
  REQUIRE(equal);
  CHECK_FALSE(*equal);
}

TEST_CASE("what is no PKI bin of one item is damaged") {
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

TEST_CASE("a sound end behind a damaged beginning is written over") {
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

TEST_CASE("a refused write has the module's code and its meaning") {
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

TEST_CASE("a stop request waits until the slot is whole") {
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
