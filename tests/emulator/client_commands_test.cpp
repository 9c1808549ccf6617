// SPDX-License-Identifier: Apache-2.0
// The MQTT commands: replies from published logs and ESP-AT's MQTT AT Commands, codes from its table of error codes.
#include "emulator/client_commands.hpp"

#include "bench.hpp"

namespace atcert::emulator {
namespace {

const std::string kHost = "aEXAMPLE0123456-ats.iot.us-east-2.amazonaws.com";
const std::string kConnect = "AT+MQTTCONN=0,\"" + kHost + "\",8883,1\r\n";
const std::string kConnected = "+MQTTCONNECTED:0,5,\"" + kHost + "\",\"8883\",\"\",1\r\n\r\nOK\r\n";

std::string code(const std::string& number) {
  return "ERR CODE:0x010a" + number + "\r\n";
}

// A PKI bin with one item, as AtPKI.py of 2.4.0.0 makes it (type 2 for every item).
std::string pki_bin(std::string_view content) {
  const auto byte = [](std::size_t value) { return static_cast<char>(value & 0xFF); };
  const std::size_t padded = (4 + content.size() + 3) / 4 * 4;
  std::string bin{'\xF1', '\xF1', 1, 0, byte(padded),         byte(padded >> 8),
                  0,      0,      2, 0, byte(content.size()), byte(content.size() >> 8)};
  bin += content;
  bin.resize(8 + padded, '\xFF');
  return bin;
}

// Where the layout of a WROOM-32 has them.
constexpr std::size_t kCertificate = 0x37000;
constexpr std::size_t kKey = 0x39000;
constexpr std::size_t kCa = 0x3b000;

// A module of the pki generation with credentials, joined, with error codes on.
class Client : public Bench {
 public:
  explicit Client(Options options = {}) : Bench(std::move(options)) {
    put(kCa, pki_bin("ca"));
    put(kCertificate, pki_bin("certificate"));
    put(kKey, pki_bin("key"));
    send("AT+SYSLOG=1\r\n");
    run("AT+CWMODE=1");
    run("AT+CWJAP=\"EXAMPLE-AP\",\"EXAMPLE-PASSWORD\"");
  }
  void put(std::size_t offset, std::string_view bytes) {
    flash().erase(offset, 8192);
    flash().write(offset, as_bytes(bytes));
  }
  void configure() { REQUIRE(send("AT+MQTTUSERCFG=0,5,\"esp32\",\"espressif\",\"1234567890\",0,0,\"\"\r\n") == kOk); }
  void connect() {
    configure();
    REQUIRE(send(kConnect).empty());
    REQUIRE(happens(MqttConnected{}) == kConnected);
  }
  void subscribe(const std::string& topic) {
    REQUIRE(send("AT+MQTTSUB=0,\"" + topic + "\",1\r\n").empty());
    REQUIRE(happens(MqttSubscribed{broker().last_id, 1}) == kOk);
  }
};

MqttReceived message(const std::string& topic, std::string_view payload) {
  return {topic, to_bytes(as_bytes(payload)), 1, false};
}

}  // namespace

TEST_CASE("the whole AWS sequence prints what the log of 2022 shows") {
  Client client;
  client.configure();
  CHECK(client.send(kConnect).empty());
  CHECK(client.happens(MqttConnected{}) == kConnected);
  CHECK(client.send("AT+MQTTSUB=0,\"topic/esp32at\",1\r\n").empty());
  CHECK(client.happens(MqttSubscribed{1, 1}) == kOk);
  CHECK(client.send("AT+MQTTPUB=0,\"topic/esp32at\",\"hello aws!\",1,0\r\n").empty());
  CHECK(client.broker().calls.back() == "publish topic/esp32at 1 0 hello aws!");
  CHECK(client.happens(message("topic/esp32at", "hello aws!")) == "+MQTTSUBRECV:0,\"topic/esp32at\",10,hello aws!\r\n");
  CHECK(client.happens(MqttPublished{2}) == kOk);
  CHECK(client.happens(message("topic/esp32at", "{\n  \"message\": \"Hello from AWS IoT console\"\n}")) ==
        "+MQTTSUBRECV:0,\"topic/esp32at\",45,{\n  \"message\": \"Hello from AWS IoT console\"\n}\r\n");
  CHECK(client.run("AT+MQTTCLEAN=0") == kOk);
  CHECK(client.broker().calls.back() == "disconnect");
  CHECK_FALSE(client.broker().open);
}

TEST_CASE("the connection gets what was configured and what is in flash") {
  Client client;
  client.configure();
  REQUIRE(client.send("AT+MQTTCONNCFG=0,60,1,\"will/topic\",\"gone\",1,1\r\n") == kOk);
  client.send(kConnect);
  REQUIRE(client.broker().requests.size() == 1);
  const MqttConnectRequest& request = client.broker().requests[0];
  CHECK(request.scheme == 5);
  CHECK(request.host == kHost);
  CHECK(request.port == 8883);
  CHECK(request.client_id == "esp32");
  CHECK(request.username == "espressif");
  CHECK(request.password.reveal_text() == "1234567890");
  CHECK_FALSE(request.sni);
  CHECK(request.alpn.empty());
  CHECK(request.keepalive == 60);
  CHECK_FALSE(request.clean_session);
  CHECK(request.last_will.topic == "will/topic");
  CHECK(request.last_will.message == "gone");
  CHECK(request.last_will.qos == 1);
  CHECK(request.last_will.retain);
  CHECK(request.ca.reveal_text() == "ca");
  CHECK(request.certificate.reveal_text() == "certificate");
  CHECK(request.key.reveal_text() == "key");
  CHECK(request.check_dates);
  CHECK(request.module_time < WallTime(std::chrono::hours(1)));  // the clock was never set
}

TEST_CASE("keep-alive 0 becomes 120 s") {
  Client client;
  client.configure();
  client.send("AT+MQTTCONNCFG=0,0,0,\"\",\"\",0,0\r\n");
  client.send(kConnect);
  CHECK(client.broker().requests.back().keepalive == 120);
}

TEST_CASE("credentials are read anew at every connect") {
  Client client;
  client.configure();
  client.send(kConnect);
  client.happens(MqttClosed{});
  client.put(kKey, pki_bin("another key"));
  client.send(kConnect);
  CHECK(client.broker().requests.back().key.reveal_text() == "another key");
}

TEST_CASE("a failed connect has no error code, and may be repeated") {
  Client client;
  client.configure();
  client.send(kConnect);
  CHECK(client.happens(MqttClosed{}) == "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");
  CHECK(client.send("AT+MQTTCONN?\r\n") == "+MQTTCONN:0,2,5,\"" + kHost + "\",\"8883\",\"\",1\r\n\r\nOK\r\n");
  CHECK(client.pass(std::chrono::minutes(1)).empty());  // no reconnect before the first success
  CHECK(client.send(kConnect).empty());
  CHECK(client.happens(MqttConnected{}) == kConnected);
}

TEST_CASE("missing and damaged credentials have codes") {
  Client client;
  client.configure();
  const std::string after = code("6009") + code("600a") + kError;
  SUBCASE("no CA") {
    client.flash().erase(kCa, 8192);
    CHECK(client.send(kConnect) == code("6021") + after);
  }
  SUBCASE("a bare PEM in the place of a PKI bin") {
    client.put(kCertificate, "-----BEGIN CERTIFICATE-----");
    CHECK(client.send(kConnect) == code("6023") + after);
  }
  SUBCASE("no key") {
    client.flash().erase(kKey, 8192);
    CHECK(client.send(kConnect) == code("6025") + after);
  }
  SUBCASE("a length that the partition cannot hold") {
    client.put(kCa, std::string("\xF1\xF1\x01\x00\x00\x21\x00\x00\x02\x00\x00\x21", 12));
    CHECK(client.send(kConnect) == code("6022") + after);
  }
  CHECK(client.broker().requests.empty());
}

TEST_CASE("schemes read only the items they need") {
  Client client;
  client.flash().erase(kCa, 8192);
  client.send("AT+MQTTUSERCFG=0,4,\"esp32\",\"\",\"\",0,0,\"\"\r\n");
  CHECK(client.send(kConnect).empty());
  client.happens(MqttClosed{});
  client.flash().erase(kKey, 8192);
  client.send("AT+MQTTUSERCFG=0,2,\"esp32\",\"\",\"\",0,0,\"\"\r\n");
  CHECK(client.send(kConnect).empty());
}

TEST_CASE("on mfg_nvs only a blob under the right key counts") {
  Client client(Bench::of(image::Generation::nvs));
  const auto store = [&](const std::string& where, const std::string& data) {
    client.send("AT+SYSMFG=2," + where + "," + std::to_string(data.size()) + "\r\n");
    client.send(data);
    client.pass(Milliseconds(100));
  };
  client.run("AT+SYSFLASH=0,\"mfg_nvs\"");
  client.configure();
  CHECK(client.send(kConnect).starts_with(code("6021")));
  store("\"mqtt_ca\",\"mqtt_ca\",7", "a string");
  CHECK(client.send(kConnect).starts_with(code("6021")));
  store("\"mqtt_ca\",\"mqtt_ca.0\",8", "ca");
  CHECK(client.send(kConnect).starts_with(code("6021")));
  client.run("AT+SYSMFG=0,\"mqtt_ca\"");
  store("\"mqtt_ca\",\"mqtt_ca\",8", "ca");
  CHECK(client.send(kConnect).starts_with(code("6023")));
  store("\"mqtt_cert\",\"mqtt_cert\",8", "certificate");
  CHECK(client.send(kConnect).starts_with(code("6025")));
  store("\"mqtt_key\",\"mqtt_key\",8", "key");
  CHECK(client.send(kConnect).empty());
  CHECK(client.broker().requests.back().ca.reveal_text() == "ca");
}

TEST_CASE("commands in the wrong order have their codes") {
  Client client;
  CHECK(client.send(kConnect) == code("6001") + kError);
  CHECK(client.send("AT+MQTTCONNCFG=0,0,0,\"\",\"\",0,0\r\n") == code("6001") + kError);
  CHECK(client.send("AT+MQTTCLEAN=0\r\n") == code("6003") + kError);
  CHECK(client.send("AT+MQTTPUB=0,\"t\",\"d\",0,0\r\n") == code("6006") + kError);
  CHECK(client.send("AT+MQTTSUB=0,\"t\",0\r\n") == code("6006") + kError);
  CHECK(client.send("AT+MQTTUNSUB=0,\"t\"\r\n") == code("6006") + kError);
  CHECK(client.send("AT+MQTTCONN?\r\n") == "+MQTTCONN:0,0,0,\"\",\"\",\"\",0\r\n\r\nOK\r\n");
  client.connect();
  CHECK(client.send(kConnect) == code("6004") + kError);
  CHECK(client.send("AT+MQTTUSERCFG=0,5,\"a\",\"\",\"\",0,0,\"\"\r\n") == code("6002") + kError);
  CHECK(client.send("AT+MQTTCONNCFG=0,0,0,\"\",\"\",0,0\r\n") == code("6002") + kError);
}

TEST_CASE("SNI, ALPN and long fields are taken only right after AT+MQTTUSERCFG") {
  Client client(Bench::of(image::Generation::nvs));
  const std::string sni = "AT+MQTTSNI=0,\"" + kHost + "\"\r\n";
  const std::string alpn = "AT+MQTTALPN=0,1,\"x-amzn-mqtt-ca\"\r\n";
  CHECK(client.send(sni) == code("6002") + kError);
  client.send("AT+MQTTUSERCFG=0,1,\"esp32\",\"\",\"\",0,0,\"\"\r\n");
  CHECK(client.send(sni) == kOk);
  CHECK(client.send(alpn) == kOk);
  CHECK(client.send("AT+MQTTLONGCLIENTID=0,9\r\n") == "\r\nOK\r\n\r\n>");
  CHECK(client.send("long name") == kOk);
  CHECK(client.send("AT+MQTTLONGCLIENTID=0,1025\r\n") == code("604c") + kError);
  client.send("AT+MQTTCONNCFG=0,0,0,\"\",\"\",0,0\r\n");
  CHECK(client.send(sni) == code("6002") + kError);
  CHECK(client.send(alpn) == code("6002") + kError);
  CHECK(client.send("AT+MQTTLONGCLIENTID=0,9\r\n") == code("6002") + kError);
  client.send(kConnect);
  CHECK(client.broker().requests.back().sni == kHost);
  CHECK(client.broker().requests.back().alpn == std::vector<std::string>{"x-amzn-mqtt-ca"});
  CHECK(client.broker().requests.back().client_id == "long name");
  client.happens(MqttClosed{});
  CHECK(client.send(sni) == code("6002") + kError);  // after a failed connect, too
}

TEST_CASE("releases before 3.3 do not know AT+MQTTSNI") {
  Client client;
  client.configure();
  CHECK(client.send("AT+MQTTSNI=0,\"host\"\r\n") == "ERR CODE:0x01090000\r\n" + kError);
  CHECK(client.send("AT+MQTTLONGCLIENTID=0,9\r\n") == "ERR CODE:0x01090000\r\n" + kError);
}

TEST_CASE("the host must be a bare name") {
  Client client;
  client.configure();
  const auto connect = [&](const std::string& host) { return client.send("AT+MQTTCONN=0," + host + ",8883,1\r\n"); };
  CHECK(connect("\"https://example.com\"") == code("6052") + kError);
  CHECK(connect("\"example.com:8883\"") == code("6052") + kError);
  CHECK(connect("\"\"") == code("603b") + kError);
  CHECK(connect("\"" + std::string(129, 'a') + "\"") == code("603c") + kError);
  CHECK(connect("example.com") == "ERR CODE:0x01080001\r\n" + code("603a") + kError);
  CHECK(client.send("AT+MQTTCONN=0,\"h\",65536,1\r\n") == code("603e") + kError);
  CHECK(client.send("AT+MQTTCONN=0,\"h\",8883,2\r\n") == code("6040") + kError);
  CHECK(client.send("AT+MQTTCONN=0,\"h\",8883,1,20000\r\n") == code("6008") + kError);  // came with 5.0
  CHECK(client.send("AT+MQTTCONN=1,\"h\",8883,1\r\n") == code("6011") + kError);
}

TEST_CASE("AT+MQTTUSERCFG checks its parameters in order") {
  Client client;
  CHECK(client.send("AT+MQTTUSERCFG=1,5,\"a\",\"\",\"\",0,0,\"\"\r\n") == code("6011") + kError);
  CHECK(client.send("AT+MQTTUSERCFG=0,0,\"a\",\"\",\"\",0,0,\"\"\r\n") == code("6013") + kError);
  CHECK(client.send("AT+MQTTUSERCFG=0,11,\"a\",\"\",\"\",0,0,\"\"\r\n") == code("6013") + kError);
  CHECK(client.send("AT+MQTTUSERCFG=0,5,a,\"\",\"\",0,0,\"\"\r\n") ==
        "ERR CODE:0x01080002\r\n" + code("6014") + kError);
  CHECK(client.send("AT+MQTTUSERCFG=0,5,\"a\",\"" + std::string(65, 'u') + "\",\"\",0,0,\"\"\r\n") ==
        code("6019") + kError);
  CHECK(client.send("AT+MQTTUSERCFG=0,5,\"a\",\"\",\"\",0,0,\"" + std::string(33, 'p') + "\"\r\n") ==
        code("6029") + kError);
  CHECK(client.send("AT+MQTTUSERCFG=0,5,\"a\",\"\",\"\",0,0,\"\",0\r\n") == code("6008") + kError);
}

TEST_CASE("a comma that is not escaped has the two codes of the log of 2.3.0.0") {
  Client client;
  client.connect();
  CHECK(client.send("AT+MQTTPUB=0,\"messages/log\",\"765933, 94875095\",0,0\r\n") ==
        "ERR CODE:0x01080002\r\nERR CODE:0x010a6044\r\n\r\nERROR\r\n");
  CHECK(client.send("AT+MQTTPUB=0,\"messages/log\",\"765933\\, 94875095\",0,0\r\n") == kOk);
  CHECK(client.broker().calls.back() == "publish messages/log 0 0 765933, 94875095");
}

TEST_CASE("topics are limited in length and number, and known ones are not asked for again") {
  Client client;
  client.connect();
  CHECK(client.send("AT+MQTTSUB=0,\"" + std::string(129, 't') + "\",0\r\n") == code("6043") + kError);
  CHECK(client.send("AT+MQTTSUB=0,\"\",0\r\n") == code("6042") + kError);
  CHECK(client.send("AT+MQTTSUB=0,\"t\",3\r\n") == code("6048") + kError);
  CHECK(client.send("AT+MQTTSUB?\r\n") == "+MQTTSUB:0,4,\"\",0\r\n\r\nOK\r\n");
  for (int i = 0; i < 10; ++i) client.subscribe("topic/" + std::to_string(i));
  CHECK(client.send("AT+MQTTSUB=0,\"topic/3\",1\r\n") == kOk);
  CHECK(client.send("AT+MQTTSUB=0,\"topic/10\",1\r\n") == kOk);  // told on the log port only
  CHECK(client.broker().calls.size() == 10);
  CHECK(client.send("AT+MQTTSUB?\r\n").starts_with("+MQTTSUB:0,6,\"topic/0\",1\r\n+MQTTSUB:0,6,\"topic/1\",1\r\n"));
}

TEST_CASE("unsubscribing the last topic leaves state 5") {
  Client client;
  client.connect();
  CHECK(client.send("AT+MQTTUNSUB=0,\"topic\"\r\n") == kOk);  // NO UNSUBSCRIBE goes to the log port
  client.subscribe("topic");
  CHECK(client.send("AT+MQTTUNSUB=0,\"topic\"\r\n").empty());
  CHECK(client.happens(MqttUnsubscribed{2}) == kOk);
  CHECK(client.send("AT+MQTTCONN?\r\n").starts_with("+MQTTCONN:0,5,5,"));
}

TEST_CASE("a refused subscription is noticed from 5.0 on") {
  const auto reply = [](Options options) {
    Client client(std::move(options));
    client.send("AT+MQTTUSERCFG=0,1,\"esp32\",\"\",\"\",0,0,\"\"\r\n");
    client.send(kConnect);
    client.happens(MqttConnected{});
    client.send("AT+MQTTSUB=0,\"t\",0\r\n");
    return client.happens(MqttSubscribed{1, 0x80});
  };
  CHECK(reply(Bench::of_release(4, 1)) == kOk);
  CHECK(reply(Bench::of_release(5, 0)) == kError);
}

TEST_CASE("a connection that ends takes the running command with it, without a code") {
  Client client;
  client.connect();
  client.send("AT+MQTTSUB=0,\"t\",1\r\n");
  CHECK(client.happens(MqttClosed{}) == "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");
  CHECK(client.send(kConnect) == code("6051") + kError);
  CHECK(client.send("AT+MQTTCONN?\r\n").starts_with("+MQTTCONN:0,3,5,"));
}

TEST_CASE("with reconnect=1 a lost connection is made again every 10 s, with its topics") {
  Client client;
  client.connect();
  client.subscribe("topic");
  CHECK(client.happens(MqttClosed{}) == "+MQTTDISCONNECTED:0\r\n");
  client.pass(std::chrono::seconds(9));
  CHECK(client.broker().requests.size() == 1);
  client.pass(std::chrono::seconds(2));
  CHECK(client.broker().requests.size() == 2);
  CHECK(client.happens(MqttClosed{}) == "+MQTTDISCONNECTED:0\r\n");
  client.pass(std::chrono::seconds(10));
  CHECK(client.broker().requests.size() == 3);
  CHECK(client.happens(MqttConnected{}) + kOk == kConnected);
  CHECK(client.broker().calls.back() == "subscribe topic 1");
  CHECK(client.send("AT+MQTTCONN?\r\n").starts_with("+MQTTCONN:0,6,5,"));
}

TEST_CASE("AT+MQTTCLEAN ends the reconnecting") {
  Client client;
  client.connect();
  client.happens(MqttClosed{});
  CHECK(client.run("AT+MQTTCLEAN=0") == kOk);
  client.pass(std::chrono::minutes(1));
  CHECK(client.broker().requests.size() == 1);
  CHECK(client.run("AT+MQTTCLEAN=0") == code("6003") + kError);
}

TEST_CASE("an acknowledgement that does not come is an ERROR after 10 s") {
  Client client;
  client.connect();
  client.send("AT+MQTTPUB=0,\"t\",\"d\",1,0\r\n");
  CHECK(client.pass(Milliseconds(9'900)).empty());
  CHECK(client.pass(Milliseconds(200)) == kError);
}

TEST_CASE("AT+MQTTPUBRAW ends with its own line and no OK") {
  Client client;
  client.connect();
  CHECK(client.send("AT+MQTTPUBRAW=0,\"t\",5,1,1\r\n") == "\r\nOK\r\n\r\n>");
  CHECK(client.send("a,\"\\b").empty());
  CHECK(client.broker().calls.back() == "publish t 1 1 a,\"\\b");
  CHECK(client.happens(MqttPublished{1}) == "+MQTTPUB:OK\r\n");
  client.send("AT+MQTTPUBRAW=0,\"t\",1,1,0\r\n");
  client.send("x");
  CHECK(client.happens(MqttClosed{}) == "+MQTTDISCONNECTED:0\r\n+MQTTPUB:FAIL\r\n");
  CHECK(client.send("AT\r\n") == kOk);
}

TEST_CASE("a long message comes in pieces that repeat the topic") {
  Client client;
  client.connect();
  client.subscribe("topic");
  // 1024 bytes of buffer hold a fixed header of 3, the topic of 2 + 5 and the packet id of 2 bytes.
  const std::string payload(1500, 'x');
  CHECK(client.happens(message("topic", payload)) == "+MQTTSUBRECV:0,\"topic\",1012," + std::string(1012, 'x') +
                                                         "\r\n+MQTTSUBRECV:0,\"topic\",488," + std::string(488, 'x') +
                                                         "\r\n");
  CHECK(client.happens(message("topic", "")) == "+MQTTSUBRECV:0,\"topic\",0,\r\n");
}

TEST_CASE("without a network the connect fails and leaves no request") {
  Client client;
  client.send("AT+CWQAP\r\n");
  client.pass(Milliseconds(10));
  client.configure();
  CHECK(client.run(kConnect.substr(0, kConnect.size() - 2)) == "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");
  CHECK(client.broker().requests.empty());
}

TEST_CASE("leaving the access point ends the connection") {
  Client client;
  client.connect();
  client.send("AT+CWQAP\r\n");
  CHECK(client.pass(Milliseconds(10)) == "WIFI DISCONNECT\r\n+MQTTDISCONNECTED:0\r\n");
}

TEST_CASE("faults of the MQTT client") {
  Options options;
  SUBCASE("missing-disconnected") {
    options.faults.add(Fault::missing_disconnected);
    Client client(std::move(options));
    client.configure();
    client.send(kConnect);
    CHECK(client.happens(MqttClosed{}) == kError);
  }
  SUBCASE("restart-in-mqttconn") {
    options.faults.add(Fault::restart_in_mqttconn);
    Client client(std::move(options));
    client.configure();
    CHECK(client.send(kConnect).empty());
    CHECK(client.happens(MqttConnected{}).empty());
    CHECK(client.pass(Milliseconds(1000)) == "\r\nready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n");
  }
  SUBCASE("split-subrecv") {
    options.faults.add(Fault::split_subrecv);
    Client client(std::move(options));
    client.connect();
    const std::string text = client.happens(message("topic", std::string(60, 'x')));
    CHECK(text.starts_with("+MQTTSUBRECV:0,\"topic\",37,"));
    CHECK(text.ends_with("\r\n+MQTTSUBRECV:0,\"topic\",23," + std::string(23, 'x') + "\r\n"));
  }
}

TEST_CASE("faults of the network and the broker as the MQTT client sees them") {
  Options options;
  const auto client_with = [&](const ChosenFault& fault) {
    options.faults.add(fault);
    return std::make_unique<Client>(std::move(options));
  };
  SUBCASE("connect-fails") {
    const auto client = client_with({Fault::connect_fails, 1});
    client->configure();
    CHECK(client->run(kConnect.substr(0, kConnect.size() - 2)) == "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");
    CHECK(client->send(kConnect).empty());
    CHECK(client->happens(MqttConnected{}) == kConnected);
  }
  SUBCASE("unquoted-connected") {
    const auto client = client_with({Fault::unquoted_connected, 0});
    client->configure();
    client->send(kConnect);
    CHECK(client->happens(MqttConnected{}) == "+MQTTCONNECTED:0,5," + kHost + ",8883,\"\",1\r\n" + kOk);
  }
  SUBCASE("result-first") {
    const auto client = client_with({Fault::result_first, 0});
    client->configure();
    client->send(kConnect);
    CHECK(client->happens(MqttConnected{}).starts_with(kOk + "+MQTTCONNECTED:0,5,"));
  }
  SUBCASE("taken-over") {
    const auto client = client_with({Fault::taken_over, 100});
    client->connect();
    CHECK(client->pass(Milliseconds(50)).empty());
    CHECK(client->pass(Milliseconds(100)) == "+MQTTDISCONNECTED:0\r\n");
  }
  SUBCASE("wifi-lost=connect") {
    const auto client = client_with({Fault::wifi_lost, static_cast<std::int32_t>(LossMoment::connect)});
    client->configure();
    CHECK(client->run(kConnect.substr(0, kConnect.size() - 2)) ==
          "WIFI DISCONNECT\r\n+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");
    CHECK(client->pass(Milliseconds(2000)) == "WIFI CONNECTED\r\nWIFI GOT IP\r\n");
    CHECK(client->send(kConnect).empty());
  }
  SUBCASE("wifi-lost=publish") {
    const auto client = client_with({Fault::wifi_lost, static_cast<std::int32_t>(LossMoment::publish)});
    client->connect();
    CHECK(client->run("AT+MQTTPUB=0,\"topic\",\"text\",1,0") ==
          "WIFI DISCONNECT\r\n+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");
  }
  SUBCASE("subscribe-denied") {
    const auto client = client_with({Fault::subscribe_denied, 0});
    client->connect();
    CHECK(client->run("AT+MQTTSUB=0,\"topic\",1") == "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");
  }
  SUBCASE("publish-denied") {
    const auto client = client_with({Fault::publish_denied, 0});
    client->connect();
    CHECK(client->run("AT+MQTTPUB=0,\"topic\",\"text\",1,0") == "+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n");
  }
}

TEST_CASE("faults of messages") {
  Options options;
  const auto client_with = [&](const ChosenFault& fault) {
    options.faults.add(fault);
    auto client = std::make_unique<Client>(std::move(options));
    client->connect();
    return client;
  };
  const std::string one = "+MQTTSUBRECV:0,\"topic\",3,one\r\n";
  const std::string two = "+MQTTSUBRECV:0,\"topic\",3,two\r\n";
  SUBCASE("message-late") {
    const auto client = client_with({Fault::message_late, 500});
    CHECK(client->happens(message("topic", "one")).empty());
    CHECK(client->pass(Milliseconds(600)) == one);
  }
  SUBCASE("message-lost") {
    const auto client = client_with({Fault::message_lost, 1});
    CHECK(client->happens(message("topic", "one")).empty());
    CHECK(client->happens(message("topic", "two")) == two);
  }
  SUBCASE("message-twice") {
    const auto client = client_with({Fault::message_twice, 0});
    CHECK(client->happens(message("topic", "one")) == one + one);
  }
  SUBCASE("message-replayed") {
    const auto client = client_with({Fault::message_replayed, 0});
    CHECK(client->happens(message("topic", "one")) == one);
    CHECK(client->happens(message("topic", "two")) == one);
  }
  SUBCASE("message-retained") {
    const auto client = client_with({Fault::message_retained, 0});
    CHECK(client->send("AT+MQTTSUB=0,\"topic\",1\r\n").starts_with("+MQTTSUBRECV:0,\"topic\","));
  }
  SUBCASE("other-topics") {
    const auto client = client_with({Fault::other_topics, 2});
    const std::string text = client->happens(message("topic", "one"));
    CHECK(text.starts_with("+MQTTSUBRECV:0,\"other/0\","));
    CHECK(text.find("+MQTTSUBRECV:0,\"other/1\",") != std::string::npos);
    CHECK(text.ends_with(one));
  }
}

}  // namespace atcert::emulator
