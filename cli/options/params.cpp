// SPDX-License-Identifier: Apache-2.0
#include "options/params.hpp"

#include <charconv>

#include <fmt/core.h>

namespace atcert::cli {
namespace {

struct ParamOption {
  const char* option;
  const char* param;
  const char* help;
  const char* text;
};

constexpr ParamOption kParamOptions[] = {
    {"--tx-power", "max_tx_power", "RF power in units of 0.25 dBm, 40 to 84", "N"},
    {"--country-code", "country_code", "Wi-Fi country code", "CODE"},
    {"--start-channel", "start_channel", "First Wi-Fi channel", "N"},
    {"--channel-number", "channel_num", "How many Wi-Fi channels", "N"},
    {"--uart-port", "uart_port", "UART for AT commands; -1 for none", "N"},
    {"--uart-baud", "uart_baudrate", "Its baud rate", "N"},
    {"--uart-tx-pin", "uart_tx_pin", "Its TX pin; -1 for none, as for all pins", "N"},
    {"--uart-rx-pin", "uart_rx_pin", "Its RX pin", "N"},
    {"--uart-cts-pin", "uart_cts_pin", "Its CTS pin", "N"},
    {"--uart-rts-pin", "uart_rts_pin", "Its RTS pin", "N"},
    {"--uart-tx-control-pin", "tx_control_pin", "Its TX control pin, up to release 3.0", "N"},
    {"--uart-rx-control-pin", "rx_control_pin", "Its RX control pin, up to release 3.0", "N"},
    {"--platform", "platform", "Platform name, up to release 3.0", "NAME"},
    {"--module-name", "module_name", "Module name that AT+GMR shows", "NAME"},
};

}  // namespace

void add_param_options(Verb& verb, ParamOptions& options) {
  const std::string group = "Factory parameters";
  for (const ParamOption& option : kParamOptions) options.params.push_back({option.param, {}});
  for (std::size_t i = 0; i < options.params.size(); ++i) {
    const ParamOption& option = kParamOptions[i];
    verb.add_option(option.option, options.params[i].value, option.help)->option_text(option.text)->group(group);
  }
  verb.add_option("--gatt-row", options.gatt_rows, "A row of gatts_data.csv by its number; may be repeated")
      ->option_text("N=ROW")
      ->allow_extra_args(false)
      ->group(group);
}

std::vector<image::FactoryParam> given_params(const ParamOptions& options) {
  std::vector<image::FactoryParam> given;
  for (const image::FactoryParam& param : options.params) {
    if (!param.value.empty()) given.push_back(param);
  }
  return given;
}

bool params_given(const ParamOptions& options) {
  return !given_params(options).empty() || !options.gatt_rows.empty();
}

Result<std::map<unsigned, std::string>> gatt_rows_of(const ParamOptions& options) {
  std::map<unsigned, std::string> rows;
  for (const std::string& text : options.gatt_rows) {
    unsigned number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop == end || *stop != '=') {
      return Error{ErrorKind::usage,
                   "gatt_row",
                   fmt::format("'{}' is no GATT row", text),
                   {},
                   "give its number and its line of gatts_data.csv: --gatt-row '0=0,16,0x2800,0x01,2,2,A002'"};
    }
    rows[number] = std::string(stop + 1, end);
  }
  return rows;
}

}  // namespace atcert::cli
