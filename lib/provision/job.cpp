// SPDX-License-Identifier: Apache-2.0
#include "provision/job.hpp"

#include <utility>

namespace atcert::provision {
namespace {

bool is_due(Part::When when, bool failed) {
  return when == Part::When::always || failed == (when == Part::When::failed);
}

}  // namespace

report::Run run(const Job& job, const Bench& bench, Events& events) {
  report::Run record;
  record.command = job.command;
  record.started = bench.clock.wall();
  const SteadyTime start = bench.clock.now();
  Steps steps(record, events, bench.clock);
  Context context(bench, steps, record);
  for (const Part& part : job.parts) {
    if (!is_due(part.when, record.error.has_value())) continue;
    Result<void> done = part.run(context);
    if (!done && !record.error) record.error = std::move(done).error();
  }
  record.duration = std::chrono::duration_cast<Milliseconds>(bench.clock.now() - start);
  return record;
}

}  // namespace atcert::provision
