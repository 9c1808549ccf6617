// SPDX-License-Identifier: Apache-2.0
#include "provision/observe.hpp"

#include <charconv>
#include <utility>
#include <variant>

#include <fmt/core.h>

#include "base/random.hpp"
#include "cloud/observer.hpp"

namespace atcert::provision {
namespace {

// How long AWS's word on a refused connection is waited for: its events may be late.
constexpr Milliseconds kEventPatience{2000};

std::string text_of(const script::Values& values, std::string_view name) {
  const auto found = values.find(name);
  const auto* text = found == values.end() ? nullptr : std::get_if<std::string>(&found->second);
  return text == nullptr ? std::string() : *text;
}

Result<std::string> required(const script::Values& values, std::string_view name) {
  std::string text = text_of(values, name);
  if (!text.empty()) return text;
  return Error{ErrorKind::usage,
               "script_not_observable",
               fmt::format("the script has no \"{}\", so that nothing of it can be observed", name),
               {},
               "leave out --observe, or use a script with the variables endpoint and topic"};
}

Result<cloud::ObserverOptions> options_for(const ObserverSettings& settings, const Context& context) {
  const script::Values& values = context.checked.values;
  ATCERT_TRY(std::string, endpoint, required(values, "endpoint"));
  ATCERT_TRY(std::string, topic, required(values, "topic"));
  ATCERT_TRY(const std::string, nonce, new_nonce(context.bench.random));
  cloud::ObserverOptions options;
  options.server.host = std::move(endpoint);
  const std::string port = text_of(values, "port");
  std::from_chars(port.data(), port.data() + port.size(), options.server.port);
  options.server.address = settings.address;
  options.server.address_port = settings.address_port;
  options.client_id = settings.client_id.empty() ? "atcert-observer-" + nonce : settings.client_id;
  options.topic = std::move(topic);
  options.module_id = text_of(values, "client_id");
  return options;
}

Result<std::string> connect(const ObserverSettings& settings, Context& context) {
  ATCERT_TRY(cloud::ObserverOptions, options, options_for(settings, context));
  const std::string host = options.server.host;
  ATCERT_TRY(
      auto, observer,
      cloud::Observer::connect(*settings.credentials, std::move(options), context.bench.clock, context.bench.stop));
  const char* events = observer->hears_presence() ? ", with the events of the module's connection" : "";
  context.record.observer = {observer->client_id(), observer->hears_presence(), {}};
  context.observer = std::move(observer);
  return fmt::format("{} as \"{}\"{}", host, context.observer->client_id(), events);
}

void take_events(Context& context) {
  const bool is_refused = context.record.error && context.record.error->kind == ErrorKind::cloud;
  const auto& events = context.observer->presence("connect_failed", is_refused ? kEventPatience : Milliseconds(0));
  for (const cloud::PresenceEvent& event : events) {
    context.record.observer->events.push_back({event.event, event.client_id, event.reason, event.principal});
    if (event.reason.empty()) continue;
    context.steps.note(fmt::format("AWS says of \"{}\": {}, {}", event.client_id, event.event, event.reason));
  }
}

}  // namespace

Part connect_observer(ObserverSettings settings) {
  const auto run = [settings = std::move(settings)](Context& context) {
    return context.steps.step({"check", "connect the observer"}, [&] { return connect(settings, context); });
  };
  return {Part::When::well, run};
}

Part dismiss_observer() {
  const auto run = [](Context& context) -> Result<void> {
    if (!context.observer) return {};
    take_events(context);
    context.observer.reset();
    return {};
  };
  return {Part::When::always, run};
}

}  // namespace atcert::provision
