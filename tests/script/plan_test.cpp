// SPDX-License-Identifier: Apache-2.0
#include "script/plan.hpp"

#include <doctest/doctest.h>

#include "script/scripts.hpp"
#include "support/require.hpp"

namespace atcert::script {
namespace {

constexpr const char* kVariables = R"(
  {"name": "ssid", "description": "the network", "flag": "--ssid NAME", "required": true, "min_bytes": 1, "max_bytes": 32},
  {"name": "password", "description": "its password", "secret": true, "default": "", "max_bytes": 64},
  {"name": "port", "description": "the port", "kind": "number", "default": 8883, "min": 1, "max": 65535},
  {"name": "id", "description": "who", "default": "id-${ssid}", "allowed": "a-z0-9-", "forbidden": "x"},
  {"name": "long_text", "description": "much", "default": ""})";

std::string one_step(const std::string& members) {
  return R"({"name": "s", "on_failure": "continue", )" + members + "}";
}

Values values(std::initializer_list<std::pair<const char*, const char*>> list) {
  Values result;
  for (const auto& [name, value] : list) result.emplace(name, std::string(value));
  return result;
}

Result<Plan> plan(Values named, const std::string& members = R"("send": "AT")", Values offered = {}) {
  return prepare(parse_good(script_text(kVariables, one_step(members))), {std::move(named), std::move(offered)},
                 old_module());
}

Error refused(Values named) {
  const auto result = plan(std::move(named));
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().kind == ErrorKind::usage);
  return result.error();
}

}  // namespace

TEST_CASE("an unknown variable is refused with the list of those that there are") {
  const Error error = refused(values({{"ssid", "ap"}, {"pasword", "x"}}));
  CHECK(error.code == "unknown_variable");
  CHECK(error.what == "\"test\" has no variable \"pasword\"; did you mean \"password\"?");
  CHECK(error.remedy == "the variables are: ssid, password, port, id, long_text");
}

TEST_CASE("a missing required variable is refused with what it is") {
  const Error error = refused({});
  CHECK(error.code == "missing_variable");
  CHECK(error.what == "\"test\" needs a value for \"ssid\": the network");
  CHECK(error.remedy == "give --ssid NAME");
}

TEST_CASE("a variable without a flag of its own is given like any other") {
  const auto remedy = [](const std::string& variable) {
    const auto result = prepare(parse_good(script_text(variable, one_step(R"("send": "AT")"))), {}, old_module());
    REQUIRE_FALSE(result.ok());
    return result.error().remedy;
  };
  CHECK(remedy(R"({"name": "zone", "description": "d", "required": true})") == "give --set zone=VALUE");
  CHECK(remedy(R"({"name": "token", "description": "d", "required": true, "secret": true})") ==
        "give --set-file token=FILE");
}

TEST_CASE("a value that lacks what it must hold is refused") {
  const std::string variables = R"({"name": "nonce", "description": "d", "required": true},
    {"name": "payload", "description": "the message", "default": "n=${nonce}", "must_hold": "${nonce}"})";
  const auto with = [&](std::initializer_list<std::pair<const char*, const char*>> list) {
    return prepare(parse_good(script_text(variables, one_step(R"("send": "AT")"))), {values(list), {}}, old_module());
  };
  CHECK(with({{"nonce", "0123"}}).ok());
  CHECK(with({{"nonce", "0123"}, {"payload", "a 0123 b"}}).ok());
  const auto without = with({{"nonce", "0123"}, {"payload", "hello"}});
  REQUIRE_FALSE(without.ok());
  CHECK(without.error().kind == ErrorKind::usage);
  CHECK(without.error().what == "variable \"payload\" does not hold ${nonce}, here \"0123\"");
  CHECK(without.error().remedy == "leave it out; it is the message");
}

TEST_CASE("values that do not fit are refused") {
  CHECK(refused(values({{"ssid", ""}})).what == "variable \"ssid\" has 0 bytes; it takes 1 to 32");
  CHECK(refused(values({{"ssid", "a\tb"}})).what == "variable \"ssid\" has a control character");
  CHECK(refused(values({{"ssid", "a\nb"}})).what == "variable \"ssid\" has more than one line");
  CHECK(refused(values({{"ssid", "ap"}, {"port", "0"}})).what == "variable \"port\" is 0; it takes 1 to 65535");
  CHECK(refused(values({{"ssid", "ap"}, {"port", "8883 "}})).what.find("no number") != std::string::npos);
  CHECK(refused(values({{"ssid", "ap"}, {"port", "-1"}})).what.find("no number") != std::string::npos);
  CHECK(refused(values({{"ssid", "ap"}, {"port", "many"}})).remedy == "give a whole number from 1 to 65535");
  CHECK(refused(values({{"ssid", "ap"}, {"port", "0"}})).remedy == "give a whole number from 1 to 65535");
  CHECK(refused(values({{"ssid", "ap"}, {"id", "A"}})).what.find("'A' cannot be in it") != std::string::npos);
  CHECK(refused(values({{"ssid", "ap"}, {"id", "axb"}})).what.find("'x' cannot be in it") != std::string::npos);
}

