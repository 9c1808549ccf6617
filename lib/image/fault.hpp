// SPDX-License-Identifier: Apache-2.0
// What a reader found wrong in an image, and where. Readers go on after a fault and return all that can be read.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace atcert::image {

enum class FaultLevel {
  note,      // unusual, no harm: an erased entry that was the only copy of its key
  leftover,  // what an interrupted write leaves; the firmware repairs it when it starts
  error,     // contents are lost or cannot be trusted
};

struct Fault {
  FaultLevel level = FaultLevel::error;
  std::size_t offset = 0;  // from the start of the bytes that were read
  std::string what;
};

// The strict judgement: neither errors nor leftovers.
inline bool is_clean(const std::vector<Fault>& faults) {
  return std::none_of(faults.begin(), faults.end(), [](const Fault& fault) { return fault.level != FaultLevel::note; });
}

inline bool is_readable(const std::vector<Fault>& faults) {
  return std::none_of(faults.begin(), faults.end(),
                      [](const Fault& fault) { return fault.level == FaultLevel::error; });
}

}  // namespace atcert::image
