// SPDX-License-Identifier: Apache-2.0
#include "script/fields.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/excerpt.hpp"

namespace atcert::script {
namespace {

constexpr std::string_view kScriptKeys[] = {"$schema", "title",   "description", "variables",
                                            "steps",   "cleanup", "restarts"};
constexpr std::string_view kVariableKeys[] = {"name",      "description", "kind",      "default",   "required",
                                              "secret",    "flag",        "min_bytes", "max_bytes", "allowed",
                                              "forbidden", "one_of",      "must_hold", "min",       "max"};
constexpr std::string_view kStepKeys[] = {"name",       "when",          "send",    "observer", "data",  "expect",
                                          "fails_on",   "result",        "timeout", "attempts", "pause", "pause_until",
                                          "on_failure", "continue_when", "failure", "detail"};
constexpr std::string_view kObserverKeys[] = {"sees", "sends", "topic"};
constexpr std::string_view kExpectationKeys[] = {"line", "or", "message", "payload", "optional", "within"};
constexpr std::string_view kConditionKeys[] = {
    "release_from", "release_before", "generation", "command", "set", "longer",
    "equals",       "after",          "failed",     "all",     "any", "not"};
constexpr std::string_view kLongerKeys[] = {"name", "than"};
constexpr std::string_view kEqualsKeys[] = {"name", "value"};
constexpr std::string_view kFailureKeys[] = {"kind", "code", "cause", "remedy", "causes"};
constexpr std::string_view kCauseKeys[] = {"when", "line", "error_code", "no_error_code", "silent",
                                           "kind", "code", "attempts",   "cause",         "remedy"};

constexpr KeySet kKeySets[] = {
    {"script", kScriptKeys},     {"variable", kVariableKeys},       {"step", kStepKeys},
    {"observer", kObserverKeys}, {"expectation", kExpectationKeys}, {"condition", kConditionKeys},
    {"longer", kLongerKeys},     {"equals", kEqualsKeys},           {"failure", kFailureKeys},
    {"cause", kCauseKeys},
};

std::span<const std::string_view> keys_of(std::string_view object) {
  const auto set = std::find_if(std::begin(kKeySets), std::end(kKeySets),
                                [&](const KeySet& candidate) { return candidate.object == object; });
  return set == std::end(kKeySets) ? std::span<const std::string_view>() : set->keys;
}

std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < right.size(); ++j) {
      const std::size_t changed = diagonal + (left[i] == right[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const KeySet> known_keys() {
  return kKeySets;
}

std::optional<std::string_view> nearest(std::string_view name, std::span<const std::string_view> names) {
  constexpr std::size_t kLongestName = 64;  // the distance costs the product of both lengths
  std::optional<std::string_view> best;
  std::size_t best_distance = name.size() / 3 + 2;
  for (const std::string_view candidate : names) {
    if (name.size() > kLongestName || candidate.size() > kLongestName) continue;
    const std::size_t distance = edit_distance(name, candidate);
    if (distance >= best_distance) continue;
    best_distance = distance;
    best = candidate;
  }
  return best;
}

std::string listed(std::span<const std::string_view> names) {
  std::string list;
  for (const std::string_view name : names) list.append(list.empty() ? "" : ", ").append(name);
  return list;
}

Result<Fields> Fields::of(const Node& node, const std::string& file, std::string_view object) {
  ATCERT_TRY(JsonObject, members, JsonObject::of(node, script_source(file), fmt::format("a {}", object)));
  const std::span<const std::string_view> keys = keys_of(object);
  for (const Node& member : node.children) {
    if (std::find(keys.begin(), keys.end(), member.key) != keys.end()) continue;
    const auto meant = nearest(member.key, keys);
    return bad_script(file, member.line,
                      meant
                          ? fmt::format("a {} has no \"{}\"; did you mean \"{}\"?", object, excerpt(member.key), *meant)
                          : fmt::format("a {} has no \"{}\"; it has: {}", object, excerpt(member.key), listed(keys)));
  }
  return Fields(std::move(members));
}

Result<std::optional<std::uint64_t>> Fields::count(std::string_view key, std::uint64_t min, std::uint64_t max) const {
  const Node* node = find(key);
  if (node == nullptr) return std::optional<std::uint64_t>();
  if (node->kind == Node::Kind::number && node->number >= min && node->number <= max) {
    return std::optional(node->number);
  }
  return error(*node, fmt::format("\"{}\" must be a whole number from {} to {}", key, min, max));
}

}  // namespace atcert::script
