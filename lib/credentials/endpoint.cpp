// SPDX-License-Identifier: Apache-2.0
#include "credentials/endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/core.h>

namespace atcert::credentials {
namespace {

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

// The endings of AWS's names (AWS SDKs, partitions.json), and how the regions begin that have them.
struct Partition {
  std::string_view ending;
  std::string_view regions;
  bool dual_stack;
};

constexpr std::array<Partition, 5> kPartitions{{{".amazonaws.com", "", false},
                                                {".api.aws", "", true},
                                                {".amazonaws.com.cn", "cn-", false},
                                                {".api.amazonwebservices.com.cn", "cn-", true},
                                                {".amazonaws.eu", "eusc-", false}}};

const Partition* partition_of_name(std::string_view host) {
  const auto found = std::find_if(kPartitions.begin(), kPartitions.end(),
                                  [host](const Partition& partition) { return host.ends_with(partition.ending); });
  return found != kPartitions.end() ? &*found : nullptr;
}

// GovCloud's regions, us-gov-..., have the endings of all others.
std::string_view region_prefix(std::string_view region) {
  for (const Partition& partition : kPartitions) {
    if (!partition.regions.empty() && region.starts_with(partition.regions)) return partition.regions;
  }
  return {};
}

// "eu-central-1", "us-gov-west-1", "cn-north-1".
bool is_region(std::string_view text) {
  return std::count(text.begin(), text.end(), '-') >= 2 && is_label(text) && text.back() >= '0' && text.back() <= '9';
}

// How many characters have to be changed, put in or taken out to make `right` of `left` (Levenshtein).
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t changed = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, changed}));
    }
  }
  return row[right.size()];
}

constexpr std::size_t kSlips = 2;  // of the finger, in an ending

// The ending that a name of no partition was most likely meant to have; empty when it was meant as it is.
std::string near_miss(std::string_view host) {
  const auto labels = labels_of(host);
  for (const Partition& partition : kPartitions) {
    const std::string_view ending = partition.ending.substr(1);
    const auto count = static_cast<std::size_t>(std::count(ending.begin(), ending.end(), '.')) + 1;
    if (labels.size() <= count) continue;
    const std::string_view own =
        host.substr(static_cast<std::size_t>(labels[labels.size() - count].data() - host.data()));
    if (ending.size() > kSlips * 4 && distance(own, ending) <= kSlips) return std::string(ending);
  }
  // <id>.iot.<region>. and something else
  for (std::size_t i = 1; i + 2 < labels.size(); ++i) {
    if (labels[i] == "iot" && is_region(labels[i + 1])) return "amazonaws.com";
  }
  return {};
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
    if (is_address(wanted_)) {
      judge_address();
      return std::move(findings_);
    }
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
      case EndpointKind::unclear:
        judge_unclear();
        break;
      case EndpointKind::service:
        error("endpoint_service", fmt::format("{} is an AWS service, but not the MQTT broker", wanted_),
              fmt::format("ask AWS for the device data endpoint: {}", kDescribe));
        break;
      case EndpointKind::vpc:
        add(Severity::warning, "endpoint_vpc",
            fmt::format("{} names a VPC endpoint: AWS's certificate is not made out to that name", wanted_),
            fmt::format(
                "give the account's own name ({}), and let a private hosted zone resolve it to the VPC endpoint",
                kDescribe));
        break;
      case EndpointKind::fips:
        add(Severity::note, "endpoint_fips",
            fmt::format("{} is the region's FIPS endpoint: it knows no custom domains, custom authorizers or "
                        "certificates registered in several accounts",
                        wanted_),
            {});
        break;
      case EndpointKind::advisor:
        add(Severity::note, "endpoint_advisor", fmt::format("{} is the broker of a Device Advisor test run", wanted_),
            {});
        break;
      case EndpointKind::custom:
        judge_near_miss();
        break;
      case EndpointKind::ats:
      case EndpointKind::local:
        break;
    }
    judge_partition(endpoint);
  }

  // The two cannot be told apart by the name, and neither tells what the other would be called.
  void judge_unclear() {
    add(Severity::warning, "endpoint_without_ats",
        fmt::format(
            "{} has no -ats: it is either AWS's legacy endpoint, whose VeriSign chain no Amazon root verifies, or "
            "the name of a domain configuration, whose chain they do verify",
            wanted_),
        fmt::format("compare it with the answer of {}; aws iot list-domain-configurations names the others",
                    kDescribe));
  }

  void judge_address() {
    if (wanted_.starts_with("127.") || wanted_ == "::1") return;
    add(Severity::warning, "endpoint_address",
        fmt::format(
            "{} is an IP address: AWS's endpoints have names, and a server's certificate is made out to its name",
            wanted_),
        fmt::format("give the name ({}), unless a broker of your own is there", kDescribe));
  }

  // A name that means AWS and is written wrong.
  void judge_near_miss() {
    const std::string ending = near_miss(wanted_);
    if (ending.empty()) return;
    add(Severity::warning, "endpoint_near_miss",
        fmt::format("{} looks like an endpoint of AWS, and does not end as those do ({})", wanted_, ending),
        fmt::format("compare it with the answer of {}; ignore this when it is a domain of your own", kDescribe));
  }

  // Names of each partition have endings of their own.
  void judge_partition(const Endpoint& endpoint) {
    if (endpoint.region.empty()) return;
    const Partition* by_name = partition_of_name(wanted_);
    if (!is_region(endpoint.region)) {
      error("endpoint_region", fmt::format("\"{}\" in {} is no AWS region", endpoint.region, wanted_),
            fmt::format("ask AWS for the endpoint: {}", kDescribe));
    } else if (by_name != nullptr && by_name->regions != region_prefix(endpoint.region)) {
      error("endpoint_partition",
            fmt::format("{} mixes the region {} with the ending of another partition", wanted_, endpoint.region),
            fmt::format("ask AWS for the endpoint: {}", kDescribe));
    }
  }

  std::string_view text_;
  Parts parts_;
  std::string wanted_;
  Findings findings_;
};

