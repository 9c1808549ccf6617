// SPDX-License-Identifier: Apache-2.0
#include "at/error_code.hpp"

#include <array>

#include <fmt/core.h>

namespace atcert::at {
namespace {

struct Range {
  unsigned first;
  unsigned last;
  std::string_view meaning;
};

// Extensions of 0x010a.... in MQTT commands, by what they have in common.
constexpr std::array<Range, 22> kMqtt{{
    {0x6001, 0x6001, "AT+MQTTUSERCFG has not been sent since the last restart"},
    {0x6002, 0x6002, "not in this state: a client exists already, or AT+MQTTCONNCFG came first"},
    {0x6003, 0x6003, "there is nothing to clean"},
    {0x6004, 0x6004, "already connected"},
    {0x6005, 0x6005, "the module is out of memory"},
    {0x6006, 0x6006, "not connected"},
    {0x6007, 0x6008, "wrong number of parameters"},
    {0x6009, 0x600a, "the TLS parameters could not be prepared"},
    {0x600b, 0x600b, "the MQTT client could not start"},
    {0x600c, 0x600f, "the MQTT client refused: not connected, or its outbox is full"},
    {0x6010, 0x6020, "a parameter cannot be read, is missing, too long or has a wrong value"},
    {0x6021, 0x6021, "the module has no root CA, or not in a form that it can read"},
    {0x6022, 0x6022, "the stored root CA is damaged"},
    {0x6023, 0x6023, "the module has no device certificate, or not in a form that it can read"},
    {0x6024, 0x6024, "the stored device certificate is damaged"},
    {0x6025, 0x6025, "the module has no private key, or not in a form that it can read"},
    {0x6026, 0x6026, "the stored private key is damaged"},
    {0x6027, 0x604d, "a parameter cannot be read, is missing, too long or has a wrong value"},
    {0x604e, 0x604f, "the module is out of memory"},
    {0x6050, 0x6050, "the address of the broker cannot be parsed"},
    {0x6051, 0x6051, "the client is reconnecting by itself"},
    {0x6052, 0x6052, "the host name is not valid"},
}};

constexpr std::array<std::string_view, 4> kFlash{
    "there is no such partition, or it may not be used",
    "offset and length go beyond the partition, or are no multiple of 4096 where an erase needs it",
    "the module is out of memory, or the flash could not be erased",
    "the flash could not be read or written",
};

std::string execution_failed(unsigned extension, std::string_view command) {
  for (const Range& range : kMqtt) {
    if (range.first <= extension && extension <= range.last) return std::string(range.meaning);
  }
  const bool flash = command.starts_with("AT+SYSFLASH");
  if (flash && extension < kFlash.size()) return std::string(kFlash.at(extension));
  return fmt::format("the command failed with 0x{:04x}", extension);
}

}  // namespace

std::string explain(std::uint32_t code, std::string_view command) {
  const unsigned extension = code & 0xffff;
  const unsigned parameter = extension + 1;
  if (code >> 24 != 1) return fmt::format("unknown code 0x{:08x}", code);
  switch (code >> 16 & 0xff) {
    case 0x01:
      return "a common error";
    case 0x02:
      return "the line did not end with CR LF";
    case 0x03:
      return "the line did not begin with AT: bytes were lost or added on the way";
    case 0x04:
      return fmt::format("parameter {} has a wrong length", parameter);
    case 0x05:
      return fmt::format("parameter {} has a wrong type", parameter);
    case 0x06:
      return fmt::format("{} parameters are needed, {} were given", extension >> 8, extension & 0xff);
    case 0x07:
      return fmt::format("parameter {} has a wrong value", parameter);
    case 0x08:
      return fmt::format("parameter {} cannot be parsed", parameter);
    case 0x09:
      return "the firmware does not have this command";
    case 0x0a:
      return execution_failed(extension, command);
    case 0x0b:
      return "the command before it was still running";
    case 0x0c:
      return "the firmware does not have this form of the command";
    default:
      return fmt::format("unknown code 0x{:08x}", code);
  }
}

bool arrived_damaged(const Reply& reply) {
  constexpr std::uint32_t kNoLineEnd = 0x01020000;
  constexpr std::uint32_t kNoBeginning = 0x01030000;
  const auto& codes = reply.error_codes;
  return !reply.ok && std::any_of(codes.begin(), codes.end(),
                                  [](std::uint32_t code) { return code == kNoLineEnd || code == kNoBeginning; });
}

Error refusal(std::string_view command, const Reply& reply) {
  Error error{ErrorKind::module, "refused", fmt::format("the module refused {}: {}", command, reply.words()), {}, {}};
  for (const std::uint32_t code : reply.error_codes) {
    error.cause += (error.cause.empty() ? "" : "; ") + explain(code, command);
  }
  error.remedy = "compare the command with the manual of the module's release, reset the module and try again";
  return error;
}

}  // namespace atcert::at
