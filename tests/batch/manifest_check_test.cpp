// SPDX-License-Identifier: Apache-2.0
#include "batch/manifest_check.hpp"

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "base/scratch_folder.hpp"
#include "support/require.hpp"

namespace atcert::batch {

TEST_CASE("each file beside a manifest is good, or what is wrong with it is said") {
  const ScratchFolder scratch = test::require(ScratchFolder::create("manifest"));
  for (const auto& [name, content] : {std::pair("good", "abc"), std::pair("short", "ab"), std::pair("other", "abd")}) {
    REQUIRE(write_file(scratch.path() / name, as_bytes(content)).ok());
  }
  std::filesystem::create_directory(scratch.path() / "folder");
  image::Manifest manifest;
  for (const char* name : {"good", "short", "other", "gone", "folder"}) {
    // SHA-256 of "abc": FIPS 180-2, appendix B.1.
    manifest.files.push_back(
        {name, "mfg_nvs", 0x1F000, 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"});
  }
  const auto checked = check_files(manifest, scratch.path());
  REQUIRE(checked.size() == 5);
  CHECK(checked[0].state == FileState::good);
  CHECK(checked[0].what.empty());
  CHECK(checked[1].state == FileState::wrong_size);
  CHECK(checked[1].what == "has 2 bytes, the manifest says 3");
  CHECK(checked[2].state == FileState::wrong_digest);
  CHECK(checked[3].state == FileState::missing);
  CHECK(checked[4].state == FileState::unreadable);
}

}  // namespace atcert::batch
