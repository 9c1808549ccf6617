// SPDX-License-Identifier: Apache-2.0
#include "options/outputs.hpp"

#include <unistd.h>

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/place.hpp"

namespace atcert::cli {
namespace {

// Standard output and other descriptors by whatever name, a file by its own. Devices are for whoever likes them mixed.
struct Destination {
  std::string option;
  int descriptor = -1;
  std::filesystem::path file = {};

  bool operator==(const Destination& other) const {
    return descriptor >= 0 ? descriptor == other.descriptor : !file.empty() && file == other.file;
  }
};

// Nothing where it cannot be written anyway, which is told when it is opened.
std::optional<Destination> destination_of(const WantedOutput& output) {
  if (output.path.empty()) return std::nullopt;
  const auto place = find_place(output.path, Privacy::open);
  if (!place) return std::nullopt;
  if (place->is_stream) return Destination{output.option, place->descriptor};
  std::error_code error;
  return Destination{output.option, -1, std::filesystem::weakly_canonical(place->path, error)};
}

}  // namespace

Result<void> keep_apart(std::span<const WantedOutput> outputs, bool json) {
  std::vector<Destination> taken;
  if (json) taken.push_back({"--json", STDOUT_FILENO});
  for (const WantedOutput& output : outputs) {
    auto destination = destination_of(output);
    if (!destination) continue;
    for (const Destination& other : taken) {
      if (!(other == *destination)) continue;
      return Error{ErrorKind::usage,
                   "outputs_mixed",
                   fmt::format("{} and {} would be written into one {}", other.option, output.option,
                               destination->descriptor >= 0 ? "stream" : "file"),
                   {},
                   fmt::format("give {} a file of its own", output.option)};
    }
    taken.push_back(std::move(*destination));
  }
  return {};
}

}  // namespace atcert::cli
