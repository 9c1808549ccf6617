// SPDX-License-Identifier: Apache-2.0
// The forms are those of published logs: espressif/esp-at issues 345, 554, 566, 804, 934, 963 and 993.
#include "module/identity.hpp"

#include <vector>

#include <doctest/doctest.h>

#include "base/redactor.hpp"

namespace atcert::module {
namespace {

std::vector<OutsideText> admitted(const std::vector<std::string>& lines, Redactor door = {}) {
  std::vector<OutsideText> texts;
  for (const std::string& line : lines) texts.push_back(door.admit(line));
  return texts;
}

Identity parse(const std::vector<std::string>& lines) {
  const auto identity = parse_identity(admitted(lines));
  REQUIRE(identity);
  return *identity;
}

}  // namespace

TEST_CASE("AT+GMR up to 2.1 has no chip") {
  const Identity identity = parse({"AT version:2.0.0.0(e44648c - Nov  4 2019 02:18:57)", "SDK version:v3.3",
                                   "compile time(7cac7ad):Nov  4 2019 06:11:40", "Bin version:2.0.0(WROOM-32)"});
  CHECK(identity.firmware == "2.0.0.0(e44648c - Nov  4 2019 02:18:57)");
  CHECK(to_string(identity.release) == "2.0.0.0");
  CHECK(identity.hash == "e44648c");
  CHECK(identity.chip.empty());
  CHECK(identity.core_time == "Nov  4 2019 02:18:57");
  CHECK(identity.sdk == "v3.3");
  CHECK(identity.build_hash == "7cac7ad");
  CHECK(identity.build_time == "Nov  4 2019 06:11:40");
  CHECK(identity.bin_version == "2.0.0");
  CHECK(identity.module_name == "WROOM-32");
  CHECK_FALSE(identity.development);
  CHECK_FALSE(identity.silence);
}

TEST_CASE("AT+GMR from 2.2 names the chip, and \"s-\" marks a silence build") {
  const Identity identity = parse(
      {"AT version:4.2.0.0-dev(s-8a71d66 - ESP32C2 - Jul 30 2025 07:10:44)", "SDK version:v5.4.1-643-g8ad0d3d8f2-dirty",
       "compile time(f57d9667):Aug 21 2025 15:33:30", "Bin version:v4.2.0.0-dev(ESP32C2-2MB)"});
  CHECK(to_string(identity.release) == "4.2.0.0");
  CHECK(identity.development);
  CHECK(identity.silence);
  CHECK(identity.hash == "8a71d66");
  CHECK(identity.chip == "ESP32C2");
  CHECK(identity.core_time == "Jul 30 2025 07:10:44");
  CHECK(identity.bin_version == "4.2.0.0-dev");
  CHECK(identity.module_name == "ESP32C2-2MB");
}

TEST_CASE("AT+GMR may lack the Bin version and have other lines in it") {
  const Identity identity =
      parse({"WIFI DISCONNECT", "AT version:3.2.0.0(s-ec2dec2 - ESP32 - Jul 28 2023 07:05:28)",
             "SDK version:v5.0.2-376-g24b9d38a24-dirty", "compile time(6118fc22):Jul 28 2023 09:47:28"});
  CHECK(to_string(identity.release) == "3.2.0.0");
  CHECK(identity.chip == "ESP32");
  CHECK(identity.bin_version.empty());
  CHECK(identity.module_name.empty());
}

TEST_CASE("AT+GMR of NonOS AT") {
  const Identity identity = parse({"AT version:1.7.4.0(May 11 2020 19:13:04)", "SDK version:3.0.4(9532ceb)",
                                   "compile time:May 27 2020 10:12:17", "Bin version(Wroom 02):1.7.4"});
  CHECK(to_string(identity.release) == "1.7.4.0");
  CHECK(identity.hash.empty());
  CHECK(identity.core_time == "May 11 2020 19:13:04");
  CHECK(identity.sdk == "3.0.4(9532ceb)");
  CHECK(identity.build_time == "May 27 2020 10:12:17");
  CHECK(identity.bin_version == "1.7.4");
  CHECK(identity.module_name == "Wroom 02");
}

TEST_CASE("a line that lost its closing bracket still names release and module") {
  const Identity identity =
      parse({"AT version:2.4.0.0(4c6eb5e - ESP32 - May 20 2022 03:11:58", "Bin version:2.4.0(WROOM-32"});
  CHECK(to_string(identity.release) == "2.4.0.0");
  CHECK(identity.hash == "4c6eb5e");
  CHECK(identity.core_time == "May 20 2022 03:11:58");
  CHECK(identity.bin_version == "2.4.0");
  CHECK(identity.module_name == "WROOM-32");
}

TEST_CASE("what is no ESP-AT is said to be none") {
  for (const auto& lines : std::vector<std::vector<std::string>>{{}, {"Quectel", "BC95"}, {"AT version:abc(x)"}}) {
    const auto identity = parse_identity(admitted(lines));
    REQUIRE_FALSE(identity);
    CHECK(identity.error().kind == ErrorKind::module);
    CHECK(identity.error().code == "not_esp_at");
  }
}

TEST_CASE("what AT+GMR says is shown without secrets, and read with them") {
  Redactor door;
  door.hide(Secret(std::string_view("3.3.0.0(3b13d04")));
  door.hide(Secret(std::string_view("MINI-1-secret")));
  const auto identity = parse_identity(
      admitted({"AT version:3.3.0.0(3b13d04 - ESP32C3\x1b - May  8 2024 08:21:45)", "Bin version:v3.3(MINI-1-secret)"},
               std::move(door)));
  REQUIRE(identity);
  CHECK(to_string(identity->release) == "3.3.0.0");
  CHECK(identity->firmware == "*** - ESP32C3\\x1b - May  8 2024 08:21:45)");
  CHECK(identity->module_name == "***");
}

}  // namespace atcert::module