// The kind by the labels before "iot.<region>" and the ending.
EndpointKind kind_of_prefix(const std::vector<std::string_view>& prefix, bool dual_stack) {
  if (prefix.size() == 2 && prefix[1] == "ats") return EndpointKind::ats;
  if (prefix.size() == 2 && prefix[1] == "deviceadvisor") return EndpointKind::advisor;
  if (prefix.size() != 1) return EndpointKind::service;
  // Names of both stacks came after the legacy endpoints.
  return prefix[0].ends_with("-ats") || dual_stack ? EndpointKind::ats : EndpointKind::unclear;
}

}  // namespace

bool shows_amazon_chain(EndpointKind kind) {
  return kind == EndpointKind::ats || kind == EndpointKind::fips || kind == EndpointKind::advisor;
}

Endpoint classify_endpoint(std::string_view host) {
  Endpoint endpoint{lower(host), EndpointKind::custom, {}};
  if (is_local(endpoint.host)) {
    endpoint.kind = EndpointKind::local;
    return endpoint;
  }
  const Partition* partition = partition_of_name(endpoint.host);
  if (partition == nullptr) return endpoint;
  std::string_view rest = endpoint.host;
  rest.remove_suffix(partition->ending.size());
  std::vector<std::string_view> labels = labels_of(rest);
  const bool vpc = labels.back() == "vpce";
  if (vpc) labels.pop_back();
  endpoint.kind = vpc ? EndpointKind::vpc : EndpointKind::service;
  if (labels.size() < 2) return endpoint;
  endpoint.region = labels.back();
  const std::string_view service = labels[labels.size() - 2];
  labels.resize(labels.size() - 2);
  if (vpc) return endpoint;
  if (service == "iot") endpoint.kind = kind_of_prefix(labels, partition->dual_stack);
  if (service == "iot-fips" && labels.size() == 1) endpoint.kind = EndpointKind::fips;
  return endpoint;
}

Findings check_endpoint(std::string_view text) {
  return Judge(text).run();
}

}  // namespace atcert::credentials
