// SPDX-License-Identifier: Apache-2.0
#include "base/leftovers.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "base/output.hpp"
#include "base/scratch_folder.hpp"
#include "base/unfinished.hpp"
#include "support/require.hpp"

namespace atcert {
namespace {

namespace fs = std::filesystem;
using Birth = UnfinishedFile::Birth;

constexpr std::string_view kKey = "the bytes of a key";

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

void die() {
  kill(getpid(), SIGKILL);
}

// Runs `work` in a process of its own, which dies in the middle of it.
template <typename Work>
void killed_in(Work work) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    work();
    _exit(1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
}

}  // namespace

TEST_CASE("a kill in the middle of a write leaves nothing where the file system knows unnamed files") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("leftovers"));
  killed_in([&] {
    UnfinishedFile file(scratch.path(), 0600);
    file.write(as_bytes(kKey));
    die();
  });
  CHECK(names_in(scratch.path()).empty());
}

TEST_CASE("what a kill leaves is removed by the next that writes there, and what a living process has is not") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("leftovers"));
  const fs::path folder = scratch.path();
  killed_in([&] {
    UnfinishedFile file(folder, 0600, Birth::hidden);
    file.write(as_bytes(kKey));
    die();
  });
  killed_in([&] {
    const UnfinishedFolder hidden(folder);
    static_cast<void>(write_new_file(hidden.path() / "key", as_bytes(kKey), Privacy::secret));
    die();
  });
  CHECK(names_in(folder).size() == 2);
  UnfinishedFile alive(folder, 0600, Birth::hidden);
  const UnfinishedFolder alive_folder(folder);
  REQUIRE(write_file(folder / "out", as_bytes("x")).ok());
  auto names = names_in(folder);
  CHECK(names.size() == 3);
  CHECK(names.contains("out"));
  CHECK(fs::exists(alive_folder.path()));
  REQUIRE(alive.write(as_bytes(kKey)));
  REQUIRE(alive.name(folder / "finished"));
  CHECK(as_text(*read_file((folder / "finished").string(), 100)) == kKey);
}

TEST_CASE("only names of ours, of files and folders, are leftovers") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("leftovers"));
  const fs::path folder = scratch.path();
  const std::set<std::string> others{".atcert-", ".atcert-abcde", ".atcert-abcdefg", ".atcert-ABCDEF", "atcert-abcdef"};
  for (const auto& name : others) REQUIRE(write_new_file(folder / name, as_bytes("x"), Privacy::open).ok());
  fs::create_symlink("/nowhere", folder / ".atcert-aaaaaa");
  REQUIRE(mkfifo((folder / ".atcert-bbbbbb").c_str(), 0600) == 0);
  remove_leftovers(folder);
  auto expected = others;
  expected.insert({".atcert-aaaaaa", ".atcert-bbbbbb"});
  CHECK(names_in(folder) == expected);
  for (int i = 0; i < 100; ++i) CHECK(is_temporary_name(temporary_name(kUnfinished), kUnfinished));
}

TEST_CASE("a file of another user is no leftover of ours") {
  if (geteuid() != 0) return;  // nobody else can give a file away
  const ScratchFolder scratch = test::require(ScratchFolder::create("leftovers"));
  const fs::path other = scratch.path() / ".atcert-abcdef";
  REQUIRE(write_file(other, as_bytes("x")).ok());
  REQUIRE(chown(other.c_str(), 65534, 65534) == 0);
  remove_leftovers(scratch.path());
  CHECK(fs::exists(other));
}

TEST_CASE("files get their names and replace others in the same way with and without unnamed files") {
  for (const Birth birth : {Birth::unnamed, Birth::hidden}) {
    const ScratchFolder scratch = test::require(ScratchFolder::create("leftovers"));
    const fs::path path = scratch.path() / "out";
    for (const std::string_view text : {"first", "second"}) {
      UnfinishedFile file(scratch.path(), 0600, birth);
      REQUIRE(file.open());
      REQUIRE(file.write(as_bytes(text)));
      CHECK(file.name(path) == (text == "first"));
      CHECK((text == "first" || file.replace(path)));
      CHECK(as_text(*read_file(path.string(), 100)) == text);
    }
    { const UnfinishedFile dropped(scratch.path(), 0600, birth); }
    fs::create_directory(scratch.path() / "folder");
    fs::create_symlink("/nowhere", scratch.path() / "link");
    UnfinishedFile file(scratch.path(), 0600, birth);
    CHECK_FALSE(file.replace(scratch.path() / "folder"));
    CHECK_FALSE(file.replace(scratch.path() / "link"));
    CHECK(fs::is_symlink(scratch.path() / "link"));
  }
}

TEST_CASE("a scratch folder that a kill left goes when the next of its name is made") {
  const ScratchFolder parent = test::require(ScratchFolder::create("leftovers"));
  const std::string before = std::getenv("TMPDIR") == nullptr ? "" : std::getenv("TMPDIR");
  setenv("TMPDIR", parent.path().c_str(), 1);
  killed_in([] {
    const auto folder = ScratchFolder::create("demo");
    static_cast<void>(write_file(folder->path() / "key", as_bytes(kKey), Privacy::secret));
    die();
  });
  CHECK(names_in(parent.path()).size() == 1);
  {
    const ScratchFolder living = test::require(ScratchFolder::create("demo"));
    const ScratchFolder second = test::require(ScratchFolder::create("demo"));
    CHECK(names_in(parent.path()) == std::set<std::string>{living.path().filename(), second.path().filename()});
    CHECK((fs::status(living.path()).permissions() & fs::perms::mask) == fs::perms::owner_all);
  }
  CHECK(names_in(parent.path()).empty());
  before.empty() ? unsetenv("TMPDIR") : setenv("TMPDIR", before.c_str(), 1);
}

TEST_CASE("a folder gets its name whole, or the place of another in one step") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("leftovers"));
  const fs::path path = scratch.path() / "set";
  for (const std::string name : {"first", "second"}) {
    UnfinishedFolder folder(scratch.path());
    REQUIRE(folder.open());
    REQUIRE(write_new_file(folder.path() / name, as_bytes("x"), Privacy::open).ok());
    CHECK(folder.name(path) == (name == "first"));
    if (name == "second") REQUIRE(folder.exchange(path));
    CHECK(names_in(path) == std::set<std::string>{name});
  }
  CHECK(names_in(scratch.path()) == std::set<std::string>{"set"});
}

}  // namespace atcert
