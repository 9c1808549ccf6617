// SPDX-License-Identifier: Apache-2.0
#include "module/identity.hpp"

#include <string_view>
#include <vector>

#include <fmt/core.h>

namespace atcert::module {
namespace {

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// "a(b)c": the part before the first bracket, the one in the brackets, and the one behind the last.
struct Bracketed {
  std::string_view before;
  std::string_view inside;
  std::string_view behind;
};

Bracketed split_brackets(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == text.npos) return {text, {}, {}};
  const std::size_t close = text.rfind(')');
  if (close == text.npos || close < open) return {text.substr(0, open), text.substr(open + 1), {}};
  return {text.substr(0, open), text.substr(open + 1, close - open - 1), text.substr(close + 1)};
}

std::vector<std::string_view> split_dashes(std::string_view text) {
  constexpr std::string_view kDash = " - ";
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; (end = text.find(kDash)) != text.npos; text.remove_prefix(end + kDash.size())) {
    parts.push_back(text.substr(0, end));
  }
  parts.push_back(text);
  return parts;
}

// "s-8a71d66 - ESP32C2 - Jul 30 2025 07:10:44": time alone, hash and time, or hash, chip and time.
void parse_core(std::string_view text, Identity& identity) {
  const auto parts = split_dashes(text);
  identity.core_time = parts.back();
  if (parts.size() < 2) return;
  std::string_view hash = parts.front();
  identity.silence = take(hash, "s-");
  identity.hash = hash;
  if (parts.size() > 2) identity.chip = parts[1];
}

// The release decides what is done, so it is read from what came and not from what may be shown of it.
Result<void> parse_version(std::string_view raw, std::string_view shown, Identity& identity) {
  const std::string_view version = split_brackets(raw).before;
  ATCERT_TRY(const auto, release, image::parse_release(version));
  identity.firmware = shown;
  identity.release = release;
  identity.development = version.ends_with("-dev");
  parse_core(split_brackets(shown).inside, identity);
  return {};
}

// "(7cac7ad):Nov  4 2019 06:11:40", NonOS ":May 27 2020 10:12:17".
void parse_build(std::string_view text, Identity& identity) {
  if (take(text, ":")) {
    identity.build_time = text;
    return;
  }
  Bracketed build = split_brackets(text);
  take(build.behind, ":");
  identity.build_hash = build.inside;
  identity.build_time = build.behind;
}

// ":2.0.0(WROOM-32)", NonOS "(Wroom 02):1.7.4".
void parse_bin(std::string_view text, Identity& identity) {
  take(text, ":");
  Bracketed bin = split_brackets(text);
  take(bin.behind, ":");
  std::string_view version = bin.before.empty() ? bin.behind : bin.before;
  take(version, "v");
  identity.bin_version = version;
  identity.module_name = bin.inside;
}

Error not_esp_at(std::string what) {
  return {ErrorKind::module, "not_esp_at", std::move(what), "the firmware is not ESP-AT",
          "flash an ESP-AT firmware, see Espressif's \"Released Firmware\""};
}

}  // namespace

Result<Identity> parse_identity(std::span<const OutsideText> lines) {
  Identity identity;
  for (const OutsideText& line : lines) {
    std::string_view text = line.shown();
    if (std::string_view raw = line.raw(); take(raw, "AT version:")) {
      take(text, "AT version:");
      if (!parse_version(raw, text, identity)) {
        return not_esp_at(fmt::format("the module's version cannot be read: {}", line.shown()));
      }
    } else if (take(text, "SDK version:")) {
      identity.sdk = text;
    } else if (take(text, "compile time")) {
      parse_build(text, identity);
    } else if (take(text, "Bin version")) {
      parse_bin(text, identity);
    }
  }
  if (identity.firmware.empty()) return not_esp_at("the reply to AT+GMR holds no AT version");
  return identity;
}

}  // namespace atcert::module
