// SPDX-License-Identifier: Apache-2.0
#include "options/nvs_keys.hpp"

#include <filesystem>

#include <fmt/core.h>

#include "base/files.hpp"
#include "base/random.hpp"

namespace atcert::cli {
namespace {

constexpr std::size_t kMaxFileSize = 64 * 1024;

Result<image::NvsKeys> read_keys(const std::string& file) {
  ATCERT_TRY(const Secret, partition, read_secret_file(file, kMaxFileSize));
  auto keys = image::NvsKeys::from_partition(partition.reveal());
  if (!keys) keys.error().what = fmt::format("{}: {}", file, keys.error().what);
  return keys;
}

Result<image::NvsKeys> make_keys() {
  Secret random = Secret::of_size(image::kNvsKeysSize);
  ATCERT_CHECK(fill_random(random.writable()));
  return image::NvsKeys::from_bytes(random.reveal());
}

Error options_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::usage, std::move(code), std::move(what), {}, std::move(remedy)};
}

Result<void> check_new_file(const std::string& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return {};
  return options_error("nvs_keys_exist", fmt::format("{}: is there already", file),
                       "leave out --make-nvs-keys to use its keys, or give a new file");
}

}  // namespace

void add_nvs_keys_options(Verb& verb, NvsKeysOptions& options) {
  const std::string group = "Encryption";
  verb.add_option("--nvs-keys", options.file, "Encrypt mfg_nvs with the keys of this keys partition")
      ->option_text("FILE")
      ->group(group);
  verb.add_flag("--make-nvs-keys", options.make, "Make new keys and write them to the file of --nvs-keys")
      ->group(group);
}

Result<std::optional<image::NvsKeys>> load_nvs_keys(const NvsKeysOptions& options) {
  if (options.file.empty()) {
    if (!options.make) return std::optional<image::NvsKeys>();
    return options_error("nvs_keys_file", "no file for the NVS keys is given", "add --nvs-keys FILE");
  }
  if (!options.make) {
    ATCERT_TRY(image::NvsKeys, keys, read_keys(options.file));
    return std::optional(std::move(keys));
  }
  ATCERT_CHECK(check_new_file(options.file));
  ATCERT_TRY(image::NvsKeys, keys, make_keys());
  return std::optional(std::move(keys));
}

Result<void> write_new_nvs_keys(const NvsKeysOptions& options, const std::optional<image::NvsKeys>& keys) {
  if (!options.make || !keys) return {};
  ATCERT_CHECK(check_new_file(options.file));
  return write_new_file(options.file, keys->partition().reveal(), Privacy::secret);
}

void take_back_new_nvs_keys(const NvsKeysOptions& options) {
  std::error_code ignored;
  if (options.make) std::filesystem::remove(options.file, ignored);
}

}  // namespace atcert::cli
