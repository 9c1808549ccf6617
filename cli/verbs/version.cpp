// SPDX-License-Identifier: Apache-2.0
// atcert version: what the program is made of, so that a station can tell whether a fix is in. Libraries are asked at
// run time where they can tell; those that are headers alone are as they were when it was built.
#include <gnu/libc-version.h>

#include <memory>
#include <string>
#include <vector>

#include <mbedtls/version.h>
#include <CLI/Version.hpp>
#include <fmt/core.h>
#include <libserialport.h>
#include <openssl/crypto.h>
#include <zlib.h>

#include "base/json.hpp"
#include "options/common.hpp"
#include "program.hpp"
#include "report/json.hpp"

namespace atcert::cli {
namespace {

constexpr const char* kName = "version";

struct Library {
  std::string name;
  std::string version;
  std::string linked;  // "static", "shared", "headers"
};

// 90100: 9.1.0
std::string fmt_version() {
  return fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
}

std::string mbedtls_version() {
  std::string text(16, '\0');
  mbedtls_version_get_string(text.data());
  return text.substr(0, text.find('\0'));
}

std::string json_version() {
  return fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH);
}

std::vector<Library> libraries() {
  const std::string linked = ATCERT_LINKED;
  return {
      // A distribution mends one version for years: the day on which it was built tells more than the number.
      {"OpenSSL", fmt::format("{}, {}", OpenSSL_version(OPENSSL_VERSION), OpenSSL_version(OPENSSL_BUILT_ON)), linked},
      {"Mbed TLS", mbedtls_version(), linked},
      {"zlib", zlibVersion(), linked},
      {"libserialport", sp_get_package_version_string(), linked},
      {"fmt", fmt_version(), linked},
      {"libstdc++", std::to_string(__GLIBCXX__), linked},
      {"glibc", gnu_get_libc_version(), "shared"},
      {"nlohmann/json", json_version(), "headers"},
      {"CLI11", CLI11_VERSION, "headers"},
  };
}

int show(const UiSettings& settings, Ui& ui) {
  ui.configure(settings);
  ui.result("atcert " ATCERT_VERSION);
  ui.result("built by " ATCERT_COMPILER ", " ATCERT_BUILD_TYPE);
  nlohmann::json document = report::document(kName, nullptr);
  document["version"] = ATCERT_VERSION;
  document["compiler"] = ATCERT_COMPILER;
  document["build"] = ATCERT_BUILD_TYPE;
  document["libraries"] = nlohmann::json::array();
  for (const Library& library : libraries()) {
    ui.result(fmt::format("{:<14} {} ({})", library.name, library.version, library.linked));
    document["libraries"].push_back({{"name", library.name}, {"version", library.version}, {"linked", library.linked}});
  }
  if (ui.json()) ui.document(document);
  return 0;
}

}  // namespace

void add_version(Verbs& verbs, Program& program) {
  verbs.add(kName, "The version, and those of the libraries in it", [&program](Verb verb) {
    const auto settings = std::make_shared<UiSettings>();
    add_output_options(verb, *settings);
    verb.on_chosen([settings, &program] { return show(*settings, program.ui); });
  });
}

}  // namespace atcert::cli
