// SPDX-License-Identifier: Apache-2.0
// Files and folders that are not what they are to be until all of them is there. A file has no name until then
// (O_TMPFILE), so that a kill leaves nothing; where the file system does not know such files, and in the moment in
// which another file is replaced, it has a hidden name that is known as a leftover afterwards (leftovers.hpp).
// Functions that say false leave the reason in errno.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <filesystem>
#include <utility>

#include "base/bytes.hpp"
#include "base/descriptor.hpp"

namespace atcert {

class UnfinishedFile {
 public:
  enum class Birth { unnamed, hidden };  // hidden: as where the file system knows nothing else

  // In the folder in which it will get its name; open() says whether that went well.
  UnfinishedFile(std::filesystem::path folder, mode_t mode, Birth birth = Birth::unnamed);
  UnfinishedFile(UnfinishedFile&& other) noexcept;
  UnfinishedFile& operator=(UnfinishedFile&&) = delete;
  ~UnfinishedFile();

  bool open() const { return file_.open(); }
  // Also to the disk.
  bool write(ByteView bytes);

  // Gives it its name, where nothing has it.
  bool name(const std::filesystem::path& path);
  // The same where a regular file has the name, which ends that file.
  bool replace(const std::filesystem::path& path);
  // For whoever goes on writing to what has its name.
  Descriptor release() { return std::move(file_); }

 private:
  void make_hidden(mode_t mode);
  bool link(const std::filesystem::path& path) const;
  bool link_hidden();

  std::filesystem::path folder_;
  std::filesystem::path hidden_;  // its name, if it has one already
  Descriptor file_;
};

class UnfinishedFolder {
 public:
  explicit UnfinishedFolder(const std::filesystem::path& parent, mode_t mode = 0755);
  UnfinishedFolder(const UnfinishedFolder&) = delete;
  UnfinishedFolder& operator=(const UnfinishedFolder&) = delete;
  ~UnfinishedFolder();  // removes what has the hidden name

  bool open() const { return folder_.open(); }
  const std::filesystem::path& path() const { return path_; }
  // Gives it the mode of another folder, and its owner if that can be.
  bool take_after(const struct stat& other) const;

  // Gives it its name, where nothing has it.
  bool name(const std::filesystem::path& path);
  // Takes the place of the folder at `path`, which is then the one that goes. One step, also for a power cut.
  bool exchange(const std::filesystem::path& path) const;

 private:
  std::filesystem::path path_;
  Descriptor folder_;
};

// A name that was given lasts through a power cut only when its folder is on the disk.
void sync_folder(const std::filesystem::path& folder);

// All of it. Waits for room in a pipe, but not for ever.
bool write_all(int descriptor, ByteView bytes);

}  // namespace atcert
