// SPDX-License-Identifier: Apache-2.0
// Where the commands of a document run as they stand: a folder with what they name, a broker, an emulated module on
// each port that they name, and a PATH of an ordinary user with `atcert` in it.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cloud/loopback_broker.hpp"
#include "docs/terminal.hpp"
#include "support/broker.hpp"
#include "support/process.hpp"

namespace atcert::test {

class Workshop {
 public:
  Workshop();

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::uint16_t trial_port() const { return trial_port_; }

  // The text with what cannot be the same everywhere replaced: the one table of that is in workshop.cpp.
  std::string adapted(std::string text) const;

  // Runs `commands` with sh in the folder, or in the one of this name below it; output and error come as one, as on a
  // terminal.
  const Outcome& sh(const std::string& commands, const std::string& below = {});
  const Outcome& last() const { return last_; }

  void write(const std::string& name, const std::string& text) const;
  std::unique_ptr<Terminal> terminal() const { return std::make_unique<Terminal>(folder(), environment_); }

 private:
  void put_programs() const;
  void put_credentials() const;
  void put_images() const;
  void start_module(const std::string& name);

  ScratchFolder folder_;
  Pki pki_;
  cloud::LoopbackBroker broker_;
  std::uint16_t trial_port_;
  std::map<std::string, std::string> environment_;
  std::vector<std::unique_ptr<Process>> modules_;
  Outcome last_;
};

}  // namespace atcert::test
