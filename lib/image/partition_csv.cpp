// SPDX-License-Identifier: Apache-2.0
// parse_partition_csv(): "name, type, subtype, offset, size, flags" a line.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "image/csv.hpp"
#include "image/partition_rules.hpp"
#include "image/partition_table.hpp"
#include "image/partition_types.hpp"

namespace atcert::image {
namespace {

constexpr std::size_t kMaxName = 16;
constexpr std::uint32_t kSector = 0x1000;
constexpr std::uint32_t kAppAlignment = 0x10000;

Error line_error(std::size_t line, std::string what, std::string remedy) {
  return {ErrorKind::input, "partition_table", fmt::format("line {}: {}", line, what), {}, std::move(remedy)};
}

std::string_view field(const CsvRow& row, std::size_t index) {
  return index < row.fields.size() ? trimmed(row.fields[index]) : std::string_view();
}

Result<std::uint32_t> parse_flags(const CsvRow& row) {
  std::uint32_t flags = 0;
  std::string_view rest = field(row, 5);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const std::string_view flag = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (flag == "encrypted") {
      flags |= kEncryptedFlag;
    } else if (flag == "readonly") {
      flags |= kReadOnlyFlag;
    } else {
      return line_error(row.line, fmt::format("unknown flag '{}'", excerpt(flag)), "use encrypted or readonly");
    }
  }
  return flags;
}

Error bad_place(const CsvRow& row) {
  return line_error(row.line,
                    fmt::format("offset '{}' or size '{}' is bad", excerpt(field(row, 3)), excerpt(field(row, 4))),
                    "give numbers such as 0x21000 and 8K");
}

// Where the partition begins: as given, or where the one before ends.
std::optional<std::uint32_t> offset_of(const CsvRow& row, std::uint8_t type, std::uint64_t end_before) {
  if (!field(row, 3).empty()) return partition_number(field(row, 3));
  const std::uint64_t step = type == 0 ? kAppAlignment : kSector;
  const std::uint64_t placed = (end_before + step - 1) / step * step;
  if (placed > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(placed);
}

std::optional<std::uint32_t> size_of(std::string_view text, std::uint32_t offset) {
  if (!text.starts_with('-')) return partition_number(text);
  const auto end = partition_number(text.substr(1));
  if (!end || *end <= offset) return std::nullopt;
  return *end - offset;
}

Result<Partition> parse_row(const CsvRow& row, std::uint64_t end_before) {
  Partition partition;
  partition.name = field(row, 0);
  if (partition.name.empty() || partition.name.size() > kMaxName) {
    return line_error(row.line, fmt::format("'{}' is no partition name", excerpt(partition.name)),
                      "use 1 to 16 characters");
  }
  const auto type = partition_type(field(row, 1));
  if (!type) {
    return line_error(row.line, fmt::format("unknown type '{}'", excerpt(field(row, 1))), "use app, data or a number");
  }
  const auto subtype = partition_subtype(*type, field(row, 2));
  if (!subtype) {
    return line_error(row.line, fmt::format("unknown subtype '{}'", excerpt(field(row, 2))),
                      "use a subtype of ESP-IDF's or a number from 0 to 0xFE");
  }
  partition.type = *type;
  partition.subtype = *subtype;
  const auto offset = offset_of(row, *type, end_before);
  const auto size = offset ? size_of(field(row, 4), *offset) : std::nullopt;
  if (!size || *size == 0) return bad_place(row);
  partition.offset = *offset;
  partition.size = *size;
  ATCERT_TRY(const std::uint32_t, flags, parse_flags(row));
  partition.flags = flags;
  return partition;
}

std::uint64_t end_of(const Partition& partition) {
  return std::uint64_t{partition.offset} + partition.size;
}

// Rows of a table: comments may have blanks before them.
Result<std::vector<CsvRow>> rows_of(std::string_view text) {
  ATCERT_TRY(std::vector<CsvRow>, rows, parse_csv(text));
  std::erase_if(rows, [](const CsvRow& row) { return field(row, 0).starts_with('#'); });
  return rows;
}

// ESP-IDF's tool wants the rows in the order of their offsets.
Result<void> check_order(const std::vector<CsvRow>& rows, const std::vector<Partition>& partitions) {
  for (std::size_t i = 1; i < partitions.size(); ++i) {
    if (partitions[i].offset >= end_of(partitions[i - 1])) continue;
    return line_error(rows[i].line,
                      fmt::format("partition '{}' at 0x{:x} stands behind '{}' at 0x{:x}", excerpt(partitions[i].name),
                                  partitions[i].offset, excerpt(partitions[i - 1].name), partitions[i - 1].offset),
                      "put the rows in the order of their offsets");
  }
  return {};
}

}  // namespace

Result<std::vector<Partition>> parse_partition_csv(std::string_view text, std::uint32_t table_offset) {
  ATCERT_TRY(const std::vector<CsvRow>, rows, rows_of(text));
  if (rows.size() > kMostPartitions) {
    return line_error(rows[kMostPartitions].line, fmt::format("more than {} partitions", kMostPartitions),
                      "use fewer partitions: a table has no room for more");
  }
  std::vector<Partition> partitions;
  std::uint64_t end = table_offset + kSector;
  for (const CsvRow& row : rows) {
    ATCERT_TRY(Partition, partition, parse_row(row, end));
    end = end_of(partition);
    partitions.push_back(std::move(partition));
  }
  if (partitions.empty()) return line_error(1, "no partitions", "give a partition table in ESP-IDF's CSV form");
  if (auto flaws = judge_partitions(partitions, table_offset); !flaws.empty()) {
    PartitionFlaw& first = flaws.front();
    return line_error(rows[first.index].line, std::move(first.what), std::move(first.remedy));
  }
  ATCERT_CHECK(check_order(rows, partitions));
  return partitions;
}

bool looks_like_partition_csv(std::string_view text) {
  constexpr std::size_t kLeastFields = 5;
  const auto rows = rows_of(text);
  return rows && !rows->empty() && rows->front().fields.size() >= kLeastFields &&
         partition_type(field(rows->front(), 1)).has_value();
}

}  // namespace atcert::image
