// SPDX-License-Identifier: Apache-2.0
#include "provision/steps.hpp"

namespace atcert::provision {

Result<void> Steps::step(const StepName& name, const std::function<Result<std::string>()>& action) {
  step_started(name);
  const SteadyTime start = clock_.now();
  Result<std::string> result = action();
  StepEnd end;
  end.name = name;
  end.duration = std::chrono::duration_cast<Milliseconds>(clock_.now() - start);
  if (!result) {
    end.outcome = StepEnd::Outcome::failed;
    end.error = result.error();
    step_ended(end);
    return std::move(result).error();
  }
  end.detail = *result;
  step_ended(end);
  return {};
}

void Steps::step_ended(const StepEnd& end) {
  run_.steps.push_back(end);
  events_.step_ended(end);
}

void Steps::note(const std::string& text) {
  run_.notes.push_back(text);
  events_.note(text);
}

}  // namespace atcert::provision
