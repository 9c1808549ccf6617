// SPDX-License-Identifier: Apache-2.0
#include "support/places.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "support/require.hpp"

namespace atcert::test {
namespace {

namespace fs = std::filesystem;

void put(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
  fs::permissions(path, fs::perms(0666));
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool is_device(const fs::path& path, unsigned major_number, unsigned minor_number) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISCHR(status.st_mode) && major(status.st_rdev) == major_number &&
         minor(status.st_rdev) == minor_number;
}

// A pseudo-terminal, which the output has for its end; this one reads.
Descriptor open_terminal(fs::path& name) {
  Descriptor master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  std::array<char, 64> text{};
  REQUIRE(grantpt(master.get()) == 0);
  REQUIRE(unlockpt(master.get()) == 0);
  REQUIRE(ptsname_r(master.get(), text.data(), text.size()) == 0);
  name = text.data();
  return master;
}

}  // namespace

std::string_view name_of(Node node) {
  constexpr std::string_view kNames[] = {"absent",           "file",   "link to a file", "link to nowhere",
                                         "link to a device", "device", "full device",    "pipe",
                                         "terminal",         "folder"};
  return kNames[static_cast<std::size_t>(node)];
}

bool is_stream(Node node) {
  return node == Node::link_to_device || node == Node::device || node == Node::full_device || node == Node::pipe ||
         node == Node::terminal;
}

NodeAtPlace::NodeAtPlace(Node node)
    : scratch_(require(ScratchFolder::create("place"))), node_(node), path_(scratch_.path() / "out") {
  switch (node) {
    case Node::absent:
      break;
    case Node::file:
      put(path_, kOldContent);
      break;
    case Node::link_to_file:
      target_ = scratch_.path() / "precious";
      put(target_, kOldContent);
      fs::create_symlink(target_, path_);
      break;
    case Node::dangling_link:
      target_ = scratch_.path() / "nowhere";
      fs::create_symlink(target_, path_);
      break;
    case Node::link_to_device:
      target_ = "/dev/null";
      fs::create_symlink(target_, path_);
      break;
    case Node::device:
      path_ = "/dev/null";
      break;
    case Node::full_device:
      path_ = "/dev/full";
      break;
    case Node::pipe:
      REQUIRE(mkfifo(path_.c_str(), 0600) == 0);
      reader_ = Descriptor(open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
      REQUIRE(reader_.open());
      break;
    case Node::terminal:
      reader_ = open_terminal(path_);
      break;
    case Node::folder:
      fs::create_directory(path_);
      break;
  }
}

bool NodeAtPlace::is_untouched() const {
  const fs::file_type type = fs::symlink_status(path_).type();
  switch (node_) {
    case Node::absent:
    case Node::file:
      return type == fs::file_type::regular || type == fs::file_type::not_found;
    case Node::link_to_file:
      return type == fs::file_type::symlink && read(target_) == kOldContent;
    case Node::dangling_link:
      return type == fs::file_type::symlink && !fs::exists(target_);
    case Node::link_to_device:
      return type == fs::file_type::symlink && is_device(target_, 1, 3);
    case Node::device:
      return is_device(path_, 1, 3);
    case Node::full_device:
      return is_device(path_, 1, 7);
    case Node::pipe:
      return type == fs::file_type::fifo;
    case Node::terminal:
      return type == fs::file_type::character;
    case Node::folder:
      return type == fs::file_type::directory;
  }
  return false;
}

std::string NodeAtPlace::received() const {
  std::string text;
  std::array<char, 4096> part;
  pollfd ready{reader_.get(), POLLIN, 0};
  while (reader_.open() && poll(&ready, 1, 0) > 0 && (ready.revents & POLLIN) != 0) {
    const ssize_t count = ::read(reader_.get(), part.data(), part.size());
    if (count <= 0) break;
    text.append(part.data(), static_cast<std::size_t>(count));
  }
  return text;
}

unsigned NodeAtPlace::mode() const {
  struct stat status {};
  return lstat(path_.c_str(), &status) == 0 && S_ISREG(status.st_mode) ? status.st_mode & 07777U : 0;
}

std::string NodeAtPlace::content() const {
  return mode() != 0 ? read(path_) : "";
}

std::string NodeAtPlace::beside() const {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(folder())) {
    if (entry.path() != path_ && entry.is_regular_file()) all += read(entry.path());
  }
  return all;
}

}  // namespace atcert::test
