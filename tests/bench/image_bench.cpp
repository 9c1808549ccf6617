// SPDX-License-Identifier: Apache-2.0
// The speed of lib/image on the credentials and images of tests/image/data, and of the checks of credentials.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>

#include <benchmark/benchmark.h>

#include "base/files.hpp"
#include "credentials/amazon_roots.hpp"
#include "credentials/check.hpp"
#include "credentials/load.hpp"
#include "image/credential_images.hpp"
#include "image/factory_patch.hpp"
#include "image/mfg_values.hpp"
#include "image/nvs_image.hpp"
#include "image/nvs_store.hpp"
#include "image/pki.hpp"

namespace atcert {
namespace {

constexpr std::size_t kNvsSize = 0x1C000;
constexpr std::size_t kFactorySize = 4 << 20;
constexpr std::size_t kFactoryNvs = 0x1f000;
constexpr std::size_t kFactoryNvsSize = 0x1f000;

Bytes data(const std::string& path) {
  auto bytes = read_file(ATCERT_SOURCE_DIR "/tests/image/data/" + path, 1 << 20);
  if (!bytes) std::abort();
  return std::move(*bytes);
}

struct Inputs {
  Bytes certificate = data("ecc/certificate.pem");
  Bytes key = data("ecc/private.pem");
  Bytes ca = data("ecc/AmazonRootCA1.pem");

  std::vector<image::NvsValue> values() const {
    return image::with_items({}, image::credential_items({certificate, key, ca}), image::Release{{4, 1, 1, 0}});
  }
};

Secret make_nvs(const Inputs& in, std::size_t size) {
  auto image = image::generate_nvs(in.values(), size, image::NvsStyle::new_style);
  if (!image) std::abort();
  return std::move(*image);
}

// Tables as in layout L22 (ESP32-C3), mfg_nvs with credentials, and nothing else.
Bytes make_factory(const Inputs& in) {
  const std::vector<image::Partition> primary{{"at_customize", 0x40, 0, 0x1e000, 0x42000, 0}};
  const std::vector<image::Partition> customized{{"mfg_nvs", 1, 2, kFactoryNvs, kFactoryNvsSize, 0}};
  const auto first = image::write_partition_table(primary, false);
  const auto second = image::write_partition_table(customized, true);
  if (!first || !second) std::abort();
  Bytes factory(kFactorySize, 0xFF);
  std::copy(first->begin(), first->end(), factory.begin() + 0x8000);
  std::copy(second->begin(), second->end(), factory.begin() + 0x1e000);
  const Secret nvs = make_nvs(in, kFactoryNvsSize);
  std::copy(nvs.reveal().begin(), nvs.reveal().end(), factory.begin() + kFactoryNvs);
  return factory;
}

void generate_nvs(benchmark::State& state) {
  const Inputs in;
  for (auto _ : state) benchmark::DoNotOptimize(make_nvs(in, kNvsSize));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kNvsSize));
}
BENCHMARK(generate_nvs);

void read_nvs(benchmark::State& state) {
  const Secret nvs = make_nvs({}, kNvsSize);
  for (auto _ : state) benchmark::DoNotOptimize(image::read_nvs(nvs.reveal()));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kNvsSize));
}
BENCHMARK(read_nvs);

// Each time another value, so that the partition fills and pages are freed.
void update_nvs_in_place(benchmark::State& state) {
  Secret nvs = make_nvs({}, kNvsSize);
  image::MemoryFlash flash(nvs.writable());
  auto store = image::NvsStore::open(flash);
  if (!store) std::abort();
  Bytes value = data("ecc/certificate.pem");
  for (auto _ : state) {
    ++value.back();
    if (!store->set("mqtt_cert", "mqtt_cert", image::NvsType::blob, value)) std::abort();
  }
}
BENCHMARK(update_nvs_in_place);

void encrypt_nvs(benchmark::State& state) {
  Secret nvs = make_nvs({}, kNvsSize);
  Bytes random(image::kNvsKeysSize);
  for (std::size_t i = 0; i < random.size(); ++i) random[i] = static_cast<std::uint8_t>(i);
  const auto keys = image::NvsKeys::from_bytes(random);
  if (!keys) std::abort();
  for (auto _ : state) {
    if (!image::encrypt_nvs(nvs.writable(), *keys)) std::abort();
  }
}
BENCHMARK(encrypt_nvs);

void write_pki_bin(benchmark::State& state) {
  const Inputs in;
  const image::PkiContent content{image::PkiType::certificate, in.certificate};
  for (auto _ : state) {
    benchmark::DoNotOptimize(image::write_pki_bin({&content, 1}, image::Release{{3, 0, 0, 0}}, 8192));
  }
}
BENCHMARK(write_pki_bin);

void patch_factory_image(benchmark::State& state) {
  const Inputs in;
  const Bytes factory = make_factory(in);
  image::FactoryPatch patch;
  patch.items = {{"mqtt_cert", 0, in.ca}};
  patch.nvs_update = static_cast<image::NvsUpdate>(state.range(0));
  for (auto _ : state) {
    const auto patched = image::patch_factory_image(factory, patch);
    if (!patched || patched->changes.empty()) std::abort();
  }
}
BENCHMARK(patch_factory_image)
    ->Arg(static_cast<int>(image::NvsUpdate::in_place))
    ->Arg(static_cast<int>(image::NvsUpdate::old_style));

void load_and_check_credentials(benchmark::State& state) {
  const NamedFile certificate{"certificate", Secret(data("ecc/certificate.pem"))};
  const NamedFile key{"key", Secret(data("ecc/private.pem"))};
  const NamedFile ca{"ca", Secret(credentials::find_amazon_root("AmazonRootCA1")->pem)};
  credentials::CheckOptions options;
  options.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  for (auto _ : state) {
    const auto loaded = credentials::load_files(certificate, key, ca, {});
    if (!loaded) std::abort();
    benchmark::DoNotOptimize(credentials::check(*loaded, options));
  }
}
BENCHMARK(load_and_check_credentials);

}  // namespace
}  // namespace atcert
