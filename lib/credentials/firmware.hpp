// SPDX-License-Identifier: Apache-2.0
// Credentials as the firmware's own TLS library reads them, byte for byte as they go into the module.
#pragma once

#include "credentials/credentials.hpp"
#include "credentials/finding.hpp"
#include "image/release.hpp"

namespace atcert::credentials {

// Judges where no release is named: what its library reads, those of all releases before it read as well.
inline constexpr image::Release kNewestFirmware{{5, 0, 0, 1}};

Findings check_firmware(const Credentials& credentials, const image::Release& release);

}  // namespace atcert::credentials
