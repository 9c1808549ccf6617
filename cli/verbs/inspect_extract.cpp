// SPDX-License-Identifier: Apache-2.0
#include "verbs/inspect_extract.hpp"

#include <cctype>
#include <filesystem>
#include <system_error>

#include <fmt/core.h>

#include "base/files.hpp"

namespace atcert::cli {
namespace {

constexpr mode_t kSecretMode = 0600;
constexpr mode_t kPlainMode = 0644;

// A file's name cannot lead out of the folder, whatever an image calls its keys.
std::string file_name(const ReadItem& item, std::size_t index) {
  std::string name = item.item->slot.empty() ? item.item->key : item.item->slot + "." + item.item->key;
  for (char& letter : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' || letter == '-';
    if (!plain && letter != '.') letter = '_';
  }
  const bool der = !item.contents.empty() && item.contents[0].label.empty();
  return fmt::format("{:02}-{}.{}", index, name, item.contents.empty() ? "bin" : der ? "der" : "pem");
}

}  // namespace

Result<void> extract(const InspectedFile& file, const std::string& folder, Ui& ui) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (std::size_t i = 0; i < file.items.size(); ++i) {
    const auto path = std::filesystem::path(folder) / file_name(file.items[i], i);
    const mode_t mode = file.items[i].is_secret() ? kSecretMode : kPlainMode;
    ATCERT_CHECK(write_file(path, file.items[i].item->content.reveal(), mode));
    ui.say("written: " + path.string());
  }
  return {};
}

}  // namespace atcert::cli
