// SPDX-License-Identifier: Apache-2.0
#include "image/factory_param.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "base/plural.hpp"
#include "image/little_endian.hpp"

namespace atcert::image {
namespace {

constexpr std::size_t kRawSize = 88;  // up to the end of the module name
constexpr std::uint8_t kLastVersion = 3;
constexpr std::string_view kUnused = "-1";

// The ranges of tx power, UART and channels are those of tools/at.py; -1 is "not used" for UART, baud rate and pins.
// The baud rates are those of AT+UART (ESP-AT User Guide, "Basic AT Commands").
constexpr FactoryParamField kFields[] = {
    {"max_tx_power", NvsType::i8, 4, 1, 1, 40, 84},
    {"uart_port", NvsType::i8, 5, 1, 2, -1, 2},
    {"start_channel", NvsType::u8, 6, 1, 1, 1, 14},
    {"channel_num", NvsType::u8, 7, 1, 1, 1, 14},
    {"country_code", NvsType::string, 8, 4, 1, 0, 3},
    {"uart_baudrate", NvsType::i32, 12, 4, 1, 80, 5000000},
    {"uart_tx_pin", NvsType::i32, 16, 1, 1, -1, 127},
    {"uart_rx_pin", NvsType::i32, 17, 1, 1, -1, 127},
    {"uart_cts_pin", NvsType::i32, 18, 1, 1, -1, 127},
    {"uart_rts_pin", NvsType::i32, 19, 1, 1, -1, 127},
    {"tx_control_pin", NvsType::i32, 20, 1, 1, -1, 127, false},
    {"rx_control_pin", NvsType::i32, 21, 1, 1, -1, 127, false},
    {"platform", NvsType::string, 24, 32, 3, 0, 31, false},
    {"module_name", NvsType::string, 56, 32, 3, 0, 31},
};

Error param_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

Result<const FactoryParamField*> field_of(std::string_view name) {
  if (const FactoryParamField* field = find_factory_param(name)) return field;
  std::string names;
  for (const auto& each : kFields) names += fmt::format("{}{}", names.empty() ? "" : ", ", each.name);
  return param_error("factory_param_unknown", fmt::format("there is no factory parameter '{}'", excerpt(name)),
                     "use one of " + names);
}

Result<Bytes> number_of(const FactoryParamField& field, const std::string& text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < field.least || value > field.most) {
    return param_error("factory_param_value", fmt::format("{} cannot be '{}'", field.name, excerpt(text)),
                       fmt::format("give a number from {} to {}", field.least, field.most));
  }
  Bytes bytes(integer_size(field.type));
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(value >> 8 * i);
  return bytes;
}

Result<Bytes> text_of(const FactoryParamField& field, const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (!text.empty() && plain && text.size() <= static_cast<std::size_t>(field.most)) return to_bytes(as_bytes(text));
  return param_error("factory_param_value",
                     fmt::format("{} cannot have {} of this text", field.name, counted(text.size(), "byte")),
                     fmt::format("give 1 to {} printable ASCII characters", field.most));
}

Result<void> put_raw(std::span<std::uint8_t> partition, std::uint8_t version, const FactoryParam& param) {
  ATCERT_TRY(const FactoryParamField*, field, field_of(param.name));
  ATCERT_TRY(const Bytes, value, factory_param_value(param));
  if (version < field->since) {
    return param_error("factory_param_version",
                       fmt::format("factory parameters of version {} have no {}", version, field->name),
                       fmt::format("leave it out, or use a release whose parameters have version {}", field->since));
  }
  const auto place = partition.subspan(field->offset, field->size);
  std::fill(place.begin(), place.end(), std::uint8_t{0});
  std::copy_n(value.begin(), std::min(value.size(), place.size()), place.begin());
  return {};
}

std::string raw_value(ByteView partition, const FactoryParamField& field) {
  const ByteView bytes = partition.subspan(field.offset, field.size);
  if (field.type == NvsType::string) {
    const std::string_view text = as_text(bytes);
    return std::string(text.substr(0, text.find('\0')));
  }
  if (field.size == 4) return std::to_string(static_cast<std::int32_t>(get_u32(bytes, 0)));
  const bool is_signed = field.least < 0;
  return std::to_string(is_signed ? static_cast<std::int8_t>(bytes[0]) : bytes[0]);
}

// Stock data has values that tools/at.py would not set: a power of 1 (2.0.0.0 for ESP8266), a baud rate of -1 (modules
// on SDIO). So this is a note.
void check_range(const FactoryParamField& field, const std::string& value, std::vector<Fault>& faults) {
  const bool unused = value == kUnused && (field.least < 0 || field.name == "uart_baudrate");
  const bool good =
      unused || (field.type == NvsType::string ? text_of(field, value).ok() : number_of(field, value).ok());
  if (good) return;
  faults.push_back(
      {FaultLevel::note, field.offset,
       field.type == NvsType::string
           ? fmt::format("{} is no text of 1 to {} characters", field.name, field.most)
           : fmt::format("{} is {}, outside {} to {}", field.name, excerpt(value), field.least, field.most)});
}

void check_rest(ByteView partition, std::size_t end, std::vector<Fault>& faults) {
  const ByteView rest = partition.subspan(end);
  const auto dirty = std::find_if(rest.begin(), rest.end(), [](std::uint8_t byte) { return byte != 0xFF; });
  if (dirty == rest.end()) return;
  const auto offset = end + static_cast<std::size_t>(dirty - rest.begin());
  faults.push_back({FaultLevel::note, offset, "the rest of the partition is not erased"});
}

}  // namespace

