// SPDX-License-Identifier: Apache-2.0
#include "provision/host_look.hpp"

#include <optional>
#include <utility>

#include <fmt/core.h>

#include "cloud/probe.hpp"
#include "credentials/load.hpp"
#include "diagnosis/host.hpp"

namespace atcert::provision {
namespace {

constexpr Milliseconds kStage{5'000};

// Of the module, where none were given.
std::optional<credentials::Credentials> stored_credentials(const std::optional<diagnosis::SlotContents>& contents) {
  if (!contents) return std::nullopt;
  const auto file = [](const module::Stored& stored) {
    const auto* content = std::get_if<Secret>(&stored);
    return NamedFile{"the module", content == nullptr ? Secret() : content->clone()};
  };
  auto loaded = credentials::load_files(file(contents->certificate), file(contents->key), file(contents->ca), {});
  return loaded ? std::optional(std::move(*loaded)) : std::nullopt;
}

class Look {
 public:
  Look(const HostLook& how, Context& context, Failure& failure)
      : how_(how),
        context_(context),
        failure_(failure),
        stored_(context.checked.credentials ? std::nullopt : stored_credentials(failure.contents)) {}

  Result<std::string> at(const std::string& endpoint) {
    server_.host = endpoint;
    server_.address = how_.address;
    server_.address_port = how_.address_port;
    if (const auto port = failure_.evidence.given.port) server_.port = static_cast<std::uint16_t>(*port);
    const std::string id = client_id();
    ATCERT_TRY(const cloud::Probe, probe,
               look({.client_id = id, .without_server_name = true, .each_version = true, .stage_limit = kStage}));
    ATCERT_TRY(const auto, other, with_another_id(id, probe));
    failure_.evidence.host = diagnosis::host_evidence(probe, other ? &*other : nullptr);
    return fmt::format("name {}, TCP {}, TLS {}, MQTT {}", name_of(probe.lookup.stage), name_of(probe.tcp.stage),
                       name_of(probe.tls.stage), name_of(probe.mqtt.stage));
  }

 private:
  std::string client_id() const {
    const script::Captures captures;
    const std::string* id = script::Scope{context_.checked.values, captures}.text("client_id");
    return how_.connect && id != nullptr ? *id : std::string();
  }

  Result<cloud::Probe> look(const cloud::ProbeOptions& options) const {
    const credentials::Credentials* own = stored_ ? &*stored_ : context_.checked.credentials.get();
    return cloud::probe(server_, own, options, context_.bench.clock, context_.bench.stop);
  }

  // Who lets another client id in has nothing against the certificate.
  Result<std::optional<cloud::Probe>> with_another_id(const std::string& id, const cloud::Probe& probe) const {
    const auto answer = probe.mqtt.answer;
    const bool is_refused =
        answer == cloud::MqttConnect::Answer::refused || answer == cloud::MqttConnect::Answer::closed;
    if (id.empty() || !is_refused) return std::optional<cloud::Probe>();
    ATCERT_TRY(cloud::Probe, other, look({.client_id = "atcert-" + id, .stage_limit = kStage}));
    return std::optional(std::move(other));
  }

  const HostLook& how_;
  Context& context_;
  Failure& failure_;
  std::optional<credentials::Credentials> stored_;
  cloud::Server server_;
};

}  // namespace

void look_from_host(const HostLook& how, Context& context, Failure& failure) {
  const script::Captures captures;
  const std::string* endpoint = script::Scope{context.checked.values, captures}.text("endpoint");
  if (endpoint == nullptr) return;
  // That this machine cannot look is not what the job has failed at.
  const auto look = [&]() -> Result<std::string> {
    const auto seen = Look(how, context, failure).at(*endpoint);
    return seen ? *seen : "not possible: " + seen.error().what;
  };
  (void)context.steps.step({"diagnose", "look from this machine"}, look);
}

}  // namespace atcert::provision
