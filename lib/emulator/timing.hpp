// SPDX-License-Identifier: Apache-2.0
// How long the emulated module takes. In order and kind as a real one, but faster, so that tests and demos are short;
// limits that a host can see (15 s for a join that fails) are the true ones.
#pragma once

#include "base/clock.hpp"

namespace atcert::emulator {

inline constexpr Milliseconds kBootTime{150};
inline constexpr Milliseconds kRestartDelay{50};
inline constexpr Milliseconds kJoinTime{80};
inline constexpr Milliseconds kAddressTime{80};  // from joined to DHCP done
inline constexpr Milliseconds kRejoinPause{1000};
inline constexpr Milliseconds kScanTime{120};
inline constexpr Milliseconds kSntpTime{200};
inline constexpr Milliseconds kDomainTime{20};
inline constexpr Milliseconds kDomainFailureTime{3000};
inline constexpr Milliseconds kSectorEraseTime{20};
inline constexpr Milliseconds kFlashWriteTime{10};
inline constexpr Milliseconds kRefusalTime{20};
inline constexpr Milliseconds kReconnectPause{10'000};  // esp-mqtt's default
inline constexpr Milliseconds kAcknowledgeLimit{10'000};

}  // namespace atcert::emulator
