// SPDX-License-Identifier: Apache-2.0
#include "credentials/amazon_roots.hpp"

#include <doctest/doctest.h>

#include "credentials/contents.hpp"
#include "credentials/fixtures.hpp"

namespace atcert::credentials {

TEST_CASE("the roots that are built in have the fingerprints that AWS publishes") {
  // SHA-256 of the certificates: amazontrust.com/repository, and Mozilla's list of included CAs.
  const struct {
    const char *name, *fingerprint, *key;
  } published[] = {
      {"AmazonRootCA1", "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e", "RSA 2048"},
      {"AmazonRootCA2", "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4", "RSA 4096"},
      {"AmazonRootCA3", "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4", "P-256"},
      {"AmazonRootCA4", "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092", "P-384"},
  };
  CHECK(amazon_roots().size() == std::size(published));
  for (const auto& expected : published) {
    CAPTURE(std::string(expected.name));
    const AmazonRoot* root = find_amazon_root(expected.name);
    REQUIRE(root != nullptr);
    const FileContents contents = read_contents(named("root", root->pem));
    CHECK(contents.deviations.empty());
    REQUIRE(contents.items.size() == 1);
    const CertificateFacts& facts = contents.items.front().certificate;
    CHECK(facts.fingerprint == expected.fingerprint);
    CHECK(facts.key.name == expected.key);
    CHECK(facts.key.fingerprint == root->key_fingerprint);
    CHECK(facts.is_ca);
    CHECK(facts.self_signed);
    CHECK(amazon_root_name(facts) == expected.name);
  }
}

TEST_CASE("other names and other keys are no Amazon root") {
  CHECK(find_amazon_root("AmazonRootCA5") == nullptr);
  CHECK(find_amazon_root("") == nullptr);
  CHECK(amazon_root_name(good_credentials().ca.first()).empty());
  CertificateFacts facts;
  facts.subject = "CN=Amazon Root CA 1,O=Amazon,C=US";
  CHECK(amazon_root_name(facts).empty());
}

}  // namespace atcert::credentials
