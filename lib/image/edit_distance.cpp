// SPDX-License-Identifier: Apache-2.0
#include "image/edit_distance.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace atcert::image {
namespace {

constexpr std::size_t kMost = 3;

char upper(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string folded(std::string_view name) {
  std::string plain;
  for (const char letter : name) {
    if (letter != '-' && letter != '_' && letter != ' ') plain += upper(letter);
  }
  return plain;
}

std::vector<std::string> nearest_names(std::string_view name, const std::vector<std::string>& names) {
  const std::string wanted = folded(name);
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& each : names) {
    const std::string candidate = folded(each);
    const bool begun = !wanted.empty() && candidate.starts_with(wanted);
    const std::size_t distance = begun ? 0 : edit_distance(wanted, candidate);
    if (distance <= std::max(wanted.size(), each.size()) / 2) ranked.emplace_back(distance, each);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> nearest;
  for (const auto& [distance, each] : ranked) {
    if (nearest.size() < kMost) nearest.push_back(each);
  }
  return nearest;
}

}  // namespace atcert::image
