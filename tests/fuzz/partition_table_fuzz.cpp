// SPDX-License-Identifier: Apache-2.0
// Partition tables, binary and CSV, on any bytes; a CSV that is accepted survives the way to binary and back.
#include <cstdlib>

#include "image/partition_table.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace atcert::image;
  const atcert::ByteView bytes(data, size);
  read_partition_table(bytes);
  const auto partitions = parse_partition_csv(atcert::as_text(bytes));
  if (!partitions) return 0;
  const auto table = write_partition_table(*partitions, true);
  if (!table) return 0;
  const PartitionTable back = read_partition_table(*table);
  if (!back.faults.empty() || back.partitions != *partitions) std::abort();
  return 0;
}
