// SPDX-License-Identifier: Apache-2.0
// Everything around one run of the built tool: a broker, credentials in a folder as they come from AWS, and an emulated
// module that runs as a process of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/scratch_folder.hpp"
#include "support/broker.hpp"
#include "support/process.hpp"

namespace atcert::test {

inline constexpr const char* kNetwork = "Factory, \"Wi-Fi\"";  // with what AT strings must escape
inline constexpr const char* kNetworkPassword = "s3cret,\\pass\"word";

using Arguments = std::vector<std::string>;

struct RigOptions {
  std::string generation = "nvs";
  Arguments faults = {};
  Arguments module = {};  // further options of emulate
  // What the line's operator gives the tool.
  std::string network = kNetwork;
  std::string password = kNetworkPassword;
  std::string endpoint = kEndpoint;
  const Broker* broker = nullptr;  // null: the one that all tests of a program share
};

class Rig {
 public:
  explicit Rig(RigOptions options = {});

  static Broker& shared_broker();
  const Broker& broker() const { return *options_.broker; }
  const std::string& generation() const { return options_.generation; }

  std::filesystem::path folder() const { return folder_.path(); }
  std::filesystem::path credentials() const { return folder() / "credentials"; }
  std::filesystem::path port() const { return folder() / "port"; }
  // What the tool is given for -p; port() until told otherwise.
  void reach_by(std::string name) { reached_by_ = std::move(name); }
  std::filesystem::path log() const { return folder() / "dialogue.log"; }

  // Puts another certificate, key or CA into the credentials folder.
  void use_certificate(const std::string& pem) const;
  void use_key(const Secret& pem) const;
  void use_ca(const std::string& pem) const;

  // `atcert provision` against the module, to its end or (start) while it runs.
  Outcome provision(const Arguments& more = {}, Milliseconds limit = std::chrono::seconds(30)) const {
    return Process(provision_options(more)).finish(limit);
  }
  ProcessOptions provision_options(const Arguments& more = {}) const;
  Outcome push(const Arguments& more = {}) const;
  Outcome verify(const Arguments& more = {}) const;

  // What the module's flash holds now.
  std::string flash() const;
  std::string dialogue() const;

 private:
  Arguments connection() const;
  std::string reached_by() const { return reached_by_.empty() ? port().string() : reached_by_; }

  ScratchFolder folder_;
  RigOptions options_;
  std::string reached_by_;
  std::unique_ptr<Process> module_;
};

// The lines of base64 in `pem` that are in `text`, as a share of all: 1 when it holds the whole.
double share_of_lines(const std::string& pem, const std::string& text);

// The one document of --json; the exit code in it is that of the process.
nlohmann::json document_of(const Outcome& outcome);

// What became of the three slots, from the document of --json.
std::vector<std::string> slot_states(const Outcome& outcome);

// Neither output nor dialogue hold a piece of the private key or the Wi-Fi password.
void check_no_secrets(const Rig& rig, const Outcome& outcome);

}  // namespace atcert::test
