// SPDX-License-Identifier: Apache-2.0
#include "image/slot.hpp"

#include <doctest/doctest.h>

namespace atcert::image {

TEST_CASE("a slot's name tells what it holds") {
  CHECK(*type_of_slot("mqtt_cert") == PkiType::certificate);
  CHECK(*type_of_slot("client_key") == PkiType::key);
  CHECK(*type_of_slot("wpa_ent_ca") == PkiType::ca);
  CHECK(*type_of_slot("wpa2_ca") == PkiType::ca);
  for (const std::string& name : slot_names()) CHECK(type_of_slot(name).ok());
}

TEST_CASE("an unknown slot is answered with the nearest names") {
  const auto wrong = type_of_slot("client_crt");
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().kind == ErrorKind::usage);
  CHECK(wrong.error().what == "there is no slot 'client_crt'");
  CHECK(wrong.error().remedy.find("client_cert") != std::string::npos);
  for (const char* name : {"", "_ca", "mqtt", "mqtt_", "mqtt_certs", "ftp_ca", "wpa_ca"}) {
    CAPTURE(name);
    CHECK_FALSE(type_of_slot(name).ok());
  }
  CHECK(check_slot_owner("wpa2").ok());
  CHECK(check_slot_owner("wpa_ent").ok());
  CHECK(check_slot_owner("mqt").error().remedy.find("mqtt") != std::string::npos);
}

TEST_CASE("enterprise Wi-Fi is wpa2 up to release 5.0") {
  CHECK(nvs_slot_name("wpa_ent_ca", Release{{5, 0, 1, 0}}) == "wpa2_ca");
  CHECK(nvs_slot_name("wpa2_key", Release{{3, 1, 0, 0}}) == "wpa2_key");
  CHECK(nvs_slot_name("wpa2_key", Release{{5, 1, 0, 0}}) == "wpa_ent_key");
  CHECK(nvs_slot_name("mqtt_ca", Release{{5, 0, 1, 0}}) == "mqtt_ca");
}

TEST_CASE("HTTPS and WebSocket have slots from release 4.1 on") {
  CHECK_FALSE(check_nvs_slot("https_ca", Release{{4, 0, 0, 0}}).ok());
  CHECK_FALSE(check_nvs_slot("wss_key", Release{{3, 4, 0, 0}}).ok());
  CHECK(check_nvs_slot("https_ca", Release{{4, 1, 0, 0}}).ok());
  CHECK(check_nvs_slot("server_ca", Release{{3, 1, 0, 0}}).ok());
}

}  // namespace atcert::image
