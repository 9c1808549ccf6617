// SPDX-License-Identifier: Apache-2.0
#include "credentials/endpoint.hpp"

#include <cctype>
#include <string>

#include <doctest/doctest.h>

namespace atcert::credentials {
namespace {

// "code: remedy" of every finding, one after the other.
std::string judged(std::string_view text) {
  std::string result;
  for (const Finding& finding : check_endpoint(text)) {
    result += (result.empty() ? "" : " | ") + finding.code + ": " + finding.remedy;
  }
  return result;
}

Severity severity_of(std::string_view text) {
  return check_endpoint(text).at(0).severity;
}

}  // namespace

TEST_CASE("endpoints as AWS gives them, custom domains and test brokers have no findings") {
  for (const char* host :
       {"a1b2c3d4e5f6g7-ats.iot.eu-central-1.amazonaws.com", "a1b2c3-ats.iot.us-gov-west-1.amazonaws.com",
        "a1b2c3.ats.iot.cn-north-1.amazonaws.com.cn", "a1b2c3.ats.iot.cn-northwest-1.amazonaws.com.cn",
        "a1b2c3-ats.iot.us-east-1.api.aws", "a1b2c3.iot.us-east-1.api.aws",
        "a1b2c3-ats.iot.eusc-de-east-1.amazonaws.eu", "a1b2c3.iot.cn-north-1.api.amazonwebservices.com.cn",
        "data-ats.iot.us-east-1.amazonaws.com", "iot.example.com", "mqtt.amazon.example", "iot.amazing.com", "broker",
        "localhost", "127.0.0.1", "::1"}) {
    CAPTURE(host);
    CHECK(judged(host) == "");
  }
}

TEST_CASE("a host name is kept, in lower case, whatever kind of endpoint it is") {
  for (const char* host : {"Broker.Example.com", "LOCALHOST", "A1B2C3-ATS.iot.eu-central-1.amazonaws.com",
                           "vpce-0A1B.data.iot.us-east-1.vpce.amazonaws.com"}) {
    std::string lower(host);
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    CHECK(classify_endpoint(host).host == lower);
  }
}

TEST_CASE("endpoints are classified by their names") {
  const struct {
    const char* host;
    EndpointKind kind;
    const char* region;
  } cases[] = {{"a1b2c3-ats.iot.eu-central-1.amazonaws.com", EndpointKind::ats, "eu-central-1"},
               {"A1B2C3-ATS.iot.eu-central-1.amazonaws.com", EndpointKind::ats, "eu-central-1"},
               {"a1b2c3.ats.iot.cn-north-1.amazonaws.com.cn", EndpointKind::ats, "cn-north-1"},
               {"a1b2c3.iot.eu-central-1.amazonaws.com", EndpointKind::unclear, "eu-central-1"},
               {"a1b2c3.iot.us-east-1.api.aws", EndpointKind::ats, "us-east-1"},
               {"iot.us-east-1.api.aws", EndpointKind::service, "us-east-1"},
               {"data.iot-fips.us-gov-west-1.amazonaws.com", EndpointKind::fips, "us-gov-west-1"},
               {"t1a2b3.deviceadvisor.iot.us-east-1.amazonaws.com", EndpointKind::advisor, "us-east-1"},
               {"a1b2c3-ats.iot.eusc-de-east-1.amazonaws.eu", EndpointKind::ats, "eusc-de-east-1"},
               {"data.iot-fips.us-east-1.amazonaws.com", EndpointKind::fips, "us-east-1"},
               {"iot.us-east-1.amazonaws.com", EndpointKind::service, "us-east-1"},
               {"a1b2c3.credentials.iot.us-east-1.amazonaws.com", EndpointKind::service, "us-east-1"},
               {"a1b2c3.jobs.iot.us-east-1.amazonaws.com", EndpointKind::service, "us-east-1"},
               {"vpce-0a1b-2c3d.data.iot.us-east-1.vpce.amazonaws.com", EndpointKind::vpc, "us-east-1"},
               {"amazonaws.com.example.com", EndpointKind::custom, ""},
               {"iot.example.com", EndpointKind::custom, ""},
               {"10.0.0.1", EndpointKind::local, ""},
               {"localhost", EndpointKind::local, ""},
               {"broker", EndpointKind::local, ""}};
  for (const auto& expected : cases) {
    CAPTURE(std::string(expected.host));
    const Endpoint endpoint = classify_endpoint(expected.host);
    CHECK(endpoint.kind == expected.kind);
    CHECK(endpoint.region == expected.region);
  }
}

TEST_CASE("a pasted URL, a port, blanks and upper case are refused with the name to give") {
  const std::string host = "a1b2c3-ats.iot.eu-central-1.amazonaws.com";
  CHECK(judged("https://" + host) == "endpoint_url: give " + host);
  CHECK(judged("mqtts://" + host + ":8883/") == "endpoint_url: give " + host);
  CHECK(judged(host + "/mqtt?x=1") == "endpoint_url: give " + host);
  CHECK(judged(host + ":8883") == "endpoint_port: give " + host);
  CHECK(check_endpoint("a]b.example").back().code == "endpoint_form");
  CHECK(judged("[::1]:8883") == "endpoint_port: give ::1");
  CHECK(judged(" " + host + "\n") == "endpoint_blanks: give " + host);
  CHECK(judged("A1B2C3-ats.iot.eu-central-1.amazonaws.com") == "endpoint_upper_case: give " + host);
  CHECK(severity_of("https://" + host) == Severity::error);
  CHECK(severity_of("A1B2C3-ats.iot.eu-central-1.amazonaws.com") == Severity::warning);
}

TEST_CASE("a name without -ats may be one of two kinds: both are said, and no name is made up") {
  for (const char* host : {"a1b2c3.iot.eu-central-1.amazonaws.com", "a1b2c3.iot.cn-north-1.amazonaws.com.cn"}) {
    CAPTURE(std::string(host));
    const Findings findings = check_endpoint(host);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].code == "endpoint_without_ats");
    CHECK(findings[0].severity == Severity::warning);
    CHECK(findings[0].message.find("legacy endpoint") != std::string::npos);
    CHECK(findings[0].message.find("domain configuration") != std::string::npos);
    CHECK(findings[0].remedy.find("a1b2c3") == std::string::npos);
    CHECK(findings[0].remedy.find("describe-endpoint --endpoint-type iot:Data-ATS") != std::string::npos);
  }
}

