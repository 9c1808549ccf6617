// SPDX-License-Identifier: Apache-2.0
#include "batch/claims.hpp"

#include <algorithm>
#include <system_error>

#include <fmt/core.h>

#include "batch/held_images.hpp"
#include "intake/serial.hpp"

namespace atcert::batch {
namespace {

constexpr std::size_t kNamed = 5;  // of others in an error

}  // namespace

void Claims::add_folders(const std::filesystem::path& output) {
  std::error_code error;
  std::filesystem::directory_iterator entry(output, error);
  for (const std::filesystem::directory_iterator end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    std::string name = entry->path().filename().string();
    if (name.starts_with('.') || !entry->is_directory(ignored)) continue;
    for (const std::string& fingerprint : certificates_in(entry->path())) add(fingerprint, name, 0);
    folders_.emplace(intake::folded(name), std::move(name));
  }
}

void Claims::add(const std::string& fingerprint, const std::string& serial, std::size_t line) {
  holders_[fingerprint].push_back({serial, line});
}

Result<void> Claims::check(const std::string& fingerprint, const std::string& serial, std::size_t line) const {
  const auto found = holders_.find(fingerprint);
  const bool own = found != holders_.end() && std::any_of(found->second.begin(), found->second.end(),
                                                          [line](const Holder& holder) { return holder.line == line; });
  if (!own) {
    return Error{
        ErrorKind::input,
        "certificate_changed",
        fmt::format("its certificate {} is not the one that was there when the list was gone through", fingerprint),
        {},
        "give files that stay as they are (no pipes), and run it again"};
  }
  std::vector<Holder> others;
  std::copy_if(found->second.begin(), found->second.end(), std::back_inserter(others),
               [&](const Holder& holder) { return holder.serial != serial; });
  if (others.empty()) return {};
  std::sort(others.begin(), others.end(), [](const Holder& left, const Holder& right) {
    return left.line != right.line ? left.line < right.line : left.serial < right.serial;
  });
  std::string names;
  for (std::size_t i = 0; i < std::min(others.size(), kNamed); ++i) {
    const std::string place = others[i].line == 0 ? "in the output folder" : fmt::format("in line {}", others[i].line);
    names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", others[i].serial, place);
  }
  return Error{ErrorKind::taken,
               "certificate_twice",
               fmt::format("certificate {} is also that of {}{}", fingerprint, names,
                           others.size() > kNamed ? fmt::format(" and {} more", others.size() - kNamed) : ""),
               {},
               "give every unit a certificate of its own; none of these is made until then"};
}

Result<void> Claims::check_name(const std::string& serial, std::size_t line) const {
  const auto found = folders_.find(intake::folded(serial));
  if (found == folders_.end() || found->second == serial) return {};
  return Error{ErrorKind::input,
               "serial_case",
               fmt::format("line {}: the output folder holds {}, which differs from {} by upper and lower case alone",
                           line, found->second, serial),
               {},
               "write the serial as it was written before"};
}

}  // namespace atcert::batch
