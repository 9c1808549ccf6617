// SPDX-License-Identifier: Apache-2.0
// AT+SYSMFG as in ESP-AT's Basic AT Commands and the document of its examples.
#include "emulator/mfg_commands.hpp"

#include "bench.hpp"

namespace atcert::emulator {
namespace {

std::string store(Bench& bench, const std::string& where, const std::string& data) {
  const std::string prompt = bench.send("AT+SYSMFG=2," + where + "," + std::to_string(data.size()) + "\r\n");
  const std::string at_once = bench.send(data);
  return prompt + at_once + bench.pass(Milliseconds(100));
}

}  // namespace

TEST_CASE("a blob is written through a data phase and read back with its length") {
  Bench bench(Bench::of(image::Generation::nvs));
  const std::string pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  CHECK(store(bench, "\"mqtt_cert\",\"mqtt_cert\",8", pem) == "\r\nOK\r\n\r\n>\r\nOK\r\n");
  CHECK(bench.send("AT+SYSMFG=1,\"mqtt_cert\",\"mqtt_cert\"\r\n") ==
        "+SYSMFG:\"mqtt_cert\",\"mqtt_cert\",8," + std::to_string(pem.size()) + "," + pem + "\r\n\r\nOK\r\n");
  CHECK(bench.send("AT+SYSMFG=1,\"mqtt_cert\",\"mqtt_cert\",5,5\r\n") ==
        "+SYSMFG:\"mqtt_cert\",\"mqtt_cert\",8,5,BEGIN\r\n\r\nOK\r\n");
  CHECK(bench.send("AT+SYSMFG=1,\"mqtt_cert\"\r\n") == "+SYSMFG:\"mqtt_cert\",\"mqtt_cert\",8\r\n\r\nOK\r\n");
  const std::string spaces = "+SYSMFG:\"mqtt_cert\"\r\n\r\nOK\r\n";
  CHECK(bench.send("AT+SYSMFG?\r\n") == spaces);
  CHECK(bench.send("AT+SYSMFG=1\r\n") == spaces);
}

TEST_CASE("a part of a value is read by offset and length, of which 0 is the rest, and not beyond its end") {
  Bench bench(Bench::of(image::Generation::nvs));
  const std::string name = "\"mqtt_ca\",\"mqtt_ca\"";
  store(bench, name + ",8", "0123456789");
  const auto part = [&](const std::string& where) { return bench.send("AT+SYSMFG=1," + name + "," + where + "\r\n"); };
  const std::string head = "+SYSMFG:" + name + ",8,";
  CHECK(part("0,10") == head + "10,0123456789\r\n" + kOk);
  CHECK(part("7,3") == head + "3,789\r\n" + kOk);
  CHECK(part("7,0") == head + "3,789\r\n" + kOk);
  CHECK(part("10,0") == head + "0,\r\n" + kOk);
  CHECK(part("7,4") == kError);
  CHECK(part("11,0") == kError);
  CHECK(part("-1,2") == kError);
  CHECK(part("1,-1") == kError);
  CHECK(part("2147483647,2147483647") == kError);
  CHECK(bench.run("AT+SYSMFG=2,\"factory_param\",\"uart_baudrate\",6,115200") == kOk);
  CHECK(bench.send("AT+SYSMFG=1,\"factory_param\",\"uart_baudrate\",0,0\r\n").ends_with(",6,6,115200\r\n" + kOk));
  CHECK(bench.send("AT+SYSMFG=1,\"factory_param\",\"uart_baudrate\",0,1\r\n") == kError);
}

TEST_CASE("a new value replaces the old one without an erase") {
  Bench bench(Bench::of(image::Generation::nvs));
  store(bench, "\"mqtt_ca\",\"mqtt_ca\",8", "old value");
  store(bench, "\"mqtt_ca\",\"mqtt_ca\",8", "new");
  CHECK(bench.send("AT+SYSMFG=1,\"mqtt_ca\",\"mqtt_ca\"\r\n") ==
        "+SYSMFG:\"mqtt_ca\",\"mqtt_ca\",8,3,new\r\n\r\nOK\r\n");
}

TEST_CASE("integers are written in the line and read with the length of their text") {
  Bench bench(Bench::of(image::Generation::nvs));
  CHECK(bench.run("AT+SYSMFG=2,\"factory_param\",\"uart_baudrate\",6,115200") == kOk);
  CHECK(bench.send("AT+SYSMFG=1,\"factory_param\",\"uart_baudrate\"\r\n") ==
        "+SYSMFG:\"factory_param\",\"uart_baudrate\",6,6,115200\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+SYSMFG=2,\"factory_param\",\"uart_port\",2,-1") == kOk);
  CHECK(bench.send("AT+SYSMFG=1,\"factory_param\",\"uart_port\"\r\n") ==
        "+SYSMFG:\"factory_param\",\"uart_port\",2,2,-1\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+SYSMFG=2,\"factory_param\",\"byte\",1,300") == kOk);  // truncated without a word
  CHECK(bench.send("AT+SYSMFG=1,\"factory_param\",\"byte\"\r\n") ==
        "+SYSMFG:\"factory_param\",\"byte\",1,2,44\r\n\r\nOK\r\n");
}

