// SPDX-License-Identifier: Apache-2.0
// The name a module connects to: what kind of endpoint it is, and what is wrong with how it was written. Forms after
// the AWS IoT developer guide ("AWS IoT device data and service endpoints", "Domain configurations", "Connect to AWS
// IoT FIPS endpoints", "Using AWS IoT Core with interface VPC endpoints", "Device Advisor") and the AWS general
// reference
// ("AWS IoT Core endpoints and quotas").
#pragma once

#include <string>
#include <string_view>

#include "credentials/finding.hpp"

namespace atcert::credentials {

enum class EndpointKind {
  ats,      // <id>-ats.iot.<region>.amazonaws.com, <id>.ats.iot.<region>.amazonaws.com.cn, <id>.iot.<region>.api.aws
  unclear,  // <id>.iot.<region>.amazonaws.com: the legacy endpoint (VeriSign), or a domain configuration's (Amazon
            // roots)
  fips,     // data.iot-fips.<region>.amazonaws.com
  advisor,  // <id>.deviceadvisor.iot.<region>.amazonaws.com: the broker of a test run
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

// Whether an endpoint of this kind shows a chain that ends in one of Amazon's roots, as far as its name tells.
bool shows_amazon_chain(EndpointKind kind);

// `host` must be a bare host name.
Endpoint classify_endpoint(std::string_view host);

// What is wrong with `text` as the user wrote it, with the name to give instead where it can be told.
Findings check_endpoint(std::string_view text);

}  // namespace atcert::credentials
