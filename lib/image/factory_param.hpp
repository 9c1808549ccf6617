// SPDX-License-Identifier: Apache-2.0
// A module's factory parameters: radio, UART and name. They are stored in one of two forms (tools/at.py of ESP-AT,
// `modify_bin`; components/customized_partitions/raw_data/factory_param/factory_param_type.csv of each release):
// from release 3.1 in the namespace factory_param of mfg_nvs, up to 3.0 at the start of the partition factory_param:
//
//   u16 magic 0xFCFC | u8 version | u8 reserved | u8 tx power | i8 UART | u8 first channel | u8 channels |
//   4-byte country code | i32 baud rate | i8 pins TX, RX, CTS, RTS, TX control, RX control |
//   from version 3: u16 reserved | 32-byte platform | 32-byte module name
//
// Version 1 (2.0.0.0) has no UART number. What follows is erased.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "image/fault.hpp"
#include "image/nvs_format.hpp"

namespace atcert::image {

inline constexpr std::string_view kFactoryParamSpace = "factory_param";  // the namespace and the partition
inline constexpr std::uint16_t kFactoryParamMagic = 0xFCFC;
inline constexpr std::size_t kFactoryParamVersionOffset = 2;

struct FactoryParamField {
  std::string_view name;   // as mfg_nvs has it
  NvsType type;            // in mfg_nvs
  std::size_t offset;      // in the raw partition; 0: not there
  std::size_t size;        // in the raw partition
  std::uint8_t since;      // the first version of the raw partition that has it
  std::int64_t least = 0;  // of a number
  std::int64_t most = 0;   // of a number; of a string, its most bytes
  bool in_nvs = true;
};

std::span<const FactoryParamField> factory_param_fields();

// A parameter to be set. Strings and numbers come as text, as the user gives them.
struct FactoryParam {
  std::string name;
  std::string value;
};

// A parameter of mfg_nvs. Errors: an unknown name; one that only the raw partition has.
Result<const FactoryParamField*> nvs_param_field(std::string_view name);

// The value as mfg_nvs stores it: integers little endian, strings without NUL. Errors: an unknown name; no number, out
// of range; a string that is empty, too long or not plain ASCII.
Result<Bytes> factory_param_value(const FactoryParam& param);

// Sets parameters in a copy of a raw partition. Errors: as above; no parameters there; a parameter that this version
// of them does not have.
Result<Bytes> set_raw_factory_params(ByteView partition, std::span<const FactoryParam> params);

struct RawFactoryParams {
  std::uint8_t version = 0;
  std::vector<FactoryParam> params;
  std::vector<Fault> faults;
};

// Reads a raw partition. It has no checksum: damage to a value shows as another value, and as a note where no module
// takes that value.
RawFactoryParams read_raw_factory_params(ByteView partition);

bool looks_like_factory_params(ByteView bytes);

// Null for an unknown name.
const FactoryParamField* find_factory_param(std::string_view name);

// A value in words, where the number does not say it all: "19.5 dBm" for a max_tx_power of 78, "none" for a pin of -1.
std::string factory_param_words(const FactoryParam& param);

}  // namespace atcert::image
