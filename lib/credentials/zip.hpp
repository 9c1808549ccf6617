// SPDX-License-Identifier: Apache-2.0
// Private to this folder: the files in a zip archive, as AWS's console and browsers hand out certificates (PKWARE's
// APPNOTE.TXT 6.3). It is read by its central directory, in memory; what a member is called becomes part of messages
// and never a path. An archive that wants to be large, is encrypted or is in a form that is not read is refused by
// name.
#pragma once

#include <vector>

#include "base/bytes.hpp"
#include "base/named_file.hpp"
#include "base/result.hpp"

namespace atcert::credentials {

// Far above any certificate or key; larger members are left out, as larger files of a folder are.
inline constexpr std::size_t kMostMember = 1024 * 1024;
inline constexpr std::size_t kMostUnpacked = 4 * 1024 * 1024;  // of all members that are read

// Whether `bytes` begin as an archive does, an empty one too.
bool is_zip(ByteView bytes);

// The files in `archive`, in the order of its directory, each called "ARCHIVE: NAME".
Result<std::vector<NamedFile>> unzip(const NamedFile& archive);

}  // namespace atcert::credentials
