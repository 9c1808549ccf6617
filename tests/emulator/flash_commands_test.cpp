// SPDX-License-Identifier: Apache-2.0
// AT+SYSFLASH as in ESP-AT's Basic AT Commands and published logs.
#include "emulator/flash_commands.hpp"

#include "bench.hpp"

namespace atcert::emulator {
namespace {

std::string store(Bench& bench, const std::string& place, const std::string& data) {
  const std::string prompt = bench.send("AT+SYSFLASH=1," + place + "," + std::to_string(data.size()) + "\r\n");
  const std::string at_once = bench.send(data);
  return prompt + at_once + bench.pass(Milliseconds(100));
}

}  // namespace

TEST_CASE("the partitions of a WROOM-32 are listed as in a real log") {
  CHECK(Bench().send("AT+SYSFLASH?\r\n") ==
        "+SYSFLASH:\"ble_data\",64,1,0x21000,0x3000\r\n"
        "+SYSFLASH:\"server_cert\",64,2,0x24000,0x2000\r\n"
        "+SYSFLASH:\"server_key\",64,3,0x26000,0x2000\r\n"
        "+SYSFLASH:\"server_ca\",64,4,0x28000,0x2000\r\n"
        "+SYSFLASH:\"client_cert\",64,5,0x2a000,0x2000\r\n"
        "+SYSFLASH:\"client_key\",64,6,0x2c000,0x2000\r\n"
        "+SYSFLASH:\"client_ca\",64,7,0x2e000,0x2000\r\n"
        "+SYSFLASH:\"factory_param\",64,8,0x30000,0x1000\r\n"
        "+SYSFLASH:\"wpa2_cert\",64,9,0x31000,0x2000\r\n"
        "+SYSFLASH:\"wpa2_key\",64,10,0x33000,0x2000\r\n"
        "+SYSFLASH:\"wpa2_ca\",64,11,0x35000,0x2000\r\n"
        "+SYSFLASH:\"mqtt_cert\",64,12,0x37000,0x2000\r\n"
        "+SYSFLASH:\"mqtt_key\",64,13,0x39000,0x2000\r\n"
        "+SYSFLASH:\"mqtt_ca\",64,14,0x3b000,0x2000\r\n"
        "+SYSFLASH:\"fatfs\",1,129,0x70000,0x90000\r\n\r\nOK\r\n");
}

TEST_CASE("the other layouts are those of at_customize.csv") {
  CHECK(Bench(Bench::of(image::Generation::pki, "ESP32-C3-MINI-1"))
            .send("AT+SYSFLASH?\r\n")
            .find("\"mqtt_ca\",64,14,0x3c000,0x2000\r\n+SYSFLASH:\"fatfs\",1,129,0x47000,0x19000\r\n") !=
        std::string::npos);
  CHECK(Bench(Bench::of(image::Generation::nvs)).send("AT+SYSFLASH?\r\n") ==
        "+SYSFLASH:\"mfg_nvs\",1,2,0x21000,0x1c000\r\n+SYSFLASH:\"fatfs\",1,129,0x70000,0x90000\r\n\r\nOK\r\n");
  CHECK(Bench(Bench::of(image::Generation::nvs, "ESP32-C3-MINI-1")).send("AT+SYSFLASH?\r\n") ==
        "+SYSFLASH:\"mfg_nvs\",1,2,0x1f000,0x1f000\r\n+SYSFLASH:\"fatfs\",1,129,0x47000,0x19000\r\n\r\nOK\r\n");
}

TEST_CASE("written bytes are read back as they are, line ends and all") {
  Bench bench;
  const std::string data("a\r\nOK\r\n\0\xff", 9);
  CHECK(store(bench, "\"mqtt_ca\",100", data) == ">\r\nOK\r\n");
  CHECK(bench.send("AT+SYSFLASH=2,\"mqtt_ca\",100,9\r\n") == "+SYSFLASH:9," + data + kOk);
  CHECK(as_text(bench.flash().read(0x3b000 + 100, 9)) == data);
}

TEST_CASE("writing over what was not erased leaves the AND of both") {
  Bench bench;
  store(bench, "\"mqtt_key\",0", "\x0f\xf0");
  store(bench, "\"mqtt_key\",0", "\x3c\x3c");
  CHECK(bench.send("AT+SYSFLASH=2,\"mqtt_key\",0,2\r\n") == "+SYSFLASH:2,\x0c\x30" + kOk);
  CHECK(bench.run("AT+SYSFLASH=0,\"mqtt_key\"") == kOk);
  CHECK(bench.send("AT+SYSFLASH=2,\"mqtt_key\",0,2\r\n") == "+SYSFLASH:2,\xff\xff" + kOk);
}

TEST_CASE("erasing takes the whole partition or whole sectors") {
  Bench bench;
  bench.send("AT+SYSLOG=1\r\n");
  store(bench, "\"mqtt_ca\",0", "a");
  store(bench, "\"mqtt_ca\",4096", "b");
  CHECK(bench.run("AT+SYSFLASH=0,\"mqtt_ca\",4096,4096") == kOk);
  CHECK(bench.send("AT+SYSFLASH=2,\"mqtt_ca\",0,1\r\n") == "+SYSFLASH:1,a" + kOk);
  CHECK(bench.send("AT+SYSFLASH=2,\"mqtt_ca\",4096,1\r\n") == "+SYSFLASH:1,\xff" + kOk);
  CHECK(bench.run("AT+SYSFLASH=0,\"mqtt_ca\",0,100") == "ERR CODE:0x010a0001\r\n" + kError);
  CHECK(bench.run("AT+SYSFLASH=0,\"mqtt_ca\",100,4096") == "ERR CODE:0x010a0001\r\n" + kError);
  CHECK(bench.run("AT+SYSFLASH=0,\"mqtt_ca\",4096,8192") == "ERR CODE:0x010a0002\r\n" + kError);
}

TEST_CASE("a write out of range says so, prompts all the same, and fails when the data is there") {
  Bench bench;
  bench.send("AT+SYSLOG=1\r\n");
  CHECK(bench.send("AT+SYSFLASH=1,\"mqtt_ca\",8190,4\r\n") == "ERR CODE:0x010a0001\r\n>");
  CHECK(bench.send("1234") == "ERR CODE:0x010a0003\r\n" + kError);
  CHECK(bench.flash().read(0x3b000 + 8190, 2)[0] == 0xFF);
  CHECK(bench.send("AT+SYSFLASH=2,\"mqtt_ca\",0,8193\r\n") ==
        "ERR CODE:0x010a0001\r\nERR CODE:0x010a0003\r\n" + kError);
}

TEST_CASE("unknown partitions and those of other types are refused") {
  Bench bench;
  bench.send("AT+SYSLOG=1\r\n");
  CHECK(bench.send("AT+SYSFLASH=2,\"fatfs\",0,20\r\n") == "ERR CODE:0x010a0000\r\n" + kError);
  CHECK(bench.send("AT+SYSFLASH=0,\"nothing\"\r\n") == "ERR CODE:0x010a0000\r\n" + kError);
  CHECK(bench.send("AT+SYSFLASH=3,\"mqtt_ca\",0,20\r\n") == kError);
  CHECK(bench.send("AT+SYSFLASH=2,\"mqtt_ca\",0,20,1\r\n") == kError);
}

TEST_CASE("faults change what a write leaves") {
  Options options;
  SUBCASE("write-refused") {
    options.faults.add(Fault::write_refused);
    Bench bench(std::move(options));
    CHECK(store(bench, "\"mqtt_ca\",0", "1234") == ">\r\nERROR\r\n");
  }
  SUBCASE("short-write") {
    options.faults.add(Fault::short_write);
    Bench bench(std::move(options));
    CHECK(store(bench, "\"mqtt_ca\",0", "1234") == ">\r\nOK\r\n");
    CHECK(bench.send("AT+SYSFLASH=2,\"mqtt_ca\",0,4\r\n") == "+SYSFLASH:4,12\xff\xff" + kOk);
  }
  SUBCASE("bit-flip") {
    options.faults.add(Fault::bit_flip);
    Bench bench(std::move(options));
    CHECK(store(bench, "\"mqtt_ca\",0", "1234") == ">\r\nOK\r\n");
    CHECK(bench.send("AT+SYSFLASH=2,\"mqtt_ca\",0,4\r\n") == "+SYSFLASH:4,1224" + kOk);
  }
}

TEST_CASE("refused-after-erase refuses the write, erase-refused the erase") {
  Options options;
  SUBCASE("refused-after-erase") {
    options.faults.add(Fault::refused_after_erase);
    Bench bench(std::move(options));
    CHECK(bench.run("AT+SYSFLASH=0,\"mqtt_ca\"") == kOk);
    CHECK(store(bench, "\"mqtt_ca\",0", "1234") == ">\r\nERROR\r\n");
  }
  SUBCASE("erase-refused") {
    options.faults.add(Fault::erase_refused);
    Bench bench(std::move(options));
    bench.send("AT+SYSLOG=1\r\n");
    CHECK(bench.run("AT+SYSFLASH=0,\"mqtt_ca\"") == "ERR CODE:0x010a0002\r\n" + kError);
  }
}

}  // namespace atcert::emulator
