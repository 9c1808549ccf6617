// SPDX-License-Identifier: Apache-2.0
#include "options/mfg.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "base/files.hpp"
#include "image/mfg_values.hpp"
#include "image/partition_types.hpp"
#include "image/stock_values.hpp"

namespace atcert::cli {
namespace {

constexpr std::size_t kLeastWritten = 0x3000;          // two pages for values and one that stays free
constexpr std::size_t kMaxFileSize = 4 * 1024 * 1024;  // a value of NVS has 496 KiB at most

Error usage_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::usage, std::move(code), std::move(what), {}, std::move(remedy)};
}

Result<std::size_t> size_of(const std::string& text) {
  const auto size = image::partition_number(text);
  if (size && *size != 0) return std::size_t{*size};
  return usage_error("nvs_size", fmt::format("--size: '{}' is no size", text),
                     "give bytes, for example 0x1C000 or 112K");
}

// A path in the CSV is one from the working directory, as for nvs_partition_gen, or else one from the CSV's folder.
Result<Secret> read_value(const std::filesystem::path& folder, const std::string& file) {
  const std::filesystem::path beside = folder / file;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return read_secret_file(beside.string(), kMaxFileSize);
  ATCERT_TRY(Secret, content, read_secret_file(file, kMaxFileSize));
  if (!std::filesystem::exists(beside, error) || std::filesystem::equivalent(file, beside, error)) return content;
  ATCERT_TRY(const Secret, other, read_secret_file(beside.string(), kMaxFileSize));
  if (other == content) return content;
  return Error{
      ErrorKind::input,
      "nvs_csv_file",
      fmt::format("{} is there twice, in the working directory and beside the CSV, and they differ", excerpt(file)),
      {},
      "write the whole path into the CSV, or take one of them away"};
}

Result<image::NvsValues> read_csv(const std::string& path) {
  ATCERT_TRY(const Secret, text, read_secret_file(path, kMaxFileSize));
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  auto values =
      image::parse_nvs_csv(text.reveal_text(), [&](const std::string& file) { return read_value(folder, file); });
  if (!values) values.error().what = fmt::format("{}: {}", path, values.error().what);
  return values;
}

bool has_factory_params(const image::NvsValues& values) {
  return std::any_of(values.values.begin(), values.values.end(),
                     [](const image::NvsValue& each) { return each.space == image::kFactoryParamSpace; });
}

// ESP-AT's own mfg_nvs.bin holds factory_param, ble_data and Espressif's example certificates (generation_tools/
// mfg_nvs.py of its sources); what was set in the module since is known to nobody.
credentials::Finding finding_of(const image::NvsValues& values, const MfgOptions& options,
                                const std::optional<image::ModuleKind>& module) {
  using credentials::Severity;
  if (has_factory_params(values)) {
    return {
        Severity::note,
        "nvs_replaced",
        "flashing mfg_nvs.bin replaces what was changed in the module's factory parameters and BLE services since it "
        "was made, and the certificates of all slots",
        {}};
  }
  std::string keep =
      "put the credentials into the factory image with --into FACTORY.bin, or into the module with "
      "atcert push";
  if (options.only_credentials) keep = "leave out --only-credentials, or " + keep;
  if (!options.csv.empty()) keep = "add the namespace factory_param to the CSV, or " + keep;
  std::string why;
  if (!options.only_credentials && options.csv.empty()) {
    why = module ? fmt::format(", because Espressif's sources have none of {}", module->name)
                 : ", because no module is given";
    if (!module) keep = "give --module, or " + keep;
  }
  return {Severity::warning, "nvs_replaced",
          fmt::format("mfg_nvs.bin lacks factory parameters{}: flashing it removes those of the module (UART pins, RF "
                      "limits, module name), its BLE services and the certificates of other slots",
                      why),
          "to keep them, " + keep};
}

Result<image::NvsValues> base_values(const MfgOptions& options, const Layouts& layouts,
                                     const image::ImageTarget& target) {
  if (!options.csv.empty()) return read_csv(options.csv);
  if (options.only_credentials || !target.module) return image::NvsValues();
  ATCERT_TRY(const image::StockValues, stock, image::StockValues::load(layouts.files()));
  ATCERT_TRY(auto, values, stock.find(target.module->name, target.release));
  return values ? std::move(*values) : image::NvsValues();
}

Result<void> check_options(const MfgOptions& options, const ParamOptions& params, bool has_mfg_nvs) {
  const std::string given = given_mfg_option(options);
  if (!has_mfg_nvs && (!given.empty() || params_given(params))) {
    return usage_error(
        "mfg_options_old", "firmware up to release 3.0 has no mfg_nvs",
        given.empty() ? "put factory parameters into its factory image with --into" : "leave out " + given);
  }
  if (!options.only_credentials || (options.csv.empty() && !params_given(params))) return {};
  return usage_error("mfg_options_twice", "--only-credentials leaves out what other options are to put into mfg_nvs",
                     "leave out --only-credentials, or --nvs-csv and the factory parameters");
}

}  // namespace

void add_mfg_options(Verb& verb, MfgOptions& options) {
  const std::string group = "Contents of mfg_nvs";
  verb.add_option(
          "--nvs-csv", options.csv,
          "Take what mfg_nvs holds from this CSV of nvs_partition_gen; credentials and slots replace theirs. With "
          "--size it needs no module")
      ->option_text("FILE")
      ->group(group);
  verb.add_option("--size", options.size, "Size of mfg_nvs.bin, e.g. 0x1C000 (default: that of the partition)")
      ->option_text("BYTES")
      ->group(group);
  verb.add_flag("--only-credentials", options.only_credentials,
                "Leave out the factory parameters and BLE services that ESP-AT's build writes")
      ->group(group);
}

std::string given_mfg_option(const MfgOptions& options) {
  if (!options.csv.empty()) return "--nvs-csv";
  if (!options.size.empty()) return "--size";
  return options.only_credentials ? "--only-credentials" : "";
}

Result<MfgValues> load_mfg_values(const MfgOptions& options, const ParamOptions& params, const Layouts& layouts,
                                  const image::ImageTarget& target) {
  const bool has_mfg_nvs = image::generation_of(target.release) == image::Generation::nvs;
  ATCERT_CHECK(check_options(options, params, has_mfg_nvs));
  MfgValues mfg;
  if (!has_mfg_nvs) return mfg;
  if (!options.size.empty()) {
    ATCERT_TRY(const std::size_t, size, size_of(options.size));
    mfg.size = size;
  }
  ATCERT_TRY(image::NvsValues, values, base_values(options, layouts, target));
  mfg.findings.push_back(finding_of(values, options, target.module));
  if (mfg.size && *mfg.size < kLeastWritten) {
    mfg.findings.push_back(
        {credentials::Severity::warning, "nvs_read_only",
         fmt::format("mfg_nvs.bin of 0x{:x} bytes has no page that stays free: the firmware can read "
                     "it and not write to it, as AT+SYSMFG does",
                     *mfg.size),
         "give it a size of 0x3000 or more"});
  }
  ATCERT_TRY(const auto, gatt_rows, gatt_rows_of(params));
  ATCERT_CHECK(image::set_params(values, given_params(params), gatt_rows));
  mfg.values = std::move(values);
  return mfg;
}

}  // namespace atcert::cli
