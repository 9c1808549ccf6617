// SPDX-License-Identifier: Apache-2.0
// The name a module connects to: what kind of endpoint it is, and what is wrong with how it was written. Forms after
// the AWS IoT developer guide: "AWS IoT device data and service endpoints", "Connect to AWS IoT FIPS endpoints", "Using
// AWS IoT Core with interface VPC endpoints".
#pragma once

#include <string>
#include <string_view>

#include "credentials/finding.hpp"

namespace atcert::credentials {

enum class EndpointKind {
  ats,      // <id>-ats.iot.<region>.amazonaws.com, <id>.ats.iot.<region>.amazonaws.com.cn: Amazon roots
  legacy,   // <id>.iot.<region>.amazonaws.com: a VeriSign chain
  fips,     // data.iot-fips.<region>.amazonaws.com
  service,  // an AWS name that is no broker: control plane, credentials, jobs
  vpc,      // the name of a VPC endpoint itself
  local,    // an IP address, localhost or a name without a dot
  custom,   // any other name: a custom domain or another broker
};

struct Endpoint {
  std::string host;
  EndpointKind kind = EndpointKind::custom;
  std::string region;  // of AWS names
};

// `host` must be a bare host name.
Endpoint classify_endpoint(std::string_view host);

// What is wrong with `text` as the user wrote it, with the name to give instead where it can be told.
Findings check_endpoint(std::string_view text);

}  // namespace atcert::credentials
