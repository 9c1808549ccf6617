// SPDX-License-Identifier: Apache-2.0
#include "emulator/mqtt_packet.hpp"

#include <utility>

#include <fmt/core.h>

#include "base/plural.hpp"

namespace atcert::emulator {
namespace {

constexpr std::uint8_t kProtocolLevel = 4;

// Flags of CONNECT (section 3.1.2.3).
constexpr unsigned kCleanSession = 0x02;
constexpr unsigned kWill = 0x04;
constexpr unsigned kWillRetain = 0x20;
constexpr unsigned kPassword = 0x40;
constexpr unsigned kUsername = 0x80;

// Flags of PUBLISH (section 3.3.1).
constexpr unsigned kRetain = 0x01;
constexpr unsigned kDuplicate = 0x08;

// Flags that are fixed for a type (table 2.2).
std::uint8_t fixed_flags(MqttType type) {
  const bool set = type == MqttType::pubrel || type == MqttType::subscribe || type == MqttType::unsubscribe;
  return set ? 0x02 : 0x00;
}

// Builds in a Secret or in Bytes, after what the packet is.
void append(Secret& to, ByteView bytes) {
  to.append(bytes);
}

void append(Bytes& to, ByteView bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

template <typename Sink>
void append_u16(Sink& to, std::size_t value) {
  const std::uint8_t bytes[] = {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
  append(to, bytes);
}

template <typename Sink>
void append_string(Sink& to, std::string_view text) {
  append_u16(to, text.size());
  append(to, as_bytes(text));
}

template <typename Sink>
Sink packet_of(MqttType type, unsigned flags, ByteView body) {
  Bytes header = {static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4 | flags)};
  std::size_t rest = body.size();
  do {
    const std::size_t more = rest > 127 ? 0x80 : 0;
    header.push_back(static_cast<std::uint8_t>((rest % 128) | more));
    rest /= 128;
  } while (rest > 0);
  Sink packet;
  append(packet, header);
  append(packet, body);
  return packet;
}

std::uint8_t connect_flags(const MqttConnectRequest& request) {
  unsigned flags = request.clean_session ? kCleanSession : 0;
  if (!request.last_will.topic.empty()) {
    flags |= kWill | static_cast<unsigned>(request.last_will.qos) << 3;
    if (request.last_will.retain) flags |= kWillRetain;
  }
  if (!request.username.empty()) flags |= kUsername;
  // A password without a user name is not allowed (MQTT-3.1.2-22).
  if (!request.username.empty() && !request.password.empty()) flags |= kPassword;
  return static_cast<std::uint8_t>(flags);
}

Error malformed(std::string_view what) {
  return {ErrorKind::cloud, "mqtt_malformed", fmt::format("the broker sent a malformed MQTT packet: {}", what),
          "what answers at this address is no MQTT 3.1.1 broker", "check the broker's address and port"};
}

// A packet in the buffer: where its body starts and ends.
struct Frame {
  MqttType type;
  std::uint8_t flags;
  std::size_t header_size;
  std::size_t body_size;
};

// Nothing: the header is not complete yet.
Result<std::optional<Frame>> read_header(ByteView bytes) {
  std::size_t size = 0;
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    if (i > 4) return malformed("its length has more than 4 bytes");
    size |= static_cast<std::size_t>(bytes[i] & 0x7F) << 7 * (i - 1);
    if ((bytes[i] & 0x80) != 0) continue;
    if (size > kMaxMqttPacket) return malformed(fmt::format("its length is {} bytes", size));
    return std::optional<Frame>(
        Frame{static_cast<MqttType>(bytes[0] >> 4), static_cast<std::uint8_t>(bytes[0] & 0x0F), i + 1, size});
  }
  return std::optional<Frame>();
}

std::uint16_t u16_at(ByteView bytes, std::size_t offset) {
  return static_cast<std::uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
}

Result<MqttPacket> decode_connack(ByteView body) {
  if (body.size() != 2) return malformed(fmt::format("CONNACK with {} instead of 2", counted(body.size(), "byte")));
  return MqttPacket(MqttConnAck{(body[0] & 1) != 0, body[1]});
}

Result<MqttPacket> decode_ack(MqttType type, ByteView body) {
  if (body.size() != 2)
    return malformed(fmt::format("an acknowledgement with {} instead of 2", counted(body.size(), "byte")));
  return MqttPacket(MqttAck{type, u16_at(body, 0)});
}

Result<MqttPacket> decode_suback(ByteView body) {
  if (body.size() < 3) return malformed("SUBACK with " + counted(body.size(), "byte"));
  return MqttPacket(MqttSubAck{u16_at(body, 0), to_bytes(body.subspan(2))});
}

Result<MqttPacket> decode_publish(unsigned flags, ByteView body) {
  MqttPublish message;
  message.retain = (flags & kRetain) != 0;
  message.duplicate = (flags & kDuplicate) != 0;
  message.qos = static_cast<std::uint8_t>(flags >> 1 & 3);
  if (message.qos == 3) return malformed("PUBLISH with QoS 3");
  const std::size_t id_size = message.qos > 0 ? 2 : 0;
  if (body.size() < 2) return malformed("PUBLISH without a topic");
  const std::size_t topic_size = u16_at(body, 0);
  if (2 + topic_size + id_size > body.size()) {
    return malformed(fmt::format("PUBLISH with a topic of {} bytes in a body of {}", topic_size, body.size()));
  }
  message.topic = as_text(body.subspan(2, topic_size));
  if (id_size > 0) message.id = u16_at(body, 2 + topic_size);
  message.payload = to_bytes(body.subspan(2 + topic_size + id_size));
  return MqttPacket(std::move(message));
}

Result<MqttPacket> decode(const Frame& frame, ByteView body) {
  if (frame.type == MqttType::publish) return decode_publish(frame.flags, body);
  if (frame.flags != fixed_flags(frame.type)) return malformed(fmt::format("flags 0x{:x}", frame.flags));
  switch (frame.type) {
    case MqttType::connack:
      return decode_connack(body);
    case MqttType::suback:
      return decode_suback(body);
    case MqttType::puback:
    case MqttType::pubrec:
    case MqttType::pubrel:
    case MqttType::pubcomp:
    case MqttType::unsuback:
      return decode_ack(frame.type, body);
    case MqttType::pingresp:
      if (!body.empty()) return malformed("PINGRESP with a body");
      return MqttPacket(MqttPingResp{});
    default:
      return malformed(fmt::format("type {}, which no server sends", static_cast<unsigned>(frame.type)));
  }
}

}  // namespace

Secret encode_connect(const MqttConnectRequest& request) {
  const std::uint8_t flags = connect_flags(request);
  Secret body;
  append_string(body, "MQTT");
  append(body, Bytes{kProtocolLevel, flags});
  append_u16(body, request.keepalive);
  append_string(body, request.client_id);
  if ((flags & kWill) != 0) {
    append_string(body, request.last_will.topic);
    append_string(body, request.last_will.message);
  }
  if ((flags & kUsername) != 0) append_string(body, request.username);
  if ((flags & kPassword) != 0) append_string(body, request.password.reveal_text());
  return packet_of<Secret>(MqttType::connect, 0, body.reveal());
}

Bytes encode_publish(const MqttPublish& message) {
  unsigned flags = static_cast<unsigned>(message.qos) << 1;
  if (message.retain) flags |= kRetain;
  if (message.duplicate) flags |= kDuplicate;
  Bytes body;
  append_string(body, message.topic);
  if (message.qos > 0) append_u16(body, message.id);
  append(body, message.payload);
  return packet_of<Bytes>(MqttType::publish, flags, body);
}

Bytes encode_subscribe(std::uint16_t id, std::string_view filter, std::uint8_t qos) {
  Bytes body;
  append_u16(body, id);
  append_string(body, filter);
  body.push_back(qos);
  return packet_of<Bytes>(MqttType::subscribe, fixed_flags(MqttType::subscribe), body);
}

Bytes encode_unsubscribe(std::uint16_t id, std::string_view filter) {
  Bytes body;
  append_u16(body, id);
  append_string(body, filter);
  return packet_of<Bytes>(MqttType::unsubscribe, fixed_flags(MqttType::unsubscribe), body);
}

Bytes encode_ack(const MqttAck& ack) {
  Bytes body;
  append_u16(body, ack.id);
  return packet_of<Bytes>(ack.type, fixed_flags(ack.type), body);
}

Bytes encode_pingreq() {
  return packet_of<Bytes>(MqttType::pingreq, 0, {});
}

Bytes encode_disconnect() {
  return packet_of<Bytes>(MqttType::disconnect, 0, {});
}

void MqttPacketReader::feed(ByteView bytes) {
  append(pending_, bytes);
}

Result<std::optional<MqttPacket>> MqttPacketReader::next() {
  ATCERT_TRY(const auto, frame, read_header(pending_));
  if (!frame || pending_.size() < frame->header_size + frame->body_size) return std::optional<MqttPacket>();
  ATCERT_TRY(auto, packet, decode(*frame, ByteView(pending_).subspan(frame->header_size, frame->body_size)));
  pending_.erase(pending_.begin(),
                 pending_.begin() + static_cast<std::ptrdiff_t>(frame->header_size + frame->body_size));
  return std::optional<MqttPacket>(std::move(packet));
}

}  // namespace atcert::emulator
