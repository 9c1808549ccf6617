// SPDX-License-Identifier: Apache-2.0
#include "credentials/endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/core.h>

namespace atcert::credentials {
namespace {

constexpr std::string_view kLowerAndDash = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view kSpace = " \t\r\n\v\f";
constexpr std::string_view kDescribe = "aws iot describe-endpoint --endpoint-type iot:Data-ATS";

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

bool is_address(const std::string& host) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 || inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

bool is_local(const std::string& host) {
  return is_address(host) || host.find('.') == std::string::npos || host.ends_with(".localhost");
}

std::vector<std::string_view> labels_of(std::string_view host) {
  std::vector<std::string_view> labels;
  while (true) {
    const std::size_t dot = host.find('.');
    labels.push_back(host.substr(0, dot));
    if (dot == std::string_view::npos) return labels;
    host.remove_prefix(dot + 1);
  }
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         lower(label).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

bool is_host_name(std::string_view host) {
  const auto labels = labels_of(host);
  return host.size() <= 253 && std::all_of(labels.begin(), labels.end(), is_label);
}

// "eu-central-1", "us-gov-west-1", "cn-north-1".
bool is_region(std::string_view text) {
  return std::count(text.begin(), text.end(), '-') >= 2 && is_label(text) && text.back() >= '0' && text.back() <= '9';
}

// What the user most likely meant: the text without blanks, scheme, path and port, in lower case.
struct Parts {
  std::string_view trimmed;
  bool scheme = false;
  bool path = false;
  bool port = false;
  std::string_view host;
};

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

Parts split(std::string_view text) {
  Parts parts;
  parts.trimmed = trim(text);
  parts.host = parts.trimmed;
  if (const std::size_t scheme = parts.host.find("://"); scheme != std::string_view::npos) {
    parts.scheme = true;
    parts.host.remove_prefix(scheme + 3);
  }
  if (const std::size_t path = parts.host.find_first_of("/?#"); path != std::string_view::npos) {
    parts.path = true;
    parts.host = parts.host.substr(0, path);
  }
  if (const std::size_t close = parts.host.find(']'); parts.host.starts_with('[') && close != std::string_view::npos) {
    parts.port = close + 1 < parts.host.size();
    parts.host = parts.host.substr(1, close - 1);
  } else if (std::count(parts.host.begin(), parts.host.end(), ':') == 1) {
    parts.port = true;
    parts.host = parts.host.substr(0, parts.host.find(':'));
  }
  return parts;
}

class Judge {
 public:
  explicit Judge(std::string_view text) : text_(text), parts_(split(text)), wanted_(lower(parts_.host)) {}

  Findings run() {
    if (parts_.host.empty()) {
      error("endpoint_empty", "the endpoint is empty", fmt::format("ask AWS for it: {}", kDescribe));
      return std::move(findings_);
    }
    judge_form();
    if (is_address(wanted_)) return std::move(findings_);
    if (!is_host_name(parts_.host)) {
      error("endpoint_form", fmt::format("\"{}\" is no host name", shown()), "give the host name alone");
      return std::move(findings_);
    }
    judge_kind(classify_endpoint(wanted_));
    return std::move(findings_);
  }

 private:
  // The user's text, kept from playing tricks on a terminal.
  std::string shown() const {
    std::string text(text_.substr(0, 300));
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    return text;
  }

  void add(Severity severity, std::string code, std::string message, std::string remedy) {
    findings_.push_back({severity, std::move(code), std::move(message), std::move(remedy)});
  }
  void error(std::string code, std::string message, std::string remedy) {
    add(Severity::error, std::move(code), std::move(message), std::move(remedy));
  }

  void judge_form() {
    const std::string remedy =
        is_host_name(parts_.host) || is_address(wanted_) ? "give " + wanted_ : "give the host name alone";
    if (parts_.scheme || parts_.path) {
      error("endpoint_url", fmt::format("\"{}\" is a URL, not a host name", shown()), remedy);
    } else if (parts_.port) {
      error("endpoint_port", fmt::format("\"{}\" has a port, which is not part of the endpoint", shown()), remedy);
    } else if (parts_.trimmed.size() != text_.size()) {
      error("endpoint_blanks", fmt::format("\"{}\" has blanks around it", shown()), remedy);
    } else if (parts_.host != wanted_) {
      add(Severity::warning, "endpoint_upper_case", fmt::format("\"{}\" has upper-case letters", shown()), remedy);
    }
  }

  void judge_kind(const Endpoint& endpoint) {
    switch (endpoint.kind) {
      case EndpointKind::legacy:
        judge_legacy(endpoint);
        break;
      case EndpointKind::service:
        error("endpoint_service", fmt::format("{} is an AWS service, but not the MQTT broker", wanted_),
              fmt::format("ask AWS for the device data endpoint: {}", kDescribe));
        break;
      case EndpointKind::vpc:
        add(Severity::warning, "endpoint_vpc",
            fmt::format("{} names a VPC endpoint: AWS's certificate is not made out to that name", wanted_),
            "give the account's -ats name, and let a private hosted zone resolve it to the VPC endpoint");
        break;
      case EndpointKind::fips:
        add(Severity::note, "endpoint_fips",
            fmt::format("{} is the region's FIPS endpoint: it knows no custom domains, custom authorizers or "
                        "certificates registered in several accounts",
                        wanted_),
            {});
        break;
      case EndpointKind::ats:
      case EndpointKind::local:
      case EndpointKind::custom:
        break;
    }
    judge_partition(endpoint);
  }

  void judge_legacy(const Endpoint& endpoint) {
    const std::size_t dot = wanted_.find('.');
    const std::string_view joint = endpoint.region.starts_with("cn-") ? ".ats" : "-ats";
    add(Severity::warning, "endpoint_legacy",
        fmt::format("{} has no -ats: AWS's legacy endpoint shows a VeriSign chain, which no Amazon root verifies",
                    wanted_),
        fmt::format("give {}{}{}", wanted_.substr(0, dot), joint, wanted_.substr(dot)));
  }

  // China is a partition of its own, and its names end in .com.cn.
  void judge_partition(const Endpoint& endpoint) {
    if (endpoint.region.empty()) return;
    const bool china_name = wanted_.ends_with(".amazonaws.com.cn");
    if (!is_region(endpoint.region)) {
      error("endpoint_region", fmt::format("\"{}\" in {} is no AWS region", endpoint.region, wanted_),
            fmt::format("ask AWS for the endpoint: {}", kDescribe));
    } else if (endpoint.region.starts_with("cn-") != china_name) {
      error("endpoint_partition", fmt::format("{} mixes the region {} with the wrong ending", wanted_, endpoint.region),
            china_name ? "names outside China end in .amazonaws.com" : "names in China end in .amazonaws.com.cn");
    }
  }

  std::string_view text_;
  Parts parts_;
  std::string wanted_;
  Findings findings_;
};

// The kind by the labels before "iot.<region>.amazonaws.com".
EndpointKind kind_of_prefix(const std::vector<std::string_view>& prefix) {
  if (prefix.size() == 2 && prefix[1] == "ats") return EndpointKind::ats;
  if (prefix.size() != 1 || prefix[0].find_first_not_of(kLowerAndDash) != std::string_view::npos) {
    return EndpointKind::service;
  }
  return prefix[0].ends_with("-ats") ? EndpointKind::ats : EndpointKind::legacy;
}

}  // namespace

Endpoint classify_endpoint(std::string_view host) {
  Endpoint endpoint{lower(host), EndpointKind::custom, {}};
  if (is_local(endpoint.host)) {
    endpoint.kind = EndpointKind::local;
    return endpoint;
  }
  std::string_view rest = endpoint.host;
  for (const std::string_view ending : {".amazonaws.com", ".amazonaws.com.cn"}) {
    if (rest.ends_with(ending)) rest.remove_suffix(ending.size());
  }
  if (rest.size() == endpoint.host.size()) return endpoint;
  std::vector<std::string_view> labels = labels_of(rest);
  if (labels.back() == "vpce") {
    endpoint.kind = EndpointKind::vpc;
    return endpoint;
  }
  endpoint.kind = EndpointKind::service;
  if (labels.size() < 2) return endpoint;
  endpoint.region = labels.back();
  const std::string_view service = labels[labels.size() - 2];
  labels.resize(labels.size() - 2);
  if (service == "iot") endpoint.kind = kind_of_prefix(labels);
  if (service == "iot-fips" && labels.size() == 1) endpoint.kind = EndpointKind::fips;
  return endpoint;
}

Findings check_endpoint(std::string_view text) {
  return Judge(text).run();
}

}  // namespace atcert::credentials
