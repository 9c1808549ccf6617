// SPDX-License-Identifier: Apache-2.0
// parse_partition_csv(): "name, type, subtype, offset, size, flags" a line.
#include <algorithm>

#include <fmt/core.h>

#include "image/csv.hpp"
#include "image/partition_table.hpp"
#include "image/partition_types.hpp"

namespace atcert::image {
namespace {

constexpr std::size_t kMaxName = 16;
constexpr std::uint32_t kPage = 0x1000;
constexpr std::uint32_t kAppAlignment = 0x10000;
constexpr std::uint32_t kFirstOffset = 0x9000;  // behind the primary table at 0x8000
constexpr std::uint32_t kEncrypted = 1;
constexpr std::uint32_t kReadOnly = 2;

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
      flags |= kEncrypted;
    } else if (flag == "readonly") {
      flags |= kReadOnly;
    } else {
      return line_error(row.line, fmt::format("unknown flag '{}'", flag), "use encrypted or readonly");
    }
  }
  return flags;
}

Result<Partition> parse_row(const CsvRow& row, std::uint32_t next_offset) {
  Partition partition;
  partition.name = field(row, 0);
  if (partition.name.empty() || partition.name.size() > kMaxName) {
    return line_error(row.line, fmt::format("'{}' is no partition name", partition.name), "use 1 to 16 characters");
  }
  const auto type = partition_type(field(row, 1));
  if (!type) return line_error(row.line, fmt::format("unknown type '{}'", field(row, 1)), "use app, data or a number");
  const auto subtype = partition_subtype(*type, field(row, 2));
  if (!subtype) {
    return line_error(row.line, fmt::format("unknown subtype '{}'", field(row, 2)),
                      "use a subtype of ESP-IDF's or a number from 0 to 0xFE");
  }
  partition.type = *type;
  partition.subtype = *subtype;
  const std::uint32_t step = *type == 0 ? kAppAlignment : kPage;
  const std::uint32_t placed = (next_offset + step - 1) / step * step;
  const auto offset = field(row, 3).empty() ? placed : partition_number(field(row, 3));
  const auto size = partition_number(field(row, 4));
  if (!offset || !size || *size == 0 || *offset % kPage != 0) {
    return line_error(row.line, fmt::format("offset '{}' or size '{}' is bad", field(row, 3), field(row, 4)),
                      "give numbers such as 0x21000 and 8K; an offset is a multiple of 0x1000");
  }
  partition.offset = *offset;
  partition.size = *size;
  ATCERT_TRY(const std::uint32_t, flags, parse_flags(row));
  partition.flags = flags;
  return partition;
}

bool overlap(const Partition& a, const Partition& b) {
  return a.offset < std::uint64_t{b.offset} + b.size && b.offset < std::uint64_t{a.offset} + a.size;
}

Result<void> check_against(const std::vector<Partition>& before, const Partition& partition, std::size_t line) {
  for (const Partition& other : before) {
    if (other.name == partition.name) {
      return line_error(line, fmt::format("partition '{}' is there twice", partition.name), "rename one of them");
    }
    if (overlap(other, partition)) {
      return line_error(line, fmt::format("partition '{}' overlaps '{}'", partition.name, other.name),
                        "correct their offsets and sizes");
    }
  }
  return {};
}

}  // namespace

Result<std::vector<Partition>> parse_partition_csv(std::string_view text) {
  ATCERT_TRY(const std::vector<CsvRow>, rows, parse_csv(text));
  std::vector<Partition> partitions;
  std::uint32_t next_offset = kFirstOffset;
  for (const CsvRow& row : rows) {
    ATCERT_TRY(Partition, partition, parse_row(row, next_offset));
    ATCERT_CHECK(check_against(partitions, partition, row.line));
    next_offset = partition.offset + partition.size;
    partitions.push_back(std::move(partition));
  }
  if (partitions.empty()) return line_error(1, "no partitions", "give a partition table in ESP-IDF's CSV form");
  return partitions;
}

}  // namespace atcert::image
