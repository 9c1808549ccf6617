// SPDX-License-Identifier: Apache-2.0
// What the main job needs around it, made for the occasion: credentials in a folder as they come from AWS, and a broker
// that takes them and nothing else. All of it goes with its owner.
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/scratch_folder.hpp"
#include "cloud/loopback_broker.hpp"
#include "credentials/throwaway.hpp"
#include "emulator/mqtt_connection.hpp"

namespace atcert::demo {

// A custom domain: a name in AWS's own form calls for Amazon's roots.
inline constexpr const char* kEndpoint = "iot.demo.example";

class Scenery {
 public:
  static Result<Scenery> set_up(WallTime now);

  const std::filesystem::path& credentials() const { return folder_.path(); }
  emulator::BrokerAddress broker() const { return {"127.0.0.1", broker_.port()}; }

 private:
  Scenery(ScratchFolder folder, cloud::LoopbackBroker broker)
      : folder_(std::move(folder)), broker_(std::move(broker)) {}

  ScratchFolder folder_;
  cloud::LoopbackBroker broker_;
};

// `device` and the root CA under the names that AWS's console gives its downloads: the certificate's id, which is the
// SHA-256 of its DER, then what the file is.
Result<void> write_as_aws(const std::filesystem::path& folder, const credentials::Throwaway& device,
                          const std::string& authority);

}  // namespace atcert::demo
