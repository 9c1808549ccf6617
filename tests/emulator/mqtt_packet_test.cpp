// SPDX-License-Identifier: Apache-2.0
// Expected bytes: the examples and tables of OASIS mqtt-v3.1.1-os, cited by section.
#include "emulator/mqtt_packet.hpp"

#include <doctest/doctest.h>

namespace atcert::emulator {
namespace {

Bytes connect_bytes(const MqttConnectRequest& request) {
  return to_bytes(encode_connect(request).reveal());
}

Bytes body_of(const Bytes& packet, std::size_t header_size = 2) {
  return {packet.begin() + static_cast<std::ptrdiff_t>(header_size), packet.end()};
}

// The only packet in `bytes`.
MqttPacket packet_in(const Bytes& bytes) {
  MqttPacketReader reader;
  reader.feed(bytes);
  auto packet = reader.next();
  REQUIRE(packet.ok());
  REQUIRE(packet->has_value());
  return **packet;
}

std::string error_of(const Bytes& bytes) {
  MqttPacketReader reader;
  reader.feed(bytes);
  const auto packet = reader.next();
  return packet.ok() ? "no error" : packet.error().what;
}

std::size_t publish_size(std::size_t payload) {
  return encode_publish({.topic = "a", .payload = Bytes(payload)}).size();
}

}  // namespace

TEST_CASE("CONNECT has the variable header of figure 3.6") {
  MqttConnectRequest request;
  request.username = "user";
  request.password = Secret(std::string_view("pass"));
  request.last_will = {.topic = "t", .message = "gone", .qos = 1, .retain = false};
  request.keepalive = 10;
  const Bytes body = body_of(connect_bytes(request));
  const Bytes expected = {0x00, 0x04, 'M', 'Q', 'T', 'T', 0x04, 0xCE, 0x00, 0x0A};
  CHECK(Bytes(body.begin(), body.begin() + 10) == expected);
}

TEST_CASE("CONNECT's payload is client id, will, user name, password (3.1.3)") {
  MqttConnectRequest request;
  request.client_id = "id";
  request.username = "u";
  request.password = Secret(std::string_view("p"));
  request.last_will = {.topic = "t", .message = "m", .qos = 0, .retain = true};
  const Bytes body = body_of(connect_bytes(request));
  CHECK(body[7] == 0xE6);
  const Bytes payload = {0, 2, 'i', 'd', 0, 1, 't', 0, 1, 'm', 0, 1, 'u', 0, 1, 'p'};
  CHECK(Bytes(body.begin() + 10, body.end()) == payload);
}

TEST_CASE("a password without a user name is left out (MQTT-3.1.2-22)") {
  MqttConnectRequest request;
  request.client_id = "id";
  request.clean_session = false;
  request.password = Secret(std::string_view("p"));
  const Bytes body = body_of(connect_bytes(request));
  CHECK(body[7] == 0);
  CHECK(body.size() == 10 + 4);
}

TEST_CASE("SUBSCRIBE has the id and payload of figures 3.21 and 3.23") {
  CHECK(encode_subscribe(10, "a/b", 1) == Bytes{0x82, 8, 0x00, 0x0A, 0x00, 0x03, 0x61, 0x2F, 0x62, 0x01});
}

TEST_CASE("UNSUBSCRIBE has the payload of figure 3.30") {
  CHECK(encode_unsubscribe(10, "c/d") == Bytes{0xA2, 7, 0x00, 0x0A, 0x00, 0x03, 0x63, 0x2F, 0x64});
}

TEST_CASE("PUBLISH has the variable header of figure 3.11") {
  const MqttPublish message = {.topic = "a/b", .payload = {'x'}, .qos = 1, .id = 10};
  CHECK(encode_publish(message) == Bytes{0x32, 8, 0x00, 0x03, 0x61, 0x2F, 0x62, 0x00, 0x0A, 'x'});
}

TEST_CASE("PUBLISH with QoS 0 has no packet id, and its flags are those of 3.3.1") {
  CHECK(encode_publish({.topic = "a", .retain = true}) == Bytes{0x31, 3, 0x00, 0x01, 0x61});
  CHECK(encode_publish({.topic = "a", .qos = 2, .duplicate = true, .id = 1}) ==
        Bytes{0x3C, 5, 0x00, 0x01, 0x61, 0x00, 0x01});
}

TEST_CASE("acknowledgements and packets without a body (3.4 to 3.7, 3.12, 3.14)") {
  CHECK(encode_ack({MqttType::puback, 0x1234}) == Bytes{0x40, 2, 0x12, 0x34});
  CHECK(encode_ack({MqttType::pubrec, 1}) == Bytes{0x50, 2, 0, 1});
  CHECK(encode_ack({MqttType::pubrel, 1}) == Bytes{0x62, 2, 0, 1});
  CHECK(encode_ack({MqttType::pubcomp, 1}) == Bytes{0x70, 2, 0, 1});
  CHECK(encode_pingreq() == Bytes{0xC0, 0});
  CHECK(encode_disconnect() == Bytes{0xE0, 0});
}

TEST_CASE("the remaining length grows at the borders of table 2.4") {
  // A body is 3 bytes of topic and the payload; the header is a byte and the length.
  CHECK(publish_size(127 - 3) == 127 + 2);
  CHECK(publish_size(128 - 3) == 128 + 3);
  CHECK(publish_size(16'383 - 3) == 16'383 + 3);
  CHECK(publish_size(16'384 - 3) == 16'384 + 4);
  const Bytes packet = encode_publish({.topic = "a", .payload = Bytes(321 - 3)});  // 321 = 65 + 2 * 128, section 2.2.3
  CHECK(packet[1] == 193);
  CHECK(packet[2] == 2);
}

TEST_CASE("CONNACK tells whether a session is present and the return code (3.2)") {
  const auto accepted = std::get<MqttConnAck>(packet_in({0x20, 2, 1, 0}));
  CHECK(accepted.session_present);
  CHECK(accepted.code == 0);
  CHECK(std::get<MqttConnAck>(packet_in({0x20, 2, 0, 5})).code == 5);
}

TEST_CASE("SUBACK has the return codes of figure 3.26") {
  const auto ack = std::get<MqttSubAck>(packet_in({0x90, 5, 0x00, 0x0A, 0x00, 0x02, 0x80}));
  CHECK(ack.id == 10);
  CHECK(ack.codes == std::vector<std::uint8_t>{0, 2, 0x80});
}

TEST_CASE("a received PUBLISH keeps every byte of its payload") {
  const auto message =
      std::get<MqttPublish>(packet_in({0x3D, 11, 0x00, 0x03, 0x61, 0x2F, 0x62, 0x00, 0x0A, '\r', '\n', 0x00, 0xFF}));
  CHECK(message.topic == "a/b");
  CHECK(message.payload == Bytes{'\r', '\n', 0x00, 0xFF});
  CHECK(message.qos == 2);
  CHECK(message.id == 10);
  CHECK(message.retain);
  CHECK(message.duplicate);
}

TEST_CASE("acknowledgements are told apart by type") {
  for (const MqttType type :
       {MqttType::puback, MqttType::pubrec, MqttType::pubrel, MqttType::pubcomp, MqttType::unsuback}) {
    const auto flags = type == MqttType::pubrel ? 2 : 0;
    const auto ack =
        std::get<MqttAck>(packet_in({static_cast<std::uint8_t>(static_cast<int>(type) << 4 | flags), 2, 0xAB, 0xCD}));
    CHECK(ack.type == type);
    CHECK(ack.id == 0xABCD);
  }
}

TEST_CASE("packets come out the same however the bytes are split") {
  const Bytes stream = {0xD0, 0, 0x40, 2, 0, 7, 0x30, 4, 0, 1, 'a', 'b', 0x90, 3, 0, 1, 0};
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    MqttPacketReader reader;
    std::vector<std::size_t> kinds;
    for (std::size_t offset = 0; offset < stream.size(); offset += step) {
      reader.feed(ByteView(stream).subspan(offset, std::min(step, stream.size() - offset)));
      for (auto packet = reader.next(); packet.ok() && *packet; packet = reader.next()) {
        kinds.push_back((*packet)->index());
      }
    }
    CHECK(kinds == std::vector<std::size_t>{4, 3, 1, 2});
  }
}

TEST_CASE("what no server may send is refused with its reason") {
  CHECK(error_of({0x30, 0x80, 0x80, 0x80, 0x80, 0x01}).find("more than 4 bytes") != std::string::npos);
  CHECK(error_of({0x30, 0xFF, 0xFF, 0xFF, 0x7F}).find("268435455 bytes") != std::string::npos);
  CHECK(error_of({0x36, 3, 0, 1, 'a'}).find("QoS 3") != std::string::npos);
  CHECK(error_of({0x30, 3, 0, 9, 'a'}).find("topic of 9 bytes") != std::string::npos);
  CHECK(error_of({0x30, 1, 0}).find("without a topic") != std::string::npos);
  CHECK(error_of({0x20, 1, 0}).find("CONNACK") != std::string::npos);
  CHECK(error_of({0x90, 2, 0, 1}).find("SUBACK") != std::string::npos);
  CHECK(error_of({0x40, 3, 0, 1, 0}).find("acknowledgement") != std::string::npos);
  CHECK(error_of({0x60, 2, 0, 1}).find("flags 0x0") != std::string::npos);
  CHECK(error_of({0xD0, 1, 0}).find("PINGRESP") != std::string::npos);
  CHECK(error_of({0x10, 2, 0, 0}).find("type 1") != std::string::npos);
}

}  // namespace atcert::emulator
