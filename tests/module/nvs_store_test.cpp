// SPDX-License-Identifier: Apache-2.0
#include "module/nvs_store.hpp"

#include "store_bench.hpp"

namespace atcert::module {

TEST_CASE("an empty slot is written and read back") {
  NvsBench bench;
  bench.expect_nothing();
  bench.expect_write(kPem, kOk);
  bench.expect_value(kPem);
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE(result);
  CHECK(*result == Put::written);
}

TEST_CASE("what is equal already is not written, unless forced") {
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

TEST_CASE("what is likely to be equal is read whole at once, and written when it is not") {
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

TEST_CASE("garbage behind the value, a lost byte and a changed one are noticed") {
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

TEST_CASE("a write that is refused after the data was taken") {
  NvsBench bench;
  bench.expect_write(kPem, kError);
  const auto result = bench.store->write(Slot::mqtt_ca, as_bytes(kPem));
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == ErrorKind::module);
  CHECK(result.error().code == "write_refused");
  CHECK(result.error().what.find("ERROR") != std::string::npos);
  CHECK(result.error().cause.find("mfg_nvs is full or damaged") != std::string::npos);
}

TEST_CASE("a value stored as a string counts as missing and is erased before the blob is written") {
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

TEST_CASE("the same text stored as a string is erased too") {
  NvsBench bench;
  bench.expect_end(NvsBench::end_of(kPem, 7));
  bench.wire.on("AT+SYSMFG=0,\"mqtt_ca\",\"mqtt_ca\"\r\n", kOk);
  bench.expect_write(kPem, kOk);
  bench.expect_value(kPem);
  CHECK(put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more));
}

TEST_CASE("what is different is told by its end, and not read") {
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

TEST_CASE("what ends alike and is different before is found by reading it") {
  NvsBench bench;
  bench.expect_end(NvsBench::end_of(kPem));
  bench.expect_value("+" + kPem.substr(1));
  bench.expect_write(kPem, kOk);
  bench.expect_value(kPem);
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE(result);
  CHECK(*result == Put::written);
}

TEST_CASE("a value that is listed but cannot be read is damaged") {
  NvsBench bench;
  bench.wire.on("AT+SYSMFG=1,\"mqtt_ca\",\"mqtt_ca\"\r\n", kError);
  bench.wire.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", "+SYSMFG:\"mqtt_ca\",\"mqtt_ca\",8\r\n" + kOk);
  const auto stored = bench.store->read(Slot::mqtt_ca);
  REQUIRE(stored);
  CHECK(std::holds_alternative<Damaged>(*stored));
}

TEST_CASE("sizes are checked before anything is sent") {
  NvsBench bench;
  CHECK(bench.store->capacity(Slot::mqtt_key) == 8191);
  for (const std::size_t size : {std::size_t{0}, std::size_t{8192}}) {
    const auto result = put(*bench.store, Slot::mqtt_key, Bytes(size), Look::end_first, no_more);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::input);
  }
}

TEST_CASE("the largest value that the module takes is sent, one that it does not take never") {
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

TEST_CASE("a string that cannot be erased is not written over") {
  NvsBench bench;
  bench.expect_end(kError);
  bench.wire.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", "+SYSMFG:\"mqtt_ca\",\"mqtt_ca\",7\r\n" + kOk);
  bench.wire.on("AT+SYSMFG=0,\"mqtt_ca\",\"mqtt_ca\"\r\n").on("AT\r\n");
  const auto result = put(*bench.store, Slot::mqtt_ca, as_bytes(kPem), Look::end_first, no_more);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == "no_answer");
}

}  // namespace atcert::module
