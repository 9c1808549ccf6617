// SPDX-License-Identifier: Apache-2.0
#include "base/files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "base/scratch_folder.hpp"
#include "support/require.hpp"

namespace atcert {
namespace {

namespace fs = std::filesystem;

ScratchFolder scratch() {
  return test::require(ScratchFolder::create("files"));
}

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  stat(path.c_str(), &status);
  return status.st_mode & 07777U;
}

std::size_t entries_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("what is written is read back, with the permissions asked for") {
  const ScratchFolder folder = scratch();
  const fs::path file = folder.path() / "key.pem";
  REQUIRE(write_file(file, as_bytes("content"), Privacy::secret).ok());
  CHECK(mode_of(file) == 0600);
  const auto read = read_file(file.string(), 100);
  REQUIRE(read.ok());
  CHECK(as_text(*read) == "content");
}

TEST_CASE("writing replaces a file and leaves no temporary one behind") {
  const ScratchFolder folder = scratch();
  const fs::path file = folder.path() / "out.bin";
  REQUIRE(write_file(file, as_bytes("a longer first version")).ok());
  REQUIRE(write_file(file, as_bytes("second")).ok());
  CHECK(as_text(*read_file(file.string(), 100)) == "second");
  CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("writing where no folder is fails and says which file") {
  const auto result = write_file("/no/such/folder/out.bin", as_bytes("x"));
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().kind == ErrorKind::usage);
  CHECK(result.error().what.find("/no/such/folder/out.bin") != std::string::npos);
  CHECK_FALSE(result.error().remedy.empty());
}

TEST_CASE("writing over a folder fails and leaves nothing half-written") {
  const ScratchFolder folder = scratch();
  fs::create_directory(folder.path() / "taken");
  CHECK_FALSE(write_file(folder.path() / "taken", as_bytes("x")).ok());
  CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("of several files none is there when one cannot be written") {
  const ScratchFolder folder = scratch();
  const Bytes bytes(10, 'x');
  const std::vector<NewFile> bad{{"first", bytes}, {"no-folder/second", bytes}};
  CHECK_FALSE(write_new_files(folder.path(), bad).ok());
  CHECK(entries_in(folder.path()) == 0);
  const std::vector<NewFile> good{{"first", bytes, Privacy::secret}, {"second", bytes}};
  REQUIRE(write_new_files(folder.path(), good).ok());
  CHECK(entries_in(folder.path()) == 2);
  CHECK(mode_of(folder.path() / "first") == 0600);
}

TEST_CASE("a missing file is an input error that names it") {
  const auto result = read_secret_file("/no/such/file", 100);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().kind == ErrorKind::input);
  CHECK(result.error().what.find("/no/such/file") != std::string::npos);
}

TEST_CASE("a file over the limit is refused, one at the limit is read") {
  const ScratchFolder folder = scratch();
  const fs::path file = folder.path() / "big";
  REQUIRE(write_file(file, as_bytes("12345678")).ok());
  CHECK(read_file(file.string(), 8).ok());
  const auto result = read_file(file.string(), 7);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == "file_too_large");
}

TEST_CASE("files of every size about a page are read whole") {
  const ScratchFolder folder = scratch();
  const fs::path file = folder.path() / "sized";
  for (const std::size_t size : {0U, 1U, 4095U, 4096U, 4097U, 100000U}) {
    CAPTURE(size);
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i % 251);
    REQUIRE(write_file(file, bytes).ok());
    const auto secret = read_secret_file(file.string(), size);
    REQUIRE(secret.ok());
    CHECK(secret->equals(bytes));
    CHECK(*read_file(file.string(), 1 << 20) == bytes);
  }
}

TEST_CASE("what has no size of its own is read whole, and its limit holds") {
  // The kernel says 0 for the size of what it makes up while it is read.
  const auto maps = read_file("/proc/self/maps", 1 << 20);
  REQUIRE(maps.ok());
  CHECK(maps->size() > 4096);
  const auto limited = read_file("/proc/self/maps", 4096);
  REQUIRE_FALSE(limited.ok());
  CHECK(limited.error().code == "file_too_large");
}

TEST_CASE("a folder's files are read in the order of their names, without folders and large files") {
  const ScratchFolder folder = scratch();
  REQUIRE(write_file(folder.path() / "b", as_bytes("2")).ok());
  REQUIRE(write_file(folder.path() / "a", as_bytes("1")).ok());
  REQUIRE(write_file(folder.path() / "large", as_bytes("123456789")).ok());
  fs::create_directory(folder.path() / "c");
  const auto files = read_folder(folder.path().string(), 8);
  REQUIRE(files.ok());
  REQUIRE(files->size() == 2);
  CHECK((*files)[0].content.reveal_text() == "1");
  CHECK((*files)[1].content.reveal_text() == "2");
}

}  // namespace atcert
