// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/given.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "credentials/endpoint.hpp"

namespace atcert::diagnosis {
namespace {

constexpr std::size_t kShortestPassword = 8;  // of WPA

std::string kind_of(std::string_view endpoint) {
  using credentials::EndpointKind;
  switch (credentials::classify_endpoint(endpoint).kind) {
    case EndpointKind::unclear:
      return "legacy";
    case EndpointKind::local:
      return "local";
    case EndpointKind::custom:
      return "custom";
    default:
      return "aws";
  }
}

std::string form_of(const Secret& password) {
  const std::string_view text = password.reveal_text();
  constexpr std::string_view kBlanks = " \t\r\n";
  if (text.empty()) return "none";
  if (text.size() < kShortestPassword) return "short";
  const bool blank = kBlanks.find(text.front()) != text.npos || kBlanks.find(text.back()) != text.npos;
  return blank ? "blank" : "plain";
}

}  // namespace

Given given_evidence(const script::Values& values) {
  const script::Captures captures;
  const script::Scope scope{values, captures};
  Given given;
  given.values = &values;
  if (const std::string* endpoint = scope.text("endpoint")) given.endpoint = kind_of(*endpoint);
  if (const Secret* password = scope.secret("wifi_password")) given.password = form_of(*password);
  if (const std::string* port = scope.text("port")) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(port->data(), port->data() + port->size(), number);
    if (error == std::errc()) given.port = number;
  }
  if (const std::string* id = scope.text("client_id")) given.client_id_size = static_cast<unsigned>(id->size());
  if (const std::string* topic = scope.text("topic")) {
    given.topic_levels = static_cast<unsigned>(std::count(topic->begin(), topic->end(), '/'));
  }
  return given;
}

}  // namespace atcert::diagnosis
