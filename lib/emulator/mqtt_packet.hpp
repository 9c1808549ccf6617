// SPDX-License-Identifier: Apache-2.0
// MQTT 3.1.1 control packets, as a client writes and reads them (OASIS mqtt-v3.1.1-os, chapters 2 and 3). Pure and
// incremental: any split of the same bytes gives the same packets.
//
//   byte 0      type << 4 | flags
//   byte 1..4   remaining length, 7 bits a byte, lowest first, bit 7: another byte follows
//   the rest    variable header and payload; numbers are big endian, strings have a 2-byte length before them
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "emulator/mqtt_connection.hpp"

namespace atcert::emulator {

enum class MqttType : std::uint8_t {
  connect = 1,
  connack,
  publish,
  puback,
  pubrec,
  pubrel,
  pubcomp,
  subscribe,
  suback,
  unsubscribe,
  unsuback,
  pingreq,
  pingresp,
  disconnect
};

// AWS takes payloads up to 128 KiB; a larger packet can only be noise or an attack.
inline constexpr std::size_t kMaxMqttPacket = 262'144;

struct MqttConnAck {
  bool session_present = false;
  std::uint8_t code = 0;  // 0: accepted
};

struct MqttPublish {
  std::string topic = {};
  Bytes payload = {};
  std::uint8_t qos = 0;
  bool retain = false;
  bool duplicate = false;
  std::uint16_t id = 0;  // 0 with QoS 0
};

struct MqttSubAck {
  std::uint16_t id = 0;
  std::vector<std::uint8_t> codes;  // granted QoS or 0x80, one a topic filter
};

// PUBACK, PUBREC, PUBREL, PUBCOMP and UNSUBACK: nothing but the packet id that they answer.
struct MqttAck {
  MqttType type = MqttType::puback;
  std::uint16_t id = 0;
};

struct MqttPingResp {};

using MqttPacket = std::variant<MqttConnAck, MqttPublish, MqttSubAck, MqttAck, MqttPingResp>;

Secret encode_connect(const MqttConnectRequest& request);  // holds the password
Bytes encode_publish(const MqttPublish& message);
Bytes encode_subscribe(std::uint16_t id, std::string_view filter, std::uint8_t qos);
Bytes encode_unsubscribe(std::uint16_t id, std::string_view filter);
Bytes encode_ack(const MqttAck& ack);
Bytes encode_pingreq();
Bytes encode_disconnect();

// Cuts a stream into the packets that a server may send.
class MqttPacketReader {
 public:
  void feed(ByteView bytes);

  // The next packet, or nothing until more bytes come. After an Error (of kind cloud) the stream has no meaning any
  // more.
  Result<std::optional<MqttPacket>> next();

 private:
  Bytes pending_;
};

}  // namespace atcert::emulator
