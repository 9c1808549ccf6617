// SPDX-License-Identifier: Apache-2.0
#include "support/units.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "base/files.hpp"
#include "support/broker.hpp"
#include "support/require.hpp"

namespace atcert::test {

void write_text(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  if (!write_file(path, as_bytes(text))) FAIL("cannot write " << path.string());
}

Bytes content_of(const std::filesystem::path& path) {
  return require(read_file(path.string(), 1 << 20));
}

Units::Units(int count)
    : scratch_(require(ScratchFolder::create("units"))),
      authority_(require(atcert::credentials::make_authority(throwaway_options("line")))) {
  std::string list = "serial,creds\n";
  for (int i = 0; i < count; ++i) {
    const std::string serial = fmt::format("unit-{}", i);
    make(serial);
    list += fmt::format("{},creds/{}\n", serial, serial);
  }
  write_list(list);
}

void Units::make(const std::string& serial) {
  const auto device = require(atcert::credentials::make_device(authority_, throwaway_options(serial)));
  write_text(credentials(serial) / "device.pem.crt", device.certificate);
  write_text(credentials(serial) / "private.pem.key", device.key.reveal_text());
  write_text(credentials(serial) / "ca.pem", authority_.certificate);
}

}  // namespace atcert::test
