// SPDX-License-Identifier: Apache-2.0
#include "soak/secrets.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

#include <fmt/core.h>
#include <openssl/evp.h>

#include "base/bytes.hpp"

namespace atcert::soak {
namespace {

constexpr std::size_t kWindow = 16;

// The base64 of a PEM text, without its lines.
std::string body_of(const std::string& pem) {
  std::string body;
  std::istringstream lines(pem);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("-----")) body += line;
  }
  return body;
}

std::string bytes_of(const std::string& base64) {
  std::string bytes(base64.size() / 4 * 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(base64.data()), static_cast<int>(base64.size()));
  bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size - std::count(base64.begin(), base64.end(), '=')));
  return bytes;
}

std::string hex_of(const std::string& bytes, bool upper) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += upper ? fmt::format("{:02X}", byte) : fmt::format("{:02x}", byte);
  }
  return text;
}

std::vector<std::string> forms_of(const std::string& pem) {
  const std::string body = body_of(pem);
  const std::string bytes = bytes_of(body);
  return {body, bytes, hex_of(bytes, false), hex_of(bytes, true)};
}

template <typename Each>
void for_each_window(std::string_view text, Each each) {
  for (std::size_t at = 0; at + kWindow <= text.size(); ++at) each(std::string(text.substr(at, kWindow)));
}

std::string without_gaps(std::string_view text) {
  std::string result;
  std::copy_if(text.begin(), text.end(), std::back_inserter(result),
               [](char c) { return std::isspace(static_cast<unsigned char>(c)) == 0; });
  return result;
}

}  // namespace

SecretWatch::SecretWatch(const std::vector<std::string>& keys, const std::vector<std::string>& certificates,
                         std::string password_core)
    : password_core_(std::move(password_core)) {
  std::unordered_set<std::string> known;
  for (const auto& pem : certificates) {
    for (const auto& form : forms_of(pem))
      for_each_window(form, [&](std::string part) { known.insert(std::move(part)); });
  }
  for (const auto& pem : keys) {
    for (const auto& form : forms_of(pem)) {
      // The first bytes say what kind of key it is, and are the same in all keys of a kind.
      const std::string_view own = std::string_view(form).substr(kWindow);
      for_each_window(own, [&](std::string part) {
        if (known.count(part) == 0) windows_.insert(std::move(part));
      });
    }
  }
}

bool SecretWatch::has_window(std::string_view text) const {
  for (std::size_t at = 0; at + kWindow <= text.size(); ++at) {
    if (windows_.count(std::string(text.substr(at, kWindow))) != 0) return true;
  }
  return false;
}

std::string SecretWatch::found_in(std::string_view text) const {
  if (text.find(password_core_) != std::string_view::npos) return "the Wi-Fi password";
  if (has_window(text) || has_window(without_gaps(text))) return "a part of a private key";
  return {};
}

}  // namespace atcert::soak
