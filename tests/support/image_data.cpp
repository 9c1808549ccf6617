// SPDX-License-Identifier: Apache-2.0
#include "support/image_data.hpp"

#include <stdexcept>

#include <zlib.h>

#include "base/files.hpp"

namespace atcert::test {
namespace {

constexpr std::size_t kMaxSize = 16 << 20;

Bytes unpack(const Bytes& packed) {
  Bytes bytes(kMaxSize);
  z_stream stream{};
  stream.next_in = const_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = bytes.data();
  stream.avail_out = static_cast<uInt>(bytes.size());
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK || inflate(&stream, Z_FINISH) != Z_STREAM_END) {
    throw std::runtime_error("bad gzip data");
  }
  inflateEnd(&stream);
  bytes.resize(stream.total_out);
  return bytes;
}

}  // namespace

Bytes image_data(const std::string& path) {
  auto bytes = read_file(std::string(ATCERT_SOURCE_DIR "/tests/image/data/") + path, kMaxSize);
  if (!bytes) throw std::runtime_error(bytes.error().what);
  return path.ends_with(".gz") ? unpack(*bytes) : std::move(*bytes);
}

}  // namespace atcert::test
