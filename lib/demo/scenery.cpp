// SPDX-License-Identifier: Apache-2.0
#include "demo/scenery.hpp"

#include "base/files.hpp"
#include "credentials/load.hpp"

namespace atcert::demo {
namespace {

// AWS makes RSA 2048 keys, and device certificates that say no more than this name.
credentials::ThrowawayOptions options_for(const std::string& common_name, WallTime now) {
  const credentials::Date today = std::chrono::floor<std::chrono::seconds>(now);
  return {.common_name = common_name,
          .organization = "atcert demo",
          .not_before = today - std::chrono::days(1),
          .not_after = today + std::chrono::days(365),
          .key = credentials::ThrowawayKey::rsa_2048};
}

}  // namespace

Result<Scenery> Scenery::set_up(WallTime now) {
  ATCERT_TRY(const auto, authority, credentials::make_authority(options_for("Throwaway Root CA 1", now)));
  ATCERT_TRY(auto, server, credentials::make_server(authority, options_for(kEndpoint, now), {kEndpoint}));
  ATCERT_TRY(const auto, device, credentials::make_device(authority, options_for("AWS IoT Certificate", now)));
  ATCERT_TRY(ScratchFolder, folder, ScratchFolder::create("demo"));
  ATCERT_CHECK(write_as_aws(folder.path(), device, authority.certificate));
  ATCERT_TRY(auto, broker,
             cloud::LoopbackBroker::start({.client_authority = authority.certificate,
                                           .certificate = std::move(server.certificate),
                                           .key = std::move(server.key)}));
  return Scenery(std::move(folder), std::move(broker));
}

Result<void> write_as_aws(const std::filesystem::path& folder, const credentials::Throwaway& device,
                          const std::string& authority) {
  ATCERT_TRY(const auto, loaded,
             credentials::load_files({"certificate", Secret(device.certificate)}, {"key", device.key.clone()},
                                     {"CA", Secret(authority)}, {}));
  const std::string& id = loaded.certificate.first().fingerprint;
  ATCERT_CHECK(write_file(folder / (id + "-certificate.pem.crt"), as_bytes(device.certificate)));
  ATCERT_CHECK(write_file(folder / (id + "-private.pem.key"), device.key.reveal(), Privacy::secret));
  return write_file(folder / "AmazonRootCA1.pem", as_bytes(authority));
}

}  // namespace atcert::demo
