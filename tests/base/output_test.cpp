// SPDX-License-Identifier: Apache-2.0
#include "base/output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/files.hpp"
#include "support/places.hpp"
#include "support/require.hpp"

namespace atcert {
namespace {

namespace fs = std::filesystem;
using test::Node;
using test::NodeAtPlace;

constexpr std::string_view kText = "the bytes of an output";

// Restores the mask of the process.
class Umask {
 public:
  explicit Umask(mode_t mask) : before_(umask(mask)) {}
  Umask(const Umask&) = delete;
  Umask& operator=(const Umask&) = delete;
  ~Umask() { umask(before_); }

 private:
  mode_t before_;
};

mode_t mode_at(const fs::path& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

bool takes_bytes(Node node) {
  return node == Node::absent || node == Node::file || (is_stream(node) && node != Node::full_device);
}

std::size_t entries_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("whatever stands in the place of an output is replaced, written into or left alone, as its kind demands") {
  for (const Node node : test::kNodes) {
    CAPTURE(name_of(node));
    const NodeAtPlace place(node);
    const auto written = write_file(place.path(), as_bytes(kText));
    CHECK(place.is_untouched());
    CHECK(written.ok() == takes_bytes(node));
    if (!written) CHECK(written.error().kind == ErrorKind::usage);
    if (!written) CHECK_FALSE(written.error().remedy.empty());
    if (node == Node::absent || node == Node::file) CHECK(place.content() == kText);
    if (node == Node::pipe || node == Node::terminal) CHECK(place.received() == kText);
  }
}

TEST_CASE("a stream of lines judges its place as a whole file does, and says at the end what did not go out") {
  for (const Node node : test::kNodes) {
    CAPTURE(name_of(node));
    const NodeAtPlace place(node);
    auto stream = OutputStream::open(place.path());
    CHECK(stream.ok() == (takes_bytes(node) || node == Node::full_device));
    CHECK(place.is_untouched());
    if (!stream) continue;
    stream->write(as_bytes("first\n"));
    if (place.mode() != 0) CHECK(place.content() == "first\n");  // under its name, and no more than this
    stream->write(as_bytes("second\n"));
    CHECK(stream->end().ok() == (node != Node::full_device));
    if (place.mode() != 0) CHECK(place.mode() == 0600);
    CHECK(place.is_untouched());
  }
  auto full = test::require(OutputStream::open("/dev/full"));
  full.write(as_bytes("first\n"));
  full.write(as_bytes("second\n"));
  CHECK(full.end().error().what == "/dev/full: 2 lines could not be written: No space left on device");
}

TEST_CASE("what is secret goes into new files of mode 0600 and nowhere else") {
  const Umask nothing_masked(0);
  for (const Node node : test::kNodes) {
    CAPTURE(name_of(node));
    const NodeAtPlace place(node);
    const bool goes = node == Node::absent || node == Node::file;
    struct stat before {};
    const bool was_there = lstat(place.path().c_str(), &before) == 0;
    const Descriptor old(goes && was_there ? open(place.path().c_str(), O_RDONLY | O_CLOEXEC) : -1);
    CHECK(write_file(place.path(), as_bytes(kText), Privacy::secret).ok() == goes);
    CHECK(place.is_untouched());
    CHECK(place.received().empty());
    CHECK(place.beside().find(kText) == std::string::npos);
    CHECK(place.mode() == (goes ? 0600 : 0));
    if (!old.open()) continue;  // who had the file open has the old one
    const auto text = test::require(read_open_file(old.get(), "old", 100));
    CHECK(text.reveal_text() == test::kOldContent);
  }
  CHECK_FALSE(write_file("-", as_bytes(kText), Privacy::secret).ok());
  CHECK_FALSE(write_file("/dev/stdout", as_bytes(kText), Privacy::secret).ok());
}

TEST_CASE("a new file takes no place that is taken") {
  for (const Node node : test::kNodes) {
    CAPTURE(name_of(node));
    const NodeAtPlace place(node);
    CHECK(write_new_file(place.path(), as_bytes(kText), Privacy::secret).ok() == (node == Node::absent));
    CHECK(place.is_untouched());
    if (node == Node::file) CHECK(place.content() == test::kOldContent);
  }
}

TEST_CASE("names of open descriptors are written into, whatever is behind them") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("output"));
  const fs::path behind = scratch.path() / "shell's";
  const Descriptor opened(open(behind.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  for (const char* folder : {"/dev/fd", "/proc/self/fd"}) {
    REQUIRE(write_file(fmt::format("{}/{}", folder, opened.get()), as_bytes("one ")).ok());
  }
  const fs::path link = scratch.path() / "link";
  fs::create_symlink(fmt::format("/proc/self/fd/{}", opened.get()), link);
  REQUIRE(write_file(link, as_bytes("two")).ok());
  CHECK(as_text(*read_file(behind.string(), 100)) == "one one two");
  CHECK_FALSE(write_file(link, as_bytes("key"), Privacy::secret).ok());
  const Descriptor for_reading(open(behind.c_str(), O_RDONLY | O_CLOEXEC));
  CHECK_FALSE(write_file(fmt::format("/dev/fd/{}", for_reading.get()), as_bytes("x")).ok());
}

TEST_CASE("a pipe without a reader is refused at once, one whose reader left is told") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("output"));
  const fs::path pipe = scratch.path() / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const auto unread = write_file(pipe, as_bytes(kText));
  REQUIRE_FALSE(unread.ok());
  CHECK(unread.error().code == "output_unread");
  Descriptor reader(open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  auto stream = test::require(OutputStream::open(pipe));
  reader.close_now();
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  stream.write(as_bytes("line\n"));
  std::signal(SIGPIPE, before);
  CHECK(stream.end().error().what.ends_with("1 line could not be written: Broken pipe"));
}

TEST_CASE("modes follow the umask, and are never wider than they should be") {
  const struct {
    mode_t mask, open_file, secret_file, folder;
  } rows[] = {{0000, 0644, 0600, 0755}, {0022, 0644, 0600, 0755}, {0027, 0640, 0600, 0750}, {0077, 0600, 0600, 0700}};
  for (const auto& row : rows) {
    CAPTURE(row.mask);
    const ScratchFolder scratch = test::require(ScratchFolder::create("output"));
    const Umask mask(row.mask);
    const fs::path folder = scratch.path() / "a" / "b";
    REQUIRE(make_folders(folder).ok());
    CHECK(mode_at(folder) == row.folder);
    CHECK(mode_at(folder.parent_path()) == row.folder);
    REQUIRE(write_file(folder / "open", as_bytes("x")).ok());
    REQUIRE(write_file(folder / "secret", as_bytes("x"), Privacy::secret).ok());
    CHECK(mode_at(folder / "open") == row.open_file);
    CHECK(mode_at(folder / "secret") == row.secret_file);
  }
}

TEST_CASE("folders are made where they can be, and \"-\" is none") {
  const NodeAtPlace file(Node::file);
  CHECK_FALSE(make_folders(file.path()).ok());
  CHECK_FALSE(make_folders(file.path() / "below").ok());
  const NodeAtPlace link(Node::dangling_link);
  CHECK_FALSE(make_folders(link.path()).ok());
  CHECK(make_folders("-").error().kind == ErrorKind::usage);
  CHECK_FALSE(fs::exists("-"));
  const NodeAtPlace folder(Node::folder);
  CHECK(make_folders(folder.path()).ok());
  CHECK(make_folders(folder.path() / "").ok());
}

TEST_CASE("an output that is opened and never written leaves its place as it was") {
  const NodeAtPlace file(Node::file);
  { const auto opened = test::require(OutputFile::open(file.path(), Privacy::open)); }
  CHECK(file.content() == test::kOldContent);
  CHECK(entries_in(file.folder()) == 1);
}

TEST_CASE("a place in a folder that is not there is refused before there is anything to write") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("output"));
  CHECK_FALSE(OutputFile::open(scratch.path() / "none" / "out", Privacy::open).ok());
  CHECK_FALSE(OutputStream::open(scratch.path() / "none" / "out").ok());
  CHECK_FALSE(OutputFile::open(scratch.path() / "none" / "", Privacy::open).ok());
  CHECK_FALSE(OutputFile::open("", Privacy::open).ok());
}

}  // namespace atcert
