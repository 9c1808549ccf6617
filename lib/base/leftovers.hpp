// SPDX-License-Identifier: Apache-2.0
// What a run that was killed leaves behind, and how the next one knows it. A file or folder that must not outlive its
// owner has a name that says so, a prefix and six letters, and its owner holds a lock (flock) on it, which the system
// takes away with the process: without the lock it is a leftover.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"

namespace atcert {

// The prefix of what is being written beside its place.
inline constexpr std::string_view kUnfinished = ".atcert-";

// `prefix` and six letters.
std::string temporary_name(std::string_view prefix);
bool is_temporary_name(std::string_view name, std::string_view prefix);

// Locks what was just made at `path`. False when a sweep was quicker and has removed it: make another.
bool lock_temporary(const std::filesystem::path& path, const Descriptor& opened);

// Removes the leftovers of this user that lie directly in `folder`. For once a run and folder: it reads all names
// there.
void remove_leftovers(const std::filesystem::path& folder, std::string_view prefix = kUnfinished);

}  // namespace atcert
