// SPDX-License-Identifier: Apache-2.0
#include "image/partition_rules.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "image/factory_image.hpp"
#include "image/factory_param.hpp"

namespace atcert::image {
namespace {

constexpr std::uint8_t kApp = 0x00;
constexpr std::uint8_t kOtaData = 0x00;
constexpr std::uint8_t kCoreDump = 0x03;
constexpr std::uint8_t kTeeOtaData = 0x90;
constexpr std::uint8_t kCustomType = 0x40;

constexpr std::uint32_t kSector = 0x1000;
constexpr std::uint32_t kAppAlignment = 0x10000;
constexpr std::uint32_t kOtaDataSize = 0x2000;
constexpr std::uint32_t kLeastNvs = 0x3000;          // two pages for values and one that stays free
constexpr std::uint64_t kLargestFlash = 128U << 20;  // that ESP-IDF knows

std::uint64_t end_of(const Partition& partition) {
  return std::uint64_t{partition.offset} + partition.size;
}

bool overlap(const Partition& a, const Partition& b) {
  return a.offset < end_of(b) && b.offset < end_of(a);
}

bool is_data(const Partition& partition, std::uint8_t subtype) {
  return partition.type == kDataPartition && partition.subtype == subtype;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

std::string called(const Partition& partition) {
  return fmt::format("partition '{}'", excerpt(partition.name));
}

// Judges one partition by itself; the first flaw is enough.
class PartitionJudge {
 public:
  PartitionJudge(const Partition& partition, std::size_t index, std::uint32_t table_offset)
      : partition_(partition), index_(index), table_offset_(table_offset) {}

  std::optional<PartitionFlaw> run() const {
    if (std::any_of(partition_.name.begin(), partition_.name.end(), is_control)) {
      return PartitionFlaw{index_, fmt::format("the name of partition {} holds a control character", index_ + 1),
                           "use letters, digits and '_'"};
    }
    if (auto flaw = place()) return flaw;
    if (auto flaw = alignment()) return flaw;
    if (auto flaw = kind()) return flaw;
    return size();
  }

 private:
  PartitionFlaw flaw(std::string_view what, std::string remedy) const {
    return {index_, fmt::format("{} {}", called(partition_), what), std::move(remedy)};
  }

  std::optional<PartitionFlaw> place() const {
    const std::uint32_t first_free = table_offset_ + kSector;
    const std::string remedy = fmt::format("the first free offset is 0x{:x}", first_free);
    if (partition_.offset < table_offset_) return flaw("lies over the boot loader", remedy);
    if (partition_.offset < first_free) {
      return flaw(fmt::format("lies over the partition table (0x{:x}-0x{:x})", table_offset_, first_free), remedy);
    }
    if (end_of(partition_) <= kLargestFlash) return std::nullopt;
    return flaw(fmt::format("ends at 0x{:x}, beyond the largest flash (0x{:x})", end_of(partition_), kLargestFlash),
                "correct its offset and size");
  }

  std::optional<PartitionFlaw> alignment() const {
    const std::uint32_t step = partition_.type == kApp ? kAppAlignment : kSector;
    if (partition_.offset % step != 0) {
      return flaw(fmt::format("at 0x{:x} is not aligned to 0x{:x}", partition_.offset, step),
                  "apps begin at multiples of 0x10000, all others at multiples of 0x1000");
    }
    if (partition_.type != kApp || partition_.size % kSector == 0) return std::nullopt;
    return flaw(fmt::format("has a size of 0x{:x}, which is not aligned to 0x1000", partition_.size),
                "the size of an app is a multiple of 0x1000");
  }

  // ESP-AT finds them by type and name (components/at/src/at_init.c).
  std::optional<PartitionFlaw> kind() const {
    if (partition_.name == kNvsPartition && !is_data(partition_, kNvsSubtype)) {
      return flaw(fmt::format("is {}; the firmware looks for one of type data/nvs", type_name(partition_)),
                  "give it the type data and the subtype nvs");
    }
    if (partition_.name == kFactoryParamSpace && partition_.type != kCustomType) {
      return flaw(fmt::format("is {}; the firmware looks for one of type 0x40", type_name(partition_)),
                  "give it the type 0x40");
    }
    const bool always_written = is_data(partition_, kOtaData) || is_data(partition_, kCoreDump);
    if (!always_written || !partition_.is_read_only()) return std::nullopt;
    return flaw(fmt::format("is {}, which is always written, and flagged as readonly", type_name(partition_)),
                "leave out the flag");
  }

  std::optional<PartitionFlaw> size() const {
    if (partition_.size == 0) return flaw("has no size", "give its size in bytes, K or M");
    const bool ota_data = is_data(partition_, kOtaData) || is_data(partition_, kTeeOtaData);
    if (ota_data && partition_.size != kOtaDataSize) {
      return flaw(fmt::format("is {} and has a size of 0x{:x}", type_name(partition_), partition_.size),
                  "its size is 0x2000");
    }
    if (!is_data(partition_, kNvsSubtype) || partition_.size >= kLeastNvs) return std::nullopt;
    if (partition_.is_read_only() && partition_.name != kNvsPartition) return std::nullopt;
    return flaw(fmt::format("has 0x{:x} bytes; NVS that is written needs three pages, 0x3000", partition_.size),
                "give it 0x3000 bytes or more");
  }

  const Partition& partition_;
  std::size_t index_;
  std::uint32_t table_offset_;
};

void find_doubled_names(std::span<const Partition> partitions, std::vector<PartitionFlaw>& flaws) {
  std::map<std::string_view, std::size_t> names;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    if (names.try_emplace(partitions[i].name, i).second) continue;
    flaws.push_back({i, called(partitions[i]) + " is there twice", "rename one of them"});
  }
}

// In the order of their offsets each is held against the one before it that reaches furthest.
void find_overlaps(std::span<const Partition> partitions, std::vector<PartitionFlaw>& flaws) {
  std::vector<std::size_t> order(partitions.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return partitions[a].offset < partitions[b].offset; });
  for (std::size_t i = 1, furthest = 0; i < order.size(); ++i) {
    const Partition& before = partitions[order[furthest]];
    const Partition& partition = partitions[order[i]];
    if (overlap(before, partition)) {
      const auto [first, second] = std::minmax(order[furthest], order[i]);
      flaws.push_back({second,
                       fmt::format("{} overlaps '{}'", called(partitions[second]), excerpt(partitions[first].name)),
                       "correct their offsets and sizes"});
    }
    if (end_of(partition) > end_of(before)) furthest = i;
  }
}

void find_second_ota_data(std::span<const Partition> partitions, std::uint8_t subtype,
                          std::vector<PartitionFlaw>& flaws) {
  const Partition* first = nullptr;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    if (!is_data(partitions[i], subtype)) continue;
    if (first != nullptr) {
      flaws.push_back({i,
                       fmt::format("{} is a second one of type {}, after '{}'", called(partitions[i]),
                                   type_name(partitions[i]), excerpt(first->name)),
                       "keep one of them"});
    }
    first = &partitions[i];
  }
}

}  // namespace

