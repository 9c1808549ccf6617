// SPDX-License-Identifier: Apache-2.0
#include "batch/set_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include <doctest/doctest.h>

#include "base/embedded.hpp"
#include "base/files.hpp"
#include "base/scratch_folder.hpp"
#include "credentials/load.hpp"
#include "support/broker.hpp"
#include "support/places.hpp"
#include "support/require.hpp"

namespace atcert::batch {
namespace {

namespace fs = std::filesystem;
using test::require;

// Credentials of two devices, and sets of them for firmware of both generations.
class Sets {
 public:
  Sets() : first_(device("first")), second_(device("second")) {}

  ImageSet first(const char* release = "4.1.1.0") const { return set_of(first_, release); }
  ImageSet second(const char* release = "4.1.1.0") const { return set_of(second_, release); }

 private:
  credentials::Credentials device(const char* name) {
    const auto made = require(credentials::make_device(authority_, test::throwaway_options(name)));
    return require(credentials::load_files({"certificate", Secret(made.certificate)}, {"key", made.key.clone()},
                                           {"ca", Secret(authority_.certificate)}, {}));
  }
  static ImageSet set_of(const credentials::Credentials& credentials, const char* release) {
    const auto catalogue = require(image::LayoutCatalogue::load(embedded_partitions()));
    const auto found = require(catalogue.find("ESP32-C3-MINI-1", release));
    const image::ImageTarget target{found.module, found.release, found.layout};
    return require(make_image_set(&credentials, {.target = target}));
  }

