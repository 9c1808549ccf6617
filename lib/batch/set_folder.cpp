// SPDX-License-Identifier: Apache-2.0
#include "batch/set_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "base/files.hpp"
#include "base/leftovers.hpp"
#include "base/unfinished.hpp"
#include "batch/held_images.hpp"

namespace atcert::batch {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
constexpr const char* kMountPoint = "it is a mount point";

Privacy privacy_of(const image::ImageFile& file) {
  return file.has_key ? Privacy::secret : Privacy::open;
}

// The manifest is the last.
std::vector<NewFile> files_of(const ImageSet& set) {
  std::vector<NewFile> files;
  for (const image::ImageFile& file : set.files) {
    files.push_back({file.name, file.bytes.reveal(), privacy_of(file)});
  }
  if (set.flash_args) files.push_back({kFlashArgs, as_bytes(*set.flash_args)});
  files.push_back({kManifestName, as_bytes(set.manifest)});
  return files;
}

// Whether the folder holds the file byte for byte, and a secret one for its owner alone.
bool has(const fs::path& folder, const NewFile& file) {
  const fs::path path = folder / file.name;
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  if (static_cast<std::size_t>(status.st_size) != file.bytes.size()) return false;
  if (file.privacy == Privacy::secret && (status.st_mode & kOthers) != 0) return false;
  const auto content = read_secret_file(path.string(), file.bytes.size());
  return content && content->equals(file.bytes);
}

const image::ImageFile* find(const ImageSet& set, const std::string& name) {
  const auto file =
      std::find_if(set.files.begin(), set.files.end(), [&](const auto& each) { return each.name == name; });
  return file != set.files.end() ? &*file : nullptr;
}

// Images of this very set, left by a run that was cut off.
bool holds_a_part(const ImageSet& set, const HeldImages& held, const fs::path& folder) {
  return std::all_of(held.images.begin(), held.images.end(), [&](const std::string& name) {
    const image::ImageFile* file = find(set, name);
    return file != nullptr && has(folder, {name, file->bytes.reveal()});
  });
}

Error taken(std::string code, const fs::path& folder, const std::string& whose, const ImageSet& set) {
  const std::string own = set.certificate.empty() ? "of no certificate" : "of certificate " + set.certificate;
  return {ErrorKind::taken,
          std::move(code),
          fmt::format("{}: holds images {}; those to be written are {}", folder.string(), whose, own),
          {},
          "give another folder, or --force to replace them"};
}

Result<void> check_strangers(const ImageSet& set, const HeldImages& held, const fs::path& folder) {
  const auto stranger = std::find_if(held.images.begin(), held.images.end(),
                                     [&](const std::string& name) { return find(set, name) == nullptr; });
  if (stranger == held.images.end()) return {};
  return Error{ErrorKind::usage,
               "folder_in_use",
               fmt::format("{}: is of an earlier build for other firmware", (folder / *stranger).string()),
               {},
               "give a new folder, or remove what is in this one; it may hold a private key"};
}

// Why the folder, which is there, cannot be exchanged for another.
std::optional<std::string> obstacle(const fs::path& folder, const HeldImages& held) {
  if (held.has_others) return "it holds other files too";
  std::error_code error;
  const fs::path current = fs::current_path(error);
  if (std::mismatch(folder.begin(), folder.end(), current.begin(), current.end()).first == folder.end()) {
    return "the current folder is in it";
  }
  struct stat own {};
  struct stat above {};
  const fs::path parent = folder_of(folder);
  if (stat(folder.c_str(), &own) != 0 || stat(parent.c_str(), &above) != 0) return std::strerror(errno);
  if (own.st_dev != above.st_dev) return kMountPoint;
  if (access(parent.c_str(), W_OK) != 0) return "no folder can be made beside it";
  return std::nullopt;
}

// File by file, where no set is yet, or a part of this one.
Result<void> place(const ImageSet& set, const HeldImages& held, const fs::path& folder, const std::string& reason) {
  std::error_code error;
  const bool manifest = fs::exists(fs::symlink_status(folder / kManifestName, error));
  if (manifest || !holds_a_part(set, held, folder)) {
    return Error{ErrorKind::usage, "folder_not_exchanged",
                 fmt::format("{}: holds images already, and cannot be exchanged as a whole", folder.string()), reason,
                 "give a new folder, or remove the images in this one"};
  }
  remove_leftovers(folder);
  for (const std::string& name : held.images) unlink((folder / name).c_str());
  unlink((folder / kFlashArgs).c_str());
  return write_new_files(folder, files_of(set));
}

// What is wrong in the hidden folder is told of its place.
Result<void> fill(const UnfinishedFolder& hidden, const ImageSet& set, const fs::path& folder) {
  auto filled = write_new_files(hidden.path(), files_of(set));
  if (filled) return filled;
  std::string& what = filled.error().what;
  const std::string name = hidden.path().string();
  if (const std::size_t at = what.find(name); at != std::string::npos) what.replace(at, name.size(), folder.string());
  return filled;
}

Result<void> make(const ImageSet& set, const fs::path& folder) {
  UnfinishedFolder hidden(folder_of(folder));
  if (!hidden.open()) return write_error(folder, errno);
  ATCERT_CHECK(fill(hidden, set, folder));
  if (!hidden.name(folder)) return write_error(folder, errno);
  return {};
}

Result<void> exchange(const ImageSet& set, const HeldImages& held, const fs::path& folder) {
  struct stat status {};
  if (access(folder.c_str(), W_OK) != 0 || stat(folder.c_str(), &status) != 0) return write_error(folder, errno);
  if (const auto reason = obstacle(folder, held)) return place(set, held, folder, *reason);
  const UnfinishedFolder hidden(folder_of(folder));
  if (!hidden.open()) return place(set, held, folder, std::strerror(errno));
  ATCERT_CHECK(fill(hidden, set, folder));
  if (!hidden.take_after(status)) return write_error(folder, errno);
  if (hidden.exchange(folder)) return {};
  // A folder that is mounted over another one of the same file system shows itself only here.
  return place(set, held, folder, errno == EBUSY ? kMountPoint : std::strerror(errno));
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

}  // namespace

Result<void> check_place(const ImageSet& set, const fs::path& folder, const WriteOptions& options) {
  if (options.force) return {};
  const HeldImages held = look_into(folder);
  const auto& theirs = held.certificates;
  if (!theirs.empty() && std::find(theirs.begin(), theirs.end(), set.certificate) == theirs.end()) {
    return taken("folder_taken", folder, "of certificate " + theirs.front(), set);
  }
  if (held.is_unknown() && !holds_a_part(set, held, folder)) {
    return taken("folder_unknown", folder, "without a manifest, of which nobody can say whose they are", set);
  }
  return check_strangers(set, held, folder);
}

Result<void> write_image_set(const ImageSet& set, const fs::path& folder, const WriteOptions& options) {
  std::error_code error;
  const bool exists = fs::is_directory(folder, error);
  // A link to a folder stands for that folder; of anything else that is no folder the error says so.
  fs::path target = exists ? fs::canonical(folder, error) : folder.has_filename() ? folder : folder.parent_path();
  if (!exists && (target == "-" || is_there(target))) return make_folders(target);
  const fs::path parent = folder_of(target);
  ATCERT_CHECK(make_folders(parent));
  if (options.alone) remove_leftovers(parent);
  ATCERT_CHECK(check_place(set, target, options));
  ATCERT_CHECK(exists ? exchange(set, look_into(target), target) : make(set, target));
  if (options.alone) sync_folder(parent);
  return {};
}

bool is_written(const ImageSet& set, const fs::path& folder) {
  if (!has(folder, {kManifestName, as_bytes(set.manifest)})) return false;
  if (!set.flash_args && is_there(folder / kFlashArgs)) return false;
  const std::vector<NewFile> files = files_of(set);
  return images_in(folder).size() == set.files.size() &&
         std::all_of(files.begin(), files.end(), [&](const NewFile& file) { return has(folder, file); });
}

}  // namespace atcert::batch