std::vector<PartitionFlaw> judge_partitions(std::span<const Partition> partitions, std::uint32_t table_offset) {
  std::vector<PartitionFlaw> flaws;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    if (auto flaw = PartitionJudge(partitions[i], i, table_offset).run()) flaws.push_back(std::move(*flaw));
  }
  find_doubled_names(partitions, flaws);
  find_overlaps(partitions, flaws);
  find_second_ota_data(partitions, kOtaData, flaws);
  find_second_ota_data(partitions, kTeeOtaData, flaws);
  std::stable_sort(flaws.begin(), flaws.end(),
                   [](const PartitionFlaw& a, const PartitionFlaw& b) { return a.index < b.index; });
  return flaws;
}

std::vector<PartitionFlaw> judge_customized(std::span<const Partition> customized, std::span<const Partition> primary) {
  std::vector<PartitionFlaw> flaws;
  for (std::size_t i = 0; i < customized.size(); ++i) {
    for (Partition other : primary) {
      const bool holds_it = other.name == kCustomizedPartition;
      if (holds_it) other.size = std::min(other.size, kSector);  // the table; the rest is for what it names
      if (!overlap(customized[i], other)) continue;
      const std::string what =
          holds_it ? "the customized partition table" : fmt::format("'{}' of the primary table", excerpt(other.name));
      flaws.push_back(
          {i, fmt::format("{} lies over {}", called(customized[i]), what), "correct their offsets and sizes"});
    }
  }
  return flaws;
}

}  // namespace atcert::image