TEST_CASE("erasing a key or a namespace") {
  Bench bench(Bench::of(image::Generation::nvs));
  store(bench, "\"client_cert\",\"client_cert.0\",8", "a");
  store(bench, "\"client_cert\",\"client_cert.1\",8", "b");
  CHECK(bench.run("AT+SYSMFG=0,\"client_cert\",\"client_cert.0\"") == kOk);
  CHECK(bench.run("AT+SYSMFG=0,\"client_cert\",\"client_cert.0\"") == kError);  // a missing key
  CHECK(bench.send("AT+SYSMFG=1,\"client_cert\"\r\n") == "+SYSMFG:\"client_cert\",\"client_cert.1\",8\r\n\r\nOK\r\n");
  CHECK(bench.run("AT+SYSMFG=0,\"client_cert\"") == kOk);
  CHECK(bench.send("AT+SYSMFG=1,\"client_cert\",\"client_cert.1\"\r\n") == kError);
  CHECK(bench.run("AT+SYSMFG=0,\"nothing\"") == kOk);  // a missing namespace
}

TEST_CASE("limits and wrong parameters are a plain ERROR") {
  Bench bench(Bench::of(image::Generation::nvs));
  bench.send("AT+SYSLOG=1\r\n");
  CHECK(bench.send("AT+SYSMFG=2,\"mqtt_ca\",\"mqtt_ca\",8,8192\r\n") == kError);
  CHECK(bench.send("AT+SYSMFG=2,\"mqtt_ca\",\"mqtt_ca\",8,0\r\n") == kError);
  CHECK(bench.send("AT+SYSMFG=2,\"mqtt_ca\",\"mqtt_ca\",9,10\r\n") == kError);
  CHECK(bench.send("AT+SYSMFG=2,\"a2345678901234_6\",\"mqtt_ca\",8,10\r\n") == kError);
  CHECK(bench.send("AT+SYSMFG=2,\"mqtt_ca\",\"a2345678901234_6\",8,10\r\n") == kError);
  CHECK(bench.send("AT+SYSMFG=2,\"mqtt_ca\"\r\n") == kError);
  CHECK(bench.send("AT+SYSMFG=0\r\n") == kError);
  CHECK(bench.send("AT+SYSMFG=1,\"mqtt_ca\",\"mqtt_ca\"\r\n") == kError);
  CHECK(bench.send("AT+SYSMFG=1,\"mqtt_ca\",\"mqtt_ca\",1\r\n") == "ERR CODE:0x01080004\r\n" + kError);
}

TEST_CASE("a NUL in a string, and a full partition, are found out when the data is there") {
  Bench bench(Bench::of(image::Generation::nvs));
  CHECK(store(bench, "\"a\",\"a\",7", std::string("a\0b", 3)) == "\r\nOK\r\n\r\n>\r\nERROR\r\n");
  std::string reply;
  for (int i = 0; i < 20 && !reply.ends_with(kError); ++i) {
    reply = store(bench, "\"space\",\"key" + std::to_string(i) + "\",8", std::string(8191, 'x'));
  }
  CHECK(reply == "\r\nOK\r\n\r\n>\r\nERROR\r\n");
}

TEST_CASE("a firmware on an old partition table has AT+SYSMFG, which always fails") {
  Options options;
  options.release = {{4, 1, 1, 0}};
  options.generation = image::Generation::pki;
  Bench bench(std::move(options));
  bench.send("AT+SYSLOG=1\r\n");
  CHECK(bench.send("AT+SYSMFG?\r\n") == kError);
  CHECK(bench.send("AT+SYSMFG=1\r\n") == kError);
  CHECK(bench.send("AT+SYSFLASH?\r\n").find("\"mqtt_ca\"") != std::string::npos);
  Bench old_release;
  old_release.send("AT+SYSLOG=1\r\n");
  CHECK(old_release.send("AT+SYSMFG?\r\n") == "ERR CODE:0x01090000\r\n" + kError);
}

TEST_CASE("the fault write-refused fails behind the data") {
  Options options = Bench::of(image::Generation::nvs);
  options.faults.add(Fault::write_refused);
  Bench bench(std::move(options));
  CHECK(store(bench, "\"mqtt_ca\",\"mqtt_ca\",8", "abc") == "\r\nOK\r\n\r\n>\r\nERROR\r\n");
  CHECK(bench.send("AT+SYSMFG=1,\"mqtt_ca\",\"mqtt_ca\"\r\n") == kError);
}

TEST_CASE("a full store refuses what is new, and keeps what it has") {
  Options options = Bench::of(image::Generation::nvs);
  options.faults.add(Fault::full_store);
  Bench bench(std::move(options));
  CHECK(store(bench, "\"mqtt_ca\",\"mqtt_ca\",8", std::string(1200, 'x')) == "\r\nOK\r\n\r\n>\r\nERROR\r\n");
  CHECK(bench.send("AT+SYSMFG=1,\"mqtt_ca\",\"mqtt_ca\"\r\n") == kError);
  CHECK(bench.send("AT+SYSMFG=1,\"full\",\"item0\"\r\n").ends_with(kOk));
}

TEST_CASE("refused-after-erase leaves nothing, erase-refused leaves all") {
  for (const Fault fault : {Fault::refused_after_erase, Fault::erase_refused}) {
    Options options = Bench::of(image::Generation::nvs);
    options.faults.add(fault);
    Bench bench(std::move(options));
    store(bench, "\"a\",\"a\",8", "old");
    const bool erases = fault == Fault::refused_after_erase;
    if (erases) CHECK(bench.run("AT+SYSMFG=2,\"a\",\"a\",1,7") == kOk);
    CHECK(bench.send("AT+SYSMFG=1,\"a\",\"a\"\r\n").ends_with(kOk));
    if (erases) {
      CHECK(store(bench, "\"a\",\"a\",8", "new").ends_with(kError));
    } else {
      CHECK(bench.run("AT+SYSMFG=0,\"a\",\"a\"") == kError);
    }
    CHECK(bench.send("AT+SYSMFG=1,\"a\",\"a\"\r\n").ends_with(erases ? kError : kOk));
  }
}

}  // namespace atcert::emulator
