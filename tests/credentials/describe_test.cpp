// SPDX-License-Identifier: Apache-2.0
#include "credentials/describe.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "credentials/amazon_roots.hpp"
#include "credentials/fixtures.hpp"

namespace atcert::credentials {
namespace {

std::string fact(const ItemDescription& item, std::string_view name) {
  const auto found = std::find_if(item.facts.begin(), item.facts.end(), [&](const auto& f) { return f.first == name; });
  return found != item.facts.end() ? found->second : "(none)";
}

}  // namespace

TEST_CASE("a description has the facts of the three and nothing of the key") {
  const Credentials credentials =
      load_files(fixture("rsa.pem"), fixture("rsa.key"), named("root.pem", find_amazon_root("AmazonRootCA1")->pem), {})
          .value();
  const auto items = describe(credentials);
  REQUIRE(items.size() == 3);
  CHECK(items[0].item == "certificate");
  CHECK(items[0].source == "rsa.pem");
  CHECK(items[0].size == text_of("rsa.pem").size());
  CHECK(fact(items[0], "subject") == "CN=RSA device");
  CHECK(fact(items[0], "key") == "RSA 2048");
  CHECK(fact(items[0], "certificates") == "(none)");
  CHECK(items[1].item == "key");
  CHECK(fact(items[1], "form") == "PKCS#1");
  CHECK(items[2].item == "ca");
  CHECK(fact(items[2], "not_after") == "2038-01-17T00:00:00Z");
  CHECK(fact(items[2], "amazon_root") == "AmazonRootCA1");
  const std::string secret = text_of("rsa.key").substr(40, 20);
  for (const ItemDescription& item : items) {
    for (const auto& [name, value] : item.facts) CHECK(value.find(secret) == std::string::npos);
  }
}

TEST_CASE("a description says how many certificates a chain has") {
  const NamedFile chain = named("chain.pem", text_of("forms/leaf.pem") + text_of("forms/middle.pem"));
  const auto credentials = load_files(chain, fixture("forms/leaf.key"), fixture("forms/root.pem"), {});
  REQUIRE(credentials.ok());
  CHECK(fact(describe(*credentials)[0], "certificates") == "2");
}

TEST_CASE("dates to the year 9999 are written as ISO 8601") {
  CHECK(to_text(Date{}) == "1970-01-01T00:00:00Z");
  CHECK(to_text(Date(std::chrono::seconds(253402300799))) == "9999-12-31T23:59:59Z");
}

}  // namespace atcert::credentials
