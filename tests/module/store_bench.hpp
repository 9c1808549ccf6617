// SPDX-License-Identifier: Apache-2.0
// A credential store of each generation over a module that follows a script: what each asks for, and what it is
// answered.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "module/credential_store.hpp"
#include "support/scripted_module.hpp"

namespace atcert::module {

using namespace test;
using namespace std::string_literals;

inline const std::string kPem = "-----BEGIN CERTIFICATE-----\nabcd\n\r\nOK\r\n-----END CERTIFICATE-----\n";

// One attempt is enough to see.
inline const Again no_more = [](const Error& why, int) { return Result<void>(why); };

struct Bench {
  explicit Bench(void (*expect_module)(ScriptedTransport&)) {
    expect_module(wire);
    auto identified = Module::identify(session, settings_of(session));
    REQUIRE(identified);
    module = *std::move(identified);
    store = make_store(module, session);
  }

  VirtualClock clock;
  ScriptedTransport wire{clock};
  std::stop_source stop;
  at::Session session{wire, clock, nullptr, stop.get_token()};
  Module module;
  std::unique_ptr<CredentialStore> store;
};

// AT+SYSMFG as release 3.3 speaks it.
struct NvsBench : Bench {
  NvsBench() : Bench(expect_nvs_module) {}

  void expect_value(std::string_view value) {
    wire.on("AT+SYSMFG=1,\"mqtt_ca\",\"mqtt_ca\"\r\n",
            fmt::format("+SYSMFG:\"mqtt_ca\",\"mqtt_ca\",8,{},{}\r\n{}", value.size(), value, kOk));
  }
  // What is asked for where an item of kPem may end.
  void expect_end(const std::string& answer) {
    wire.on(fmt::format("AT+SYSMFG=1,\"mqtt_ca\",\"mqtt_ca\",{},48\r\n", kPem.size() - 48), answer);
  }
  static std::string end_of(std::string_view stored, unsigned type = 8) {
    const std::string_view end = stored.substr(kPem.size() - 48, 48);
    return fmt::format("+SYSMFG:\"mqtt_ca\",\"mqtt_ca\",{},48,{}\r\n{}", type, end, kOk);
  }
  void expect_nothing() {
    expect_end(kError);
    wire.on("AT+SYSMFG=1,\"mqtt_ca\"\r\n", kError);
  }
  void expect_write(const std::string& value, const std::string& result) {
    wire.on(fmt::format("AT+SYSMFG=2,\"mqtt_ca\",\"mqtt_ca\",8,{}\r\n", value.size()), "\r\nOK\r\n\r\n>");
    wire.on(value, result);
  }
};

// AT+SYSFLASH as release 2.4 speaks it, with the PKI bin of tools/AtPKI.py: 2.4.0.0 writes type 2 for every item.
struct PkiBench : Bench {
  explicit PkiBench(void (*expect_module)(ScriptedTransport&) = expect_pki_module) : Bench(expect_module) {}

  void expect_read(std::size_t offset, std::string_view bytes) {
    wire.on(fmt::format("AT+SYSFLASH=2,\"mqtt_ca\",{},{}\r\n", offset, bytes.size()),
            fmt::format("+SYSFLASH:{},{}{}", bytes.size(), bytes, kOk));
  }
  // As it is read by who does not know what is there.
  void expect_bin(const std::string& bin) {
    expect_read(0, std::string_view(bin).substr(0, 8));
    expect_all(bin);
  }
  void expect_all(const std::string& bin) {
    for (std::size_t at = 0; at < bin.size(); at += 4096) expect_read(at, std::string_view(bin).substr(at, 4096));
  }
  // What is asked for where the bin of an item ends that is to be stored.
  void expect_end(const std::string& wanted, std::string stored) {
    stored.resize(std::max(stored.size(), wanted.size() + 4), '\xff');
    expect_read(wanted.size() - 48, std::string_view(stored).substr(wanted.size() - 48, 52));
  }
  void expect_erase() { wire.on("AT+SYSFLASH=0,\"mqtt_ca\"\r\n", kOk); }
  void expect_write(std::size_t offset, const std::string& bytes, const std::string& result) {
    wire.on(fmt::format("AT+SYSFLASH=1,\"mqtt_ca\",{},{}\r\n", offset, bytes.size()), ">");
    wire.on(bytes, result);
  }
};

inline std::string little_endian(std::size_t value, int bytes) {
  std::string result;
  for (int i = 0; i < bytes; ++i) result += static_cast<char>(value >> 8 * i);
  return result;
}

inline std::string pki_item(char type, char id, const std::string& content) {
  const std::string padding((4 - content.size() % 4) % 4, '\xff');
  return std::string({type, id}) + little_endian(content.size(), 2) + content + padding;
}

inline std::string pki_bin_of(const std::vector<std::string>& items) {
  std::string all;
  for (const std::string& item : items) all += item;
  return "\xf1\xf1" + little_endian(items.size(), 2) + little_endian(all.size(), 4) + all;
}

inline std::string pki_bin(const std::string& content) {
  return pki_bin_of({pki_item(2, 0, content)});
}

}  // namespace atcert::module
