// SPDX-License-Identifier: Apache-2.0
// atcert build into a folder that is a mount point, which cannot be exchanged for another: the files go in one by one.
// The mounts are made in a namespace of their own and end with the program; where the system allows no such namespace
// the tests say so and do nothing.
#include <filesystem>
#include <string>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/scratch_folder.hpp"
#include "support/process.hpp"
#include "support/require.hpp"
#include "support/units.hpp"

namespace atcert::test {
namespace {

const std::string kData = ATCERT_SOURCE_DIR "/tests/image/data/ecc/";

// Commands that run with `out` mounted as `options` of mount(8) say; "build" stands for the tool with credentials.
class MountPoint {
 public:
  explicit MountPoint(std::string options) : options_(std::move(options)) {
    std::filesystem::create_directory(scratch_.path() / "out");
  }

  Outcome sh(const std::string& commands) const {
    write_text(scratch_.path() / "commands",
               fmt::format("set -e\ncd '{}'\nmount {}\nbuild() {{ {} build --module ESP32-C3-MINI-1 --cert "
                           "{}certificate.pem --key {}private.pem --ca AmazonRootCA1 -o out \"$@\"; }}\n{}",
                           scratch_.path().string(), options_, ATCERT_BINARY, kData, kData, commands));
    Process process({.arguments = {"--user", "--map-root-user", "--mount", "sh", scratch_.path() / "commands"},
                     .program = "/usr/bin/unshare"});
    return process.finish();
  }

  // Whether the system lets us; says so where it does not.
  bool works() const {
    const Outcome outcome = sh("");
    if (outcome.exit_code == 0) return true;
    MESSAGE("skipped, no mount can be made here: ", outcome.err);
    return false;
  }

 private:
  ScratchFolder scratch_ = require(ScratchFolder::create("mount"));
  std::string options_;
};

constexpr const char* kBound = "--bind out out";
constexpr const char* kAll = "flash_args\nmanifest.json\nmfg_nvs.bin\n";

}  // namespace

TEST_CASE("a set goes into a mount point file by file, and nothing else stays there") {
  const MountPoint mount(kBound);
  if (!mount.works()) return;
  const Outcome outcome = mount.sh("build 2>/dev/null >&2; ls -A out; stat -c '%a %n' out/mfg_nvs.bin");
  INFO(outcome.all());
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == std::string(kAll) + "600 out/mfg_nvs.bin\n");
  // It is in the folder below the mount, too.
  CHECK(mount.sh("ls -A out").out == kAll);
}

TEST_CASE("what a run that was cut off left in a mount point is finished, and the same set stays") {
  const MountPoint mount(kBound);
  if (!mount.works()) return;
  const Outcome outcome = mount.sh(
      "build 2>/dev/null >&2; rm out/manifest.json; echo left > out/.atcert-00112233445566778899aabbccddeeff.tmp\n"
      "build 2>/dev/null >&2; ls out; inode=$(stat -c %i out/mfg_nvs.bin); build 2>/dev/null >&2\n"
      "test $inode = $(stat -c %i out/mfg_nvs.bin) && echo kept");
  INFO(outcome.all());
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == std::string(kAll) + "kept\n");
}

TEST_CASE("another set is not put over the one in a mount point, which stays whole") {
  const MountPoint mount(kBound);
  if (!mount.works()) return;
  const Outcome outcome = mount.sh(
      "build 2>/dev/null >&2; before=$(cat out/* | sha256sum)\n"
      "build --tx-power 60 && exit 1; code=$?\n"
      "test \"$before\" = \"$(cat out/* | sha256sum)\" && echo same; ls -A out; exit $code");
  INFO(outcome.all());
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.find("cannot be exchanged as a whole") != std::string::npos);
  CHECK(outcome.err.find("it is a mount point") != std::string::npos);
  CHECK(outcome.out.ends_with(std::string("same\n") + kAll));
}

TEST_CASE("a mount point that is too small for the set holds nothing of it") {
  const MountPoint mount("-t tmpfs -o size=16k none out");
  if (!mount.works()) return;
  const Outcome outcome = mount.sh("build && exit 1; code=$?; ls -A out; exit $code");
  INFO(outcome.all());
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err.find("No space left on device") != std::string::npos);
  CHECK(outcome.out.empty());
}

}  // namespace atcert::test
