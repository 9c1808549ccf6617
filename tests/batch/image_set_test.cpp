// SPDX-License-Identifier: Apache-2.0
#include "batch/image_set.hpp"

#include <doctest/doctest.h>

#include "image/manifest.hpp"
#include "support/require.hpp"

namespace atcert::batch {

TEST_CASE("a subject of any bytes is no obstacle to a manifest") {
  credentials::Credentials credentials;
  credentials.certificate.chain.emplace_back().subject = "CN=unit \xFF\xC0";
  credentials.certificate.chain.back().fingerprint = std::string(64, 'a');
  const image::ImageTarget nowhere{{}, {{5, 0, 1, 0}}, {}};
  const ImageSet set =
      test::require(make_image_set(&credentials, {.target = nowhere, .images = {.nvs_size = std::size_t{0x4000}}}));
  const image::Manifest manifest = test::require(image::read_manifest(set.manifest));
  REQUIRE(manifest.certificate.has_value());
  CHECK(manifest.certificate->subject.starts_with("CN=unit "));
}

}  // namespace atcert::batch
