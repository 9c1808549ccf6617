// SPDX-License-Identifier: Apache-2.0
// The part of a job that says why it failed: what the module said when it was asked, what this machine sees when that
// is wanted, and what AWS says are held against the table of causes (lib/diagnosis). The most likely cause becomes the
// job's error, the others are recorded beside it.
#pragma once

#include <optional>

#include "diagnosis/aws.hpp"
#include "provision/host_look.hpp"
#include "provision/job.hpp"
#include "script/plan.hpp"
#include "script/runner.hpp"

namespace atcert::provision {

struct Informants {
  std::optional<HostLook> host;                                // this machine, which then sends traffic of its own
  std::optional<diagnosis::CertificateDescription> described;  // by AWS
};

Part diagnose(Informants informants);

// While the module is as the failure left it: asks it, and keeps the evidence for diagnose().
void ask_why(Context& context, const script::Plan& plan, const script::Failed& failed);

}  // namespace atcert::provision
