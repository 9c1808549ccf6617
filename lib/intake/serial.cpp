// SPDX-License-Identifier: Apache-2.0
#include "intake/serial.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace atcert::intake {
namespace {

constexpr std::size_t kMaxSerial = 64;
constexpr std::string_view kDevices[] = {"con", "prn", "aux", "nul"};
constexpr std::string_view kNumberedDevices[] = {"com", "lpt"};

bool is_allowed(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Names that Windows keeps for devices, with any extension ("Naming Files, Paths, and Namespaces", Microsoft Learn).
bool is_device(std::string_view serial) {
  const std::string whole = folded(serial);
  const std::string_view name = std::string_view(whole).substr(0, whole.find('.'));
  if (std::find(std::begin(kDevices), std::end(kDevices), name) != std::end(kDevices)) return true;
  return name.size() == 4 && is_digit(name.back()) &&
         std::find(std::begin(kNumberedDevices), std::end(kNumberedDevices), name.substr(0, 3)) !=
             std::end(kNumberedDevices);
}

}  // namespace

std::string serial_fault(std::string_view serial) {
  if (serial.empty() || serial.size() > kMaxSerial || !std::all_of(serial.begin(), serial.end(), is_allowed)) {
    return fmt::format("use 1 to {} letters, digits, '-', '_' and '.'", kMaxSerial);
  }
  if (serial.front() == '.') return "begin it with no dot: such a folder is hidden";
  if (serial.front() == '-') return "begin it with no dash: programs take such a name for an option";
  if (serial.back() == '.') return "end it with no dot: Windows drops it";
  if (is_device(serial)) return "choose another: Windows keeps this name for a device";
  return {};
}

std::string folded(std::string_view serial) {
  std::string lower(serial);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace atcert::intake