TEST_CASE("a secret is taken as a secret only, and its text is not shown") {
  const Error shown = refused(values({{"ssid", "ap"}, {"password", "hunter22"}}));
  CHECK(shown.what == "variable \"password\" is secret and was given as text");
  CHECK(shown.remedy == "give --set-file password=FILE");
  Values named = values({{"ssid", "ap"}});
  named.emplace("password", Secret(std::string(65, 'p')));
  const Error error = refused(std::move(named));
  CHECK(error.what == "variable \"password\" has 65 bytes; it takes 0 to 64");
  Values wrong;
  wrong.emplace("ssid", Secret(std::string_view("ap")));
  CHECK(refused(std::move(wrong)).what.find("was given as a secret") != std::string::npos);
}

TEST_CASE("defaults refer to other variables and are checked like given values") {
  const auto result = plan(values({{"ssid", "ap"}}));
  REQUIRE(result.ok());
  CHECK(std::get<std::string>(result->values.at("id")) == "id-ap");
  CHECK(refused(values({{"ssid", "AP"}})).what.find("'A' cannot be in it") != std::string::npos);
}

TEST_CASE("numbers lose their leading zeros") {
  const auto result = plan(values({{"ssid", "ap"}, {"port", "0443"}}));
  REQUIRE(result.ok());
  CHECK(std::get<std::string>(result->values.at("port")) == "443");
}

TEST_CASE("what the caller offers is left out when the script does not ask for it") {
  const auto result = plan(values({{"ssid", "mine"}}), R"("send": "AT")", values({{"ssid", "other"}, {"topic", "t"}}));
  REQUIRE(result.ok());
  CHECK(std::get<std::string>(result->values.at("ssid")) == "mine");
  CHECK_FALSE(result->values.contains("topic"));
}

TEST_CASE("a command that is too long is refused before anything is sent") {
  const std::string send = R"("send": "AT+X=${long_text|quoted}")";
  // AT+X="..." and CR LF: 9 bytes around the text.
  const auto fits = plan(values({{"ssid", "ap"}, {"long_text", std::string(247, 'x').c_str()}}), send);
  CHECK(fits.ok());
  const auto over = plan(values({{"ssid", "ap"}, {"long_text", std::string(248, 'x').c_str()}}), send);
  REQUIRE_FALSE(over.ok());
  CHECK(over.error().code == "command_too_long");
  CHECK(over.error().kind == ErrorKind::input);
  CHECK(over.error().what.find("takes 257 bytes") != std::string::npos);
}

TEST_CASE("a plan lists what applies, without secrets") {
  const auto script = parse_good(
      script_text(kVariables,
                  R"({"name": "a", "send": "AT+A=${ssid|quoted},${password|quoted}", "on_failure": "continue",
          "expect": [{"line": "+A:<mode:number>"}]},
         {"name": "b", "send": "AT+B", "when": {"generation": "nvs"}, "on_failure": "continue"},
         {"name": "c", "send": "AT+C=${mode}", "on_failure": "continue"})",
                  R"({"name": "d", "send": "AT+D", "when": {"after": "a"}, "on_failure": "continue"})"));
  Values named = values({{"ssid", "a,b"}, {"id", "me"}});
  named.emplace("password", Secret(std::string_view("hunter22")));
  const auto result = prepare(script, {std::move(named), {}}, old_module());
  REQUIRE(result.ok());
  REQUIRE(result->steps.size() == 3);
  CHECK(result->steps[0].command == R"(AT+A="a\,b","***")");
  CHECK(result->steps[1].command == "AT+C=<mode>");
  CHECK(result->steps[2].command == "AT+D");
  CHECK(result->steps[2].cleanup);
  CHECK(result->steps[2].applies == Truth::later);
}

TEST_CASE("a timeout that comes out as nothing is refused") {
  const std::string number = R"({"name": "n", "description": "d", "kind": "number", "default": 0, "max": 9})";
  const auto result =
      prepare(parse_good(script_text(number, one_step(R"("send": "AT", "timeout": "${n}")"))), {}, old_module());
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().kind == ErrorKind::usage);
}

TEST_CASE("steps of an observer are planned where there is one") {
  const auto script = parse_good(
      script_text("", R"({"name": "a", "on_failure": "continue", "observer": {"sends": "hello\n", "topic": "t"}},
             {"name": "b", "on_failure": "continue", "observer": {"sees": "hello", "topic": "t"}},
             {"name": "c", "on_failure": "continue", "send": "AT"})"));
  CHECK(test::require(prepare(script, {}, old_module())).steps.size() == 1);
  ModuleFacts observed = old_module();
  observed.observed = true;
  const Plan plan = test::require(prepare(script, {}, observed));
  REQUIRE(plan.steps.size() == 3);
  CHECK(plan.steps[0].command == "send to \"t\": hello\n");
  CHECK(plan.steps[1].command == "see at \"t\": hello");
}

}  // namespace atcert::script
