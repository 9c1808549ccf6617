// SPDX-License-Identifier: Apache-2.0
#include "demo/demo.hpp"

#include <memory>
#include <thread>

#include "base/files.hpp"
#include "credentials/load.hpp"
#include "emulator/host.hpp"
#include "provision/check.hpp"
#include "provision/leave.hpp"
#include "provision/open.hpp"
#include "provision/prove.hpp"
#include "provision/push.hpp"
#include "provision/rate.hpp"
#include "script/templates.hpp"
#include "serial/open.hpp"

namespace atcert::demo {
namespace {

constexpr std::size_t kMaxFileSize = 65'536;
constexpr const char* kNetwork = "Factory Wi-Fi";
constexpr std::string_view kNetworkPassword = "throwaway";

// An emulated module in a thread of its own, until the end of the scope.
class RunningModule {
 public:
  static Result<std::unique_ptr<RunningModule>> power_on(emulator::Options options) {
    ATCERT_TRY(auto, host, emulator::Host::open(std::move(options), {}));
    return std::unique_ptr<RunningModule>(new RunningModule(std::move(host)));
  }
  const std::string& port() const { return host_->port(); }

 private:
  // Its loop can only fail in ways that the job notices: the port goes silent.
  explicit RunningModule(std::unique_ptr<emulator::Host> host)
      : host_(std::move(host)), thread_([this](const std::stop_token& stop) { (void)host_->run(stop); }) {}

  std::unique_ptr<emulator::Host> host_;
  std::jthread thread_;
};

emulator::Options module_of(image::Generation generation, const Scenery& scenery) {
  emulator::Options options;
  options.module = generation == image::Generation::pki ? "ESP32-WROOM-32" : "ESP32-C3-MINI-1";
  options.generation = generation;
  options.release = emulator::default_release(generation);
  options.access_points.push_back({kNetwork, Secret(kNetworkPassword)});
  options.broker = scenery.broker();
  return options;
}

Result<provision::Part> check_credentials(const Scenery& scenery, const Clock& clock) {
  const std::string folder = scenery.credentials().string();
  ATCERT_TRY(const auto, files, read_folder(folder, kMaxFileSize));
  ATCERT_TRY(auto, credentials, credentials::load_folder(folder, files, nullptr, {}));
  credentials::CheckOptions options;
  options.now = std::chrono::floor<std::chrono::seconds>(clock.wall());
  options.endpoint = kEndpoint;
  return provision::check_credentials(std::make_shared<const credentials::Credentials>(std::move(credentials)),
                                      std::move(options));
}

Result<provision::Part> check_script() {
  ATCERT_TRY(const auto, script, script::find_template("aws-iot"));
  ATCERT_TRY(auto, parsed, script::parse(script.content, script.name + ".json"));
  script::Given given;
  given.named.emplace("endpoint", kEndpoint);
  given.named.emplace("wifi_ssid", kNetwork);
  given.named.emplace("wifi_password", Secret(kNetworkPassword));
  return provision::check_script(std::make_shared<const script::Script>(std::move(parsed)), std::move(given));
}

Result<provision::Job> job_on(const Scenery& scenery, const Clock& clock) {
  ATCERT_TRY(provision::Part, credentials, check_credentials(scenery, clock));
  ATCERT_TRY(provision::Part, script, check_script());
  return provision::Job{"demo",
                        {std::move(credentials), std::move(script), provision::open_module(), provision::raise_rate({}),
                         provision::identify_module(), provision::push_credentials(provision::Rewrite::different),
                         provision::return_rate(), provision::prove(), provision::leave_module()}};
}

Result<report::Run> provision_or_error(image::Generation generation, const Scenery& scenery, const Clock& clock,
                                       const Audience& audience) {
  ATCERT_TRY(const provision::Job, job, job_on(scenery, clock));
  ATCERT_TRY(const auto, module, RunningModule::power_on(module_of(generation, scenery)));
  const provision::Bench bench{[&module] { return serial::open(module->port(), {}); }, clock, audience.log,
                               audience.stop};
  return provision::run(job, bench, audience.events);
}

}  // namespace

report::Run provision(image::Generation generation, const Scenery& scenery, const Clock& clock,
                      const Audience& audience) {
  auto run = provision_or_error(generation, scenery, clock, audience);
  if (run) return *std::move(run);
  report::Run failed;
  failed.command = "demo";
  failed.started = clock.wall();
  failed.error = run.error();
  return failed;
}

}  // namespace atcert::demo
