// SPDX-License-Identifier: Apache-2.0
#include "image/factory_diff.hpp"

#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/digest.hpp"
#include "image/factory_image.hpp"
#include "image/factory_param.hpp"
#include "image/fingerprint.hpp"
#include "image/nvs_image.hpp"
#include "image/pki.hpp"

namespace atcert::image {
namespace {

struct Place {
  std::string key;
  Summary summary;
};

Summary summary_of(ByteView content) {
  return {content.size(), sha256(content), certificate_fingerprint(content), {}};
}

std::string integer_text(NvsType type, ByteView value) {
  std::uint64_t bits = 0;
  for (std::size_t i = value.size(); i-- > 0;) bits = bits << 8 | value[i];
  const bool is_signed = (static_cast<std::uint8_t>(type) & 0x10) != 0;
  if (!is_signed) return std::to_string(bits);
  const auto shift = 64 - 8 * value.size();
  return std::to_string(static_cast<std::int64_t>(bits << shift) >> shift);
}

std::vector<Place> places_of_nvs(ByteView partition) {
  std::vector<Place> places;
  for (const NvsItem& item : read_nvs(partition).items) {
    const Secret value = item.value();
    Place place{item.space + "/" + item.key, summary_of(value.reveal())};
    if (item.type == NvsType::string) place.summary.text = value.reveal_text();
    if (integer_size(item.type) != 0) place.summary.text = integer_text(item.type, value.reveal());
    places.push_back(std::move(place));
  }
  return places;
}

std::vector<Place> places_of_params(ByteView partition) {
  std::vector<Place> places;
  for (const FactoryParam& param : read_raw_factory_params(partition).params) {
    places.push_back({param.name, {param.value.size(), sha256(as_bytes(param.value)), {}, param.value}});
  }
  return places;
}

std::vector<Place> places_of_pki(ByteView partition) {
  std::vector<Place> places;
  if (!looks_like_pki_bin(partition)) return places;
  for (const PkiItem& item : read_pki_bin(partition).items) {
    places.push_back({std::to_string(places.size()), summary_of(item.content)});
  }
  return places;
}

std::vector<Place> places_of(const std::string& partition, ByteView bytes) {
  if (partition == kNvsPartition) return places_of_nvs(bytes);
  return partition == kFactoryParamSpace ? places_of_params(bytes) : places_of_pki(bytes);
}

// The places by their keys: a partition may have a great many.
class Index {
 public:
  explicit Index(const std::vector<Place>& places) {
    for (const Place& place : places) by_key_.emplace(place.key, &place);
  }

  const Place* find(std::string_view key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : found->second;
  }

 private:
  std::unordered_map<std::string_view, const Place*> by_key_;
};

}  // namespace

std::vector<Change> diff_partitions(const std::string& partition, ByteView before, ByteView after) {
  const std::vector<Place> old_places = places_of(partition, before);
  const std::vector<Place> new_places = places_of(partition, after);
  const Index old_index(old_places);
  const Index new_index(new_places);
  std::vector<Change> changes;
  for (const Place& place : old_places) {
    if (new_index.find(place.key) == nullptr) changes.push_back({partition, place.key, place.summary, std::nullopt});
  }
  for (const Place& place : new_places) {
    const Place* old = old_index.find(place.key);
    if (old == nullptr) changes.push_back({partition, place.key, std::nullopt, place.summary});
    if (old != nullptr && old->summary != place.summary) {
      changes.push_back({partition, place.key, old->summary, place.summary});
    }
  }
  return changes;
}

}  // namespace atcert::image
