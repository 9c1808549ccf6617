// SPDX-License-Identifier: Apache-2.0
// The folder of one case: credentials, lists, images and scripts for every verb, and where their outputs go. The
// credentials are made once, before the first case.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/scratch_folder.hpp"
#include "cloud/loopback_broker.hpp"
#include "soak/line.hpp"
#include "soak/secrets.hpp"

namespace atcert::soak {

inline constexpr const char* kEndpoint = "soak-ats.iot.eu-west-1.amazonaws.com";
inline constexpr const char* kNetwork = "soak";
inline constexpr const char* kUnits[] = {"u1", "u2", "u3", "u4"};

// What all cases share.
class Stock {
 public:
  explicit Stock(std::string tool);

  const std::string& tool() const { return tool_; }
  const SecretWatch& secrets() const { return *secrets_; }
  std::uint16_t broker_port() const { return broker_->port(); }
  // Puts the inputs of all verbs into a folder.
  void furnish(const std::filesystem::path& folder) const;

 private:
  struct Device {
    std::string certificate;
    std::string key;
  };

  std::string tool_;
  std::string authority_;
  std::vector<Device> devices_;  // the first is the one of `creds`, then those of the units
  std::unique_ptr<SecretWatch> secrets_;
  std::unique_ptr<cloud::LoopbackBroker> broker_;
};

class Scene {
 public:
  explicit Scene(const Stock& stock);

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::string at(const std::string& name) const { return folder() / name; }
  std::string broker() const;  // HOST:PORT
  std::vector<std::string> environment() const;

  // An emulated module on `port`, over the wire of `kind` where there is one.
  void start_module(const LineKind* kind, Chance chance);
  void stop_module();

  // All that lies in the folder now, by its path in it.
  std::set<std::string> listing() const;
  // What was there at the start.
  const std::set<std::string>& inputs() const { return inputs_; }
  void keep_as_input(const std::string& name) { inputs_.insert(name); }

 private:
  const Stock& stock_;
  ScratchFolder folder_;
  std::set<std::string> inputs_;
  std::unique_ptr<ChildProcess> module_;
  std::unique_ptr<Line> line_;
};

std::string whole_file(const std::filesystem::path& path);
void put_file(const std::filesystem::path& path, const std::string& text);

}  // namespace atcert::soak
