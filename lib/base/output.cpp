// SPDX-License-Identifier: Apache-2.0
#include "base/output.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/core.h>

#include "base/leftovers.hpp"
#include "base/plural.hpp"

namespace atcert {
Result<OutputFile> OutputFile::open(const std::filesystem::path& path, Privacy privacy) {
  ATCERT_TRY(Place, place, find_place(path, privacy));
  OutputFile output(std::move(place));
  if (output.place_.is_stream) {
    ATCERT_TRY(Descriptor, stream, open_stream(output.place_));
    output.stream_ = std::move(stream);
    return output;
  }
  remove_leftovers(folder_of(path));
  output.file_.emplace(folder_of(path), mode_of(privacy));
  if (!output.file_->open()) return write_error(path, errno);
  return output;
}

Result<void> OutputFile::write(ByteView bytes) {
  const bool written = file_ ? file_->write(bytes) && file_->replace(place_.path) : write_all(stream_.get(), bytes);
  if (!written) return write_error(place_.path, errno);
  if (file_) sync_folder(folder_of(place_.path));
  return {};
}

Result<void> OutputFile::write_new(ByteView bytes) {
  const bool written = file_ ? file_->write(bytes) && file_->name(place_.path) : write_all(stream_.get(), bytes);
  if (!written) return write_error(place_.path, errno);
  if (file_) sync_folder(folder_of(place_.path));
  return {};
}

Result<OutputStream> OutputStream::open(const std::filesystem::path& path) {
  ATCERT_TRY(Place, place, find_place(path, Privacy::personal));
  if (place.is_stream) {
    ATCERT_TRY(Descriptor, stream, open_stream(place));
    return OutputStream(std::move(place), std::move(stream));
  }
  remove_leftovers(folder_of(path));
  UnfinishedFile file(folder_of(path), mode_of(Privacy::personal));
  if (!file.open() || !file.replace(path)) return write_error(path, errno);
  return OutputStream(std::move(place), file.release());
}

void OutputStream::write(ByteView bytes) {
  if (error_ == ETIMEDOUT) {  // its reader is not waited for again
    ++failed_;
  } else if (!write_all(file_.get(), bytes)) {
    ++failed_;
    if (error_ == 0 || errno == ETIMEDOUT) error_ = errno;
  }
}

Result<void> OutputStream::end() const {
  if (failed_ == 0) return {};
  return Error{ErrorKind::usage,
               "output_incomplete",
               fmt::format("{}: {} could not be written: {}", place_.path.string(), counted(failed_, "line"),
                           std::strerror(error_)),
               {},
               "check that its disk has room, or that its reader reads"};
}

}  // namespace atcert
