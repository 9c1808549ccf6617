// SPDX-License-Identifier: Apache-2.0
#include "verbs/inspect_extract.hpp"

#include <cctype>
#include <filesystem>

#include <fmt/core.h>

#include "base/files.hpp"

namespace atcert::cli {
namespace {

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
  ATCERT_CHECK(make_folders(folder));
  for (std::size_t i = 0; i < file.items.size(); ++i) {
    const auto path = std::filesystem::path(folder) / file_name(file.items[i], i);
    const Privacy privacy = file.items[i].is_secret() ? Privacy::secret : Privacy::open;
    ATCERT_CHECK(write_file(path, file.items[i].item->content.reveal(), privacy));
    ui.say("written: " + path.string());
  }
  return {};
}

}  // namespace atcert::cli
