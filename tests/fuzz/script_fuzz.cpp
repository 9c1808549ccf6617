// SPDX-License-Identifier: Apache-2.0
// Connection scripts are read from files that users bring: whatever is in one, it is refused or it can be prepared and
// its patterns matched.
#include <memory>
#include <string_view>

#include "base/bytes.hpp"
#include "base/redactor.hpp"
#include "script/plan.hpp"

namespace {

using namespace atcert;

script::Given values_for(const script::Script& script) {
  script::Given given;
  for (const script::Variable& variable : script.variables) {
    if (!variable.required) continue;
    if (variable.secret) {
      given.named.emplace(variable.name, Secret(std::string_view("12345678")));
    } else {
      given.named.emplace(variable.name, "12345678");
    }
  }
  return given;
}

void match_all(const script::Step& step, const script::Scope& scope, std::string_view text) {
  const OutsideText line = Redactor().admit(text);
  script::Captures captured;
  for (const script::Expectation& expectation : step.expect) script::match(expectation.line, line, scope, captured);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  auto parsed = script::parse(text, "fuzz.json");
  if (!parsed) return 0;
  const auto shared = std::make_shared<const script::Script>(std::move(*parsed));
  const script::ModuleFacts module{{3, 3, 0, 0}, "nvs", true, [](std::string_view) { return true; }};
  const auto plan = script::prepare(shared, values_for(*shared), module);
  if (!plan) return 0;
  const script::Captures nothing;
  for (const script::PlannedStep& step : plan->steps)
    match_all(*step.step, {plan->values, nothing}, text.substr(0, 256));
  return 0;
}
