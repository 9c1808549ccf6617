// SPDX-License-Identifier: Apache-2.0
#include "at/counted_head.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace atcert::at {
namespace {

constexpr std::string_view kData = "+CIPRECVDATA:";

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

std::optional<std::size_t> count(std::string_view text) {
  std::size_t value = 0;
  if (!is_number(text) || text.size() > 6) return std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value <= kMaxCounted ? std::optional(value) : std::nullopt;
}

// Splits the last field off "a,b,c": "c", leaving "a,b".
std::string_view take_last(std::string_view& fields) {
  const std::size_t comma = fields.rfind(',');
  const std::string_view last = comma == fields.npos ? fields : fields.substr(comma + 1);
  fields = comma == fields.npos ? std::string_view() : fields.substr(0, comma);
  return last;
}

bool is_quoted(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"';
}

// `fields` without a closing `,"<address>",<port>`.
std::string_view without_peer(std::string_view fields) {
  std::string_view rest = fields;
  const std::string_view port = take_last(rest);
  const std::string_view address = take_last(rest);
  return is_number(port) && is_quoted(address) ? rest : fields;
}

std::optional<std::size_t> message_size(std::string_view fields) {
  const std::string_view size = take_last(fields);
  const std::size_t comma = fields.find(',');
  if (comma == fields.npos || !is_number(fields.substr(0, comma)) || !is_quoted(fields.substr(comma + 1))) {
    return std::nullopt;
  }
  return count(size);
}

std::optional<std::size_t> item_size(std::string_view fields) {
  const std::string_view size = take_last(fields);
  const std::string_view type = take_last(fields);
  const bool raw = type == "7" || type == "8";
  const bool two_names = is_quoted(fields) && fields.find("\",\"") != fields.npos;
  return raw && two_names ? count(size) : std::nullopt;
}

std::optional<std::size_t> packet_size(std::string_view fields) {
  fields = without_peer(fields);
  const std::string_view size = take_last(fields);
  return fields.empty() || is_number(fields) ? count(size) : std::nullopt;
}

}  // namespace

std::optional<std::size_t> counted_size(std::string_view head) {
  if (head.size() < 2) return std::nullopt;
  const char end = head.back();
  std::string_view fields = head.substr(0, head.size() - 1);
  if (end == ':') return take(fields, "+IPD,") ? packet_size(fields) : std::nullopt;
  if (end != ',') return std::nullopt;
  if (take(fields, "+MQTTSUBRECV:")) return message_size(fields);
  if (take(fields, "+SYSMFG:")) return item_size(fields);
  if (take(fields, "+SYSFLASH:")) return count(fields);
  if (take(fields, kData)) return count(without_peer(fields));
  return std::nullopt;
}

bool may_go_on(std::string_view head) {
  return take(head, kData) && std::count(head.begin(), head.end(), ',') == 1;
}

}  // namespace atcert::at
