// SPDX-License-Identifier: Apache-2.0
// Small scripts for the tests of script/.
#pragma once

#include <memory>
#include <string>

#include <doctest/doctest.h>

#include "script/plan.hpp"
#include "script/script.hpp"

namespace atcert::script {

// A script of the given variables, steps and clean-up steps (the inside of their JSON lists).
inline std::string script_text(const std::string& variables, const std::string& steps,
                               const std::string& cleanup = "") {
  return "{\"title\": \"test\",\n\"variables\": [" + variables + "],\n\"steps\": [" + steps + "],\n\"cleanup\": [" +
         cleanup + "]}";
}

inline std::shared_ptr<const Script> parse_good(const std::string& text) {
  auto script = parse(text, "test.json");
  REQUIRE_MESSAGE(script.ok(), script.error().what);
  return std::make_shared<const Script>(std::move(*script));
}

// The message of the refusal.
inline std::string refusal(const std::string& text) {
  const auto script = parse(text, "test.json");
  REQUIRE_FALSE(script.ok());
  CHECK(script.error().kind == ErrorKind::input);
  CHECK(script.error().code == "bad_script");
  return script.error().what;
}

// What a module of release 2.4 (or 3.3, storage generation nvs) is.
inline ModuleFacts old_module() {
  return {{2, 4, 0, 0}, "pki", false, [](std::string_view command) { return command == "AT+SYSSTORE"; }};
}
inline ModuleFacts new_module() {
  return {{3, 3, 0, 0}, "nvs", false, [](std::string_view) { return true; }};
}

}  // namespace atcert::script