std::span<const FactoryParamField> factory_param_fields() {
  return kFields;
}

Result<const FactoryParamField*> nvs_param_field(std::string_view name) {
  ATCERT_TRY(const FactoryParamField*, field, field_of(name));
  if (field->in_nvs) return field;
  return param_error("factory_param_old", fmt::format("firmware from release 3.1 on has no {}", name), "leave it out");
}

const FactoryParamField* find_factory_param(std::string_view name) {
  const auto field = std::find_if(std::begin(kFields), std::end(kFields),
                                  [&](const FactoryParamField& each) { return each.name == name; });
  return field != std::end(kFields) ? &*field : nullptr;
}

std::string factory_param_words(const FactoryParam& param) {
  const bool pin = param.name.ends_with("_pin");
  if (param.value == kUnused && (pin || param.name.starts_with("uart_"))) return "none";
  if (pin) return "GPIO" + param.value;
  const auto number = factory_param_value(param);
  if (!number || param.name != "max_tx_power") return {};
  constexpr double kUnitsPerDecibel = 4;
  return fmt::format("{} dBm", (*number)[0] / kUnitsPerDecibel);
}

Result<Bytes> factory_param_value(const FactoryParam& param) {
  ATCERT_TRY(const FactoryParamField*, field, field_of(param.name));
  return field->type == NvsType::string ? text_of(*field, param.value) : number_of(*field, param.value);
}

Result<Bytes> set_raw_factory_params(ByteView partition, std::span<const FactoryParam> params) {
  const RawFactoryParams present = read_raw_factory_params(partition);
  if (!is_readable(present.faults)) {
    return param_error("factory_param_missing",
                       fmt::format("factory_param at offset {}: {}", present.faults[0].offset, present.faults[0].what),
                       "check that the image is one of ESP-AT");
  }
  Bytes changed = to_bytes(partition);
  for (const FactoryParam& param : params) ATCERT_CHECK(put_raw(changed, present.version, param));
  return changed;
}

RawFactoryParams read_raw_factory_params(ByteView partition) {
  RawFactoryParams out;
  const auto fault = [&](std::size_t offset, std::string what) {
    out.faults.push_back({FaultLevel::error, offset, std::move(what)});
  };
  if (partition.size() < kRawSize) {
    fault(0, fmt::format("{} cannot hold factory parameters", counted(partition.size(), "byte")));
  } else if (!looks_like_factory_params(partition)) {
    fault(0, fmt::format("no factory parameters: the magic is 0x{:04X}, not 0xFCFC", get_u16(partition, 0)));
  } else if (out.version = partition[kFactoryParamVersionOffset]; out.version == 0 || out.version > kLastVersion) {
    fault(kFactoryParamVersionOffset, fmt::format("unknown version {} of factory parameters", out.version));
  }
  if (!out.faults.empty()) return out;
  std::size_t end = 0;
  for (const FactoryParamField& field : kFields) {
    if (field.since > out.version) continue;
    out.params.push_back({std::string(field.name), raw_value(partition, field)});
    check_range(field, out.params.back().value, out.faults);
    end = field.offset + field.size;
  }
  check_rest(partition, end, out.faults);
  return out;
}

bool looks_like_factory_params(ByteView bytes) {
  return bytes.size() >= kFactoryParamVersionOffset && get_u16(bytes, 0) == kFactoryParamMagic;
}

}  // namespace atcert::image