TEST_CASE("a name that is nearly AWS's is a warning, and so is an IP address") {
  for (const char* host : {"a1b2c3-ats.iot.eu-central-1.amazonaw.com", "a1b2c3-ats.iot.eu-central-1.amazonaws.con",
                           "a1b2c3-ats.iot.eu-central-1.amazonaws.co", "a1b2c3-ats.iot.eu-central-1.amzonaws.com",
                           "a1b2c3-ats.iot.eu-central-1.amazonaws.com.c", "a1b2c3-ats.iot.eu-central-1.amazon.com",
                           "a1b2c3-ats.iot.cn-north-1.amazonaws.com.ch", "a1b2c3-ats.iot.eu-central-1.aws.com",
                           "a1b2c3-ats.iot.eu-central-1.example.com"}) {
    CAPTURE(std::string(host));
    const Findings findings = check_endpoint(host);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].code == "endpoint_near_miss");
    CHECK(findings[0].severity == Severity::warning);
    CHECK(findings[0].remedy.find("a1b2c3") == std::string::npos);
  }
  for (const char* address : {"192.168.1.20", "fe80::1", "52.1.2.3"}) {
    CAPTURE(std::string(address));
    CHECK(check_endpoint(address).at(0).code == "endpoint_address");
    CHECK(severity_of(address) == Severity::warning);
  }
}

TEST_CASE("a URL of a legacy endpoint has both findings") {
  CHECK(check_endpoint("https://a1b2c3.iot.eu-central-1.amazonaws.com/").size() == 2);
}

TEST_CASE("AWS names that are no device endpoint are told apart") {
  CHECK(severity_of("iot.us-east-1.amazonaws.com") == Severity::error);
  CHECK(check_endpoint("a1b2c3.credentials.iot.us-east-1.amazonaws.com").at(0).code == "endpoint_service");
  CHECK(check_endpoint("s3.us-east-1.amazonaws.com").at(0).code == "endpoint_service");
  CHECK(check_endpoint("vpce-0a1b.data.iot.us-east-1.vpce.amazonaws.com").at(0).code == "endpoint_vpc");
  CHECK(severity_of("data.iot-fips.us-east-1.amazonaws.com") == Severity::note);
}

TEST_CASE("a region that is none, or in the wrong partition, is an error") {
  CHECK(check_endpoint("a1b2c3-ats.iot.eu-central.amazonaws.com").at(0).code == "endpoint_region");
  CHECK(check_endpoint("a1b2c3.ats.iot.cn-north-1.amazonaws.com").at(0).code == "endpoint_partition");
  CHECK(check_endpoint("a1b2c3-ats.iot.eu-central-1.amazonaws.com.cn").at(0).code == "endpoint_partition");
}

TEST_CASE("what is no host name is refused, whatever it is") {
  CHECK(check_endpoint("").at(0).code == "endpoint_empty");
  CHECK(check_endpoint("   ").at(0).code == "endpoint_empty");
  for (const char* text : {"a b.com", "a..com", ".com", "a.com.", "-a.com", "a_b.com", "a.com\x1b[31m",
                           "b\xc3\xa4r.com", "[::1", "1:2:x"}) {
    CAPTURE(std::string(text));
    CHECK(severity_of(text) == Severity::error);
  }
  CHECK(check_endpoint(std::string(64, 'a') + ".com").at(0).code == "endpoint_form");
  CHECK(check_endpoint("a.com\x1b[31m").at(0).message.find('\x1b') == std::string::npos);
}

}  // namespace atcert::credentials
