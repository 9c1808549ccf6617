// SPDX-License-Identifier: Apache-2.0
// A folder with the credentials of some units, each of its own, and their list: what a batch is made of.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/scratch_folder.hpp"
#include "credentials/throwaway.hpp"

namespace atcert::test {

void write_text(const std::filesystem::path& path, std::string_view text);
Bytes content_of(const std::filesystem::path& path);

class Units {
 public:
  // unit-0, unit-1, ...; the list names their folders.
  explicit Units(int count);

  const std::filesystem::path& path() const { return scratch_.path(); }
  std::filesystem::path list_path() const { return path() / "units.csv"; }
  std::filesystem::path credentials(const std::string& serial) const { return path() / "creds" / serial; }
  std::filesystem::path out() const { return path() / "out"; }
  std::filesystem::path out(const std::string& serial) const { return out() / serial; }

  // New credentials for a unit: device.pem.crt, private.pem.key and ca.pem.
  void make(const std::string& serial);
  void write_list(std::string_view text) { write_text(list_path(), text); }

 private:
  ScratchFolder scratch_;
  atcert::credentials::Throwaway authority_;
};

}  // namespace atcert::test
