// SPDX-License-Identifier: Apache-2.0
// AT+SYSMFG: key-value pairs of the NVS partition mfg_nvs (ESP-AT, Basic AT Commands; order of the checks from the
// object code of at_setup_cmd_sysmfg in ESP-AT 4.1.1.0). All failures are a plain ERROR.
#pragma once

#include <optional>
#include <string>

#include "emulator/board.hpp"
#include "image/nvs_image.hpp"

namespace atcert::emulator {

class MfgCommands {
 public:
  explicit MfgCommands(Run& run) : run_(run), partition_(run.board.map.user(kMfgNvsName)) {}

  CommandRows commands();

 private:
  struct Request {
    std::string space;
    std::string key;
  };

  Outcome operate(const Parameters& parameters);
  Outcome erase(const Request& request) const;
  Outcome list_spaces() const;
  Outcome list_keys(const std::string& space) const;
  Outcome read(const Request& request, const Parameters& parameters) const;
  Outcome write(const Request& request, const Parameters& parameters);
  Outcome store(const Request& request, std::int32_t type, ByteView value);
  Outcome store_data(const Request& request, std::int32_t type, ByteView data);
  image::NvsImage contents() const;

  Run& run_;
  const Partition* partition_;  // none on an old partition table: then every command fails
};

}  // namespace atcert::emulator
