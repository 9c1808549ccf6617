// SPDX-License-Identifier: Apache-2.0
// What the host saw of the endpoint (cloud/probe.hpp) as evidence.
#pragma once

#include "cloud/probe.hpp"
#include "diagnosis/evidence.hpp"

namespace atcert::diagnosis {

// `other_id`: the same with another client id, where it was tried; null otherwise.
Host host_evidence(const cloud::Probe& probe, const cloud::Probe* other_id);

}  // namespace atcert::diagnosis
