// SPDX-License-Identifier: Apache-2.0
// What stands where an output is to go, judged before a byte is written. A regular file will be replaced. A device, a
// pipe and an open descriptor ("-", /dev/stdout, /dev/fd/3) are written into and stay what they are. A folder is
// refused, and so is a symbolic link to a file or to nowhere: whoever made the link would choose what is overwritten.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "base/descriptor.hpp"
#include "base/result.hpp"

namespace atcert {

enum class Privacy {
  open,      // anybody may read it: a file of mode 0644, less what the umask takes
  personal,  // a file of mode 0600
  secret,    // it may hold a key: a new file of mode 0600, and nothing else
};

// Of a new file; the umask takes from it.
constexpr mode_t mode_of(Privacy privacy) {
  return privacy == Privacy::open ? 0644 : 0600;
}

struct Place {
  std::filesystem::path path;
  bool is_stream = false;  // to be written into
  int descriptor = -1;     // of ours, which the path of a stream stands for
};

// Errors are of kind usage.
Result<Place> find_place(const std::filesystem::path& path, Privacy privacy);

// For writing into a stream. An error: nobody reads from the pipe; it cannot be written.
Result<Descriptor> open_stream(const Place& place);

// What errno says of writing to `path`.
Error write_error(const std::filesystem::path& path, int error_number);

// The folder that a file lies in.
std::filesystem::path folder_of(const std::filesystem::path& path);

// Makes the folder and those above it where they are missing, with mode 0755, less what the umask takes.
Result<void> make_folders(const std::filesystem::path& folder);

}  // namespace atcert
