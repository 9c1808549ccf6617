// SPDX-License-Identifier: Apache-2.0
#include "credentials/pem.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include <fmt/core.h>
#include <openssl/pem.h>

#include "credentials/openssl.hpp"

namespace atcert::credentials {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::string_view kSpace = " \t\r\n\v\f";

constexpr std::size_t kMostLabel = 64;

constexpr std::size_t kNone = std::string_view::npos;

bool is_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/' || c == '=';
}

void add_once(std::vector<std::string>& lines, std::string_view line) {
  if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.emplace_back(line);
}

// True when `text` has only line ends as the firmware takes them: LF and CRLF.
bool only_line_ends(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool crlf = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (text[i] != '\n' && !crlf) return false;
  }
  return true;
}

// Text around the blocks, which the firmware passes over as long as it is text and does not look like a block.
void judge_outside(std::string_view outside, PemText& text) {
  if (only_line_ends(outside)) return;
  text.outside += outside.size();
  if (outside.find('\0') != kNone) add_once(text.deviations, "there are zero bytes in it");
  if (outside.find(kBegin) != kNone || outside.find(kEnd) != kNone) {
    add_once(text.deviations, "there is a BEGIN or END without its other half");
  }
}

bool starts_with_line_end(std::string_view text) {
  return text.starts_with("\n") || text.starts_with("\r\n");
}

// How the lines between BEGIN and END differ from what the firmware takes.
void judge_body(std::string_view body, std::vector<std::string>& deviations) {
  if (!starts_with_line_end(body) || !body.ends_with('\n')) {
    add_once(deviations, "BEGIN and END are not on lines of their own");
  }
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == '\r' && (i + 1 == body.size() || body[i + 1] != '\n')) add_once(deviations, "lines end in CR alone");
    if (body[i] == ' ') {  // the firmware passes over those at the end of a line
      i = std::min(body.find_first_not_of(' ', i), body.size());
      if (!starts_with_line_end(body.substr(i))) add_once(deviations, "there are blanks inside a PEM block");
      --i;
    }
    if (body[i] == '\t') add_once(deviations, "there are blanks inside a PEM block");
  }
}

struct Frame {
  std::string_view label;
  std::string_view whole;
  std::string_view body;  // between the dashes of BEGIN and those of END
};

// RFC 7468 section 3, with only the letters that labels in use have.
bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= kMostLabel &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ") == kNone;
}

// The block that begins at the start of `text`; without a body when its END is missing. Nothing behind the next BEGIN
// is looked at, so that a text of many is read once.
std::optional<Frame> frame_at(std::string_view text) {
  const std::size_t label_end =
      text.substr(0, kBegin.size() + kMostLabel + kDashes.size()).find(kDashes, kBegin.size());
  if (label_end == kNone) return std::nullopt;
  Frame frame{text.substr(kBegin.size(), label_end - kBegin.size()), {}, {}};
  if (!is_label(frame.label)) return std::nullopt;
  const std::size_t body_start = label_end + kDashes.size();
  text = text.substr(0, text.find(kBegin, body_start));
  const std::size_t end = text.find(kEnd, body_start);
  const std::string closing = fmt::format("{}{}{}", kEnd, frame.label, kDashes);
  if (end == kNone || !text.substr(end).starts_with(closing)) return frame;
  frame.body = text.substr(body_start, end - body_start);
  frame.whole = text.substr(0, end + closing.size());
  return frame;
}

PemBlock read_block(const Frame& frame, std::vector<std::string>& deviations) {
  PemBlock block;
  block.label = frame.label;
  if (frame.body.data() == nullptr) {
    block.damage = fmt::format("the block BEGIN {} has no matching END line: it is cut off or damaged", frame.label);
  } else if (frame.body.find("ENCRYPTED") != kNone && frame.body.find(':') != kNone) {
    block.encrypted = Secret(frame.whole);
  } else {
    judge_body(frame.body, deviations);
    block.der = decode_base64(frame.body);
    if (block.der.empty()) block.damage = fmt::format("what is between BEGIN and END {} is not base64", frame.label);
  }
  return block;
}

// PEM copied out of JSON or a program: its line ends are the two characters \n, its slashes may be \/.
bool has_written_line_ends(std::string_view text) {
  const std::size_t begin = text.find(kBegin);
  if (begin == kNone) return false;
  const std::size_t dashes = text.find(kDashes, begin + kBegin.size());
  if (dashes == kNone) return false;
  const std::string_view rest = text.substr(dashes + kDashes.size());
  return rest.starts_with("\\n") || rest.starts_with("\\r\\n");
}

