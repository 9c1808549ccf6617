// SPDX-License-Identifier: Apache-2.0
#include "credentials/mqtt_names.hpp"

#include <string>

#include <doctest/doctest.h>

namespace atcert::credentials {
namespace {

std::string codes_of(const Findings& findings) {
  std::string codes;
  for (const Finding& finding : findings) codes += (codes.empty() ? "" : " ") + finding.code;
  return codes;
}

std::string publish(std::string_view topic) {
  return codes_of(check_topic(topic, TopicUse::publish));
}
std::string subscribe(std::string_view topic) {
  return codes_of(check_topic(topic, TopicUse::subscribe));
}

}  // namespace

TEST_CASE("client ids have 1 to 128 bytes, are printable and do not begin with $") {
  CHECK(codes_of(check_client_id("unit-0001")) == "");
  CHECK(codes_of(check_client_id(std::string(128, 'a'))) == "");
  CHECK(codes_of(check_client_id("")) == "client_id_empty");
  CHECK(codes_of(check_client_id(std::string(129, 'a'))) == "client_id_too_long");
  CHECK(codes_of(check_client_id("a\nb")) == "client_id_form");
  CHECK(codes_of(check_client_id("$a")) == "client_id_form");
}

TEST_CASE("topics have at most the bytes that the module takes") {
  CHECK(publish(std::string(128, 'a')) == "");
  CHECK(publish(std::string(129, 'a')) == "topic_too_long");
  CHECK(publish("") == "topic_empty");
  CHECK(publish(std::string_view("a\0b", 3)) == "topic_form");
}

TEST_CASE("topics have at most 7 slashes, those of a Basic Ingest prefix aside") {
  CHECK(publish("a/b/c/d/e/f/g/h") == "");
  CHECK(publish("a/b/c/d/e/f/g/h/i") == "topic_too_deep");
  CHECK(publish("$aws/rules/rule/a/b/c/d/e/f/g/h") == "");
  CHECK(publish("$aws/rules/rule/a/b/c/d/e/f/g/h/i") == "topic_too_deep");
}

TEST_CASE("wildcards are for filters, and only in their places") {
  CHECK(publish("a/+") == "topic_wildcard");
  CHECK(publish("#") == "topic_wildcard");
  for (const char* filter : {"#", "+", "a/#", "+/b", "a/+/c", "+/+/#"}) CHECK(subscribe(filter) == "");
  for (const char* filter : {"a#", "a/#/b", "a+", "a/b+/c", "+a"}) CHECK(subscribe(filter) == "topic_wildcard");
}

}  // namespace atcert::credentials