  credentials::Throwaway authority_ = require(credentials::make_authority(test::throwaway_options("line")));
  credentials::Credentials first_;
  credentials::Credentials second_;
};

const Sets& sets() {
  static const Sets made;
  return made;
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

void flip_bit(const fs::path& path) {
  Bytes bytes = require(read_file(path.string(), 1 << 20));
  bytes[bytes.size() / 2] ^= 1;
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

const std::set<std::string> kNvsNames{"mfg_nvs.bin", "flash_args", "manifest.json"};

}  // namespace

TEST_CASE("whatever is not as it should be in a folder is seen, and written anew") {
  for (const char* release : {"2.4.0.0", "4.1.1.0"}) {
    const ImageSet set = sets().first(release);
    const ScratchFolder scratch = require(ScratchFolder::create("set"));
    const fs::path folder = scratch.path() / "out";
    CHECK_FALSE(is_written(set, folder));
    REQUIRE(write_image_set(set, folder).ok());
    REQUIRE(is_written(set, folder));
    const auto whole = names_in(folder);
    for (const std::string& name : whole) {
      for (const char* damage : {"gone", "flipped", "short", "long", "link", "folder", "mode"}) {
        CAPTURE(name);
        CAPTURE(damage);
        const fs::path path = folder / name;
        const std::string what = damage;
        if (what == "gone") fs::remove(path);
        if (what == "flipped") flip_bit(path);
        if (what == "short") fs::resize_file(path, fs::file_size(path) - 1);
        if (what == "long") fs::resize_file(path, fs::file_size(path) + 1);
        if (what == "link") fs::rename(path, scratch.path() / "elsewhere");
        if (what == "link") fs::create_symlink(scratch.path() / "elsewhere", path);
        if (what == "folder") fs::remove(path);
        if (what == "folder") fs::create_directory(path);
        const bool is_key = mode_of(path) == 0600;
        if (what == "mode") fs::permissions(path, fs::perms(0644));
        CHECK(is_written(set, folder) == (what == "mode" && !is_key));
        if (what == "link" || what == "folder") {
          fs::remove_all(folder);  // it is no set any more, and the user's own
        } else if (!is_written(set, folder)) {
          // Where manifest and certificate are both beyond reading, nobody can say whose the images are.
          const bool force = !check_place(set, folder, {}).ok();
          CHECK((!force || what == "flipped"));
        }
        REQUIRE(write_image_set(set, folder, {.force = true}).ok());
        CHECK(is_written(set, folder));
        CHECK(names_in(folder) == whole);
        CHECK(names_in(scratch.path()).size() == (what == "link" ? 2 : 1));
        fs::remove(scratch.path() / "elsewhere");
      }
    }
    REQUIRE(write_file(folder / "mqtt_cert.bin", as_bytes("x")).ok());
    if (set.files.size() == 1) CHECK_FALSE(is_written(set, folder));  // an image of other firmware
  }
}

TEST_CASE("images of another certificate stay, unless they are to give way") {
  for (const char* release : {"2.4.0.0", "4.1.1.0"}) {
    for (const char* state : {"whole", "no manifest", "bad manifest"}) {
      CAPTURE(release);
      CAPTURE(state);
      const ScratchFolder scratch = require(ScratchFolder::create("set"));
      const fs::path folder = scratch.path() / "out";
      const ImageSet theirs = sets().first(release);
      const ImageSet ours = sets().second(release);
      REQUIRE(write_image_set(theirs, folder).ok());
      if (std::string(state) == "no manifest") fs::remove(folder / "manifest.json");
      if (std::string(state) == "bad manifest") fs::resize_file(folder / "manifest.json", 100);
      const auto refused = write_image_set(ours, folder);
      REQUIRE_FALSE(refused.ok());
      CHECK(refused.error().kind == ErrorKind::taken);
      CHECK(refused.error().what.find(theirs.certificate) != std::string::npos);
      CHECK(refused.error().what.find(ours.certificate) != std::string::npos);
      if (std::string(state) == "whole") CHECK(is_written(theirs, folder));
      CHECK(write_image_set(theirs, folder).ok());  // the unit's own mends them
      CHECK(is_written(theirs, folder));
      REQUIRE(write_image_set(ours, folder, {.force = true}).ok());
      CHECK(is_written(ours, folder));
    }
  }
}

TEST_CASE("images of which nobody can say whose they are stay too") {
  const ScratchFolder scratch = require(ScratchFolder::create("set"));
  REQUIRE(write_file(scratch.path() / "mfg_nvs.bin", as_bytes("of some other tool")).ok());
  const auto refused = write_image_set(sets().first(), scratch.path());
  CHECK(refused.error().kind == ErrorKind::taken);
  CHECK(as_text(*read_file((scratch.path() / "mfg_nvs.bin").string(), 100)) == "of some other tool");
}

TEST_CASE("images for other firmware are never mixed with new ones") {
  const ScratchFolder scratch = require(ScratchFolder::create("set"));
  const fs::path folder = scratch.path() / "out";
  REQUIRE(write_image_set(sets().first("2.4.0.0"), folder).ok());
  const auto refused = write_image_set(sets().first(), folder);
  CHECK(refused.error().code == "folder_in_use");
  CHECK(is_written(sets().first("2.4.0.0"), folder));
  REQUIRE(write_image_set(sets().first(), folder, {.force = true}).ok());
  CHECK(names_in(folder) == kNvsNames);
}

TEST_CASE("a folder keeps its mode, and a link to a folder stays one") {
  const ScratchFolder scratch = require(ScratchFolder::create("set"));
  const fs::path folder = scratch.path() / "out";
  REQUIRE(mkdir(folder.c_str(), 0700) == 0);
  fs::permissions(folder, fs::perms(0710));
  const fs::path link = scratch.path() / "link";
  fs::create_directory_symlink(folder, link);
  REQUIRE(write_image_set(sets().first(), link).ok());
  CHECK(fs::is_symlink(link));
  CHECK(mode_of(folder) == 0710);
  CHECK(is_written(sets().first(), folder));
  REQUIRE(write_image_set(sets().second(), link / "", {.force = true}).ok());
  CHECK(fs::is_symlink(link));
  CHECK(mode_of(folder) == 0710);
  CHECK(names_in(scratch.path()).size() == 2);
}

TEST_CASE("a folder with other files in it takes a first set, and no second") {
  const ScratchFolder scratch = require(ScratchFolder::create("set"));
  const fs::path folder = scratch.path();
  REQUIRE(write_file(folder / "notes", as_bytes("mine")).ok());
  REQUIRE(write_image_set(sets().first(), folder).ok());
  auto names = kNvsNames;
  names.insert("notes");
  CHECK(names_in(folder) == names);
  const auto refused = write_image_set(sets().second(), folder, {.force = true});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "folder_not_exchanged");
  CHECK(refused.error().cause == "it holds other files too");
  CHECK(is_written(sets().first(), folder));
  // What a run that was cut off left of the same set is no set.
  fs::remove(folder / "manifest.json");
  CHECK(write_image_set(sets().first(), folder).ok());
  CHECK(is_written(sets().first(), folder));
}

TEST_CASE("of a set that cannot be written nothing is there") {
  const ScratchFolder scratch = require(ScratchFolder::create("set"));
  const fs::path folder = scratch.path() / "out";
  fs::create_directories(folder / "manifest.json");  // in the way of the last file
  CHECK_FALSE(write_image_set(sets().first(), folder).ok());
  CHECK(names_in(folder) == std::set<std::string>{"manifest.json"});
  CHECK(names_in(scratch.path()) == std::set<std::string>{"out"});
}

TEST_CASE("what is no folder is left alone") {
  for (const test::Node node : test::kNodes) {
    CAPTURE(name_of(node));
    const test::NodeAtPlace place(node);
    const bool goes = node == test::Node::absent || node == test::Node::folder;
    const auto written = write_image_set(sets().first(), place.path());
    CHECK(written.ok() == goes);
    CHECK((goes || place.is_untouched()));
    if (!goes) CHECK(written.error().kind == ErrorKind::usage);
  }
  CHECK_FALSE(write_image_set(sets().first(), "-").ok());
}

TEST_CASE("a folder that may not be written is not exchanged either") {
  if (geteuid() == 0) return;  // who may write everywhere
  const ScratchFolder scratch = require(ScratchFolder::create("set"));
  const fs::path folder = scratch.path() / "out";
  fs::create_directory(folder);
  fs::permissions(folder, fs::perms(0500));
  CHECK_FALSE(write_image_set(sets().first(), folder).ok());
  CHECK(names_in(folder).empty());
}

}  // namespace atcert::batch