Secret with_real_line_ends(std::string_view text) {
  Secret out = Secret::of_size(text.size());
  std::size_t size = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      const char escaped = text[++i];
      if (escaped == 'r') continue;
      c = escaped == 'n' ? '\n' : escaped;
    }
    out.writable()[size++] = static_cast<std::uint8_t>(c);
  }
  out.shrink(size);
  return out;
}

// UTF-16 as Windows' shell writes it; the upper bytes are dropped where they are zero.
Secret from_utf16(ByteView content, bool little_endian) {
  Secret out = Secret::of_size(content.size() / 2);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint8_t low = content[2 * i + (little_endian ? 0 : 1)];
    const std::uint8_t high = content[2 * i + (little_endian ? 1 : 0)];
    out.writable()[i] = high == 0 ? low : std::uint8_t{'?'};
  }
  return out;
}

}  // namespace

Secret plain_text(ByteView content, std::vector<std::string>& deviations) {
  const std::string_view text = as_text(content);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    deviations.emplace_back("it is UTF-16 text");
    return from_utf16(content.subspan(2), text.starts_with("\xff\xfe"));
  }
  if (text.starts_with("\xef\xbb\xbf")) {
    deviations.emplace_back("it begins with a byte order mark");
    content = content.subspan(3);
  }
  return Secret(content);
}

PemText read_pem(const Secret& given) {
  PemText result;
  Secret unescaped;
  if (has_written_line_ends(given.reveal_text())) {
    unescaped = with_real_line_ends(given.reveal_text());
    result.deviations.emplace_back("its line ends are written as \\n, as in JSON");
  }
  const std::string_view text = unescaped.empty() ? given.reveal_text() : unescaped.reveal_text();
  std::size_t position = 0;
  while (true) {
    const std::size_t begin = text.find(kBegin, position);
    const std::string_view outside = text.substr(position, begin == kNone ? kNone : begin - position);
    judge_outside(outside, result);
    if (begin == kNone) break;
    const std::optional<Frame> frame = frame_at(text.substr(begin));
    if (frame && result.blocks.size() == kMostItems) {
      result.blocks.clear();
      result.too_many = true;
      break;
    }
    if (frame) result.blocks.push_back(read_block(*frame, result.deviations));
    position = begin + (frame && !frame->whole.empty() ? frame->whole.size() : kBegin.size());
  }
  return result;
}

Secret decode_base64(std::string_view body) {
  Secret compact = Secret::of_size(body.size());
  std::size_t size = 0;
  for (const char c : body) {
    if (is_base64(c)) {
      compact.writable()[size++] = static_cast<std::uint8_t>(c);
    } else if (kSpace.find(c) == kNone) {
      return {};
    }
  }
  compact.shrink(size);
  const std::string_view text = compact.reveal_text();
  const std::size_t padding = text.size() - (text.find_last_not_of('=') + 1);
  if (size == 0 || size % 4 != 0 || padding > 2 || text.find('=') < size - padding) return {};
  Secret decoded = Secret::of_size(size / 4 * 3);
  if (EVP_DecodeBlock(decoded.writable().data(), compact.reveal().data(), static_cast<int>(size)) < 0) return {};
  decoded.shrink(decoded.size() - padding);
  return decoded;
}

// Not by PEM_write_bio: what encodes there is given back with the last line of the key in it.
Secret write_pem(const std::string& label, ByteView der) {
  constexpr std::size_t kBytes = 48;       // of a line
  constexpr std::size_t kCharacters = 64;  // that they become
  Secret pem(fmt::format("-----BEGIN {}-----\n", label));
  Secret line = Secret::of_size(kCharacters + 1);
  for (; !der.empty(); der = der.subspan(std::min(der.size(), kBytes))) {
    const ByteView part = der.first(std::min(der.size(), kBytes));
    const int size = EVP_EncodeBlock(line.writable().data(), part.data(), static_cast<int>(part.size()));
    pem.append(line.reveal().first(static_cast<std::size_t>(size)));
    pem.append("\n");
  }
  pem.append(fmt::format("-----END {}-----\n", label));
  return pem;
}

}  // namespace atcert::credentials
