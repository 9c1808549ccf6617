// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "script/script.hpp"
#include "script/scripts.hpp"

namespace atcert::script {
namespace {

constexpr const char* kGoOn = R"("on_failure": "continue")";

std::string step(const std::string& members) {
  return std::string(R"({"name": "s", )") + members + ", " + kGoOn + "}";
}

std::string text_variable(const std::string& members) {
  return R"({"name": "v", "description": "d", )" + members + "}";
}

const std::string kSecret = text_variable(R"("secret": true, "default": "")");
const std::string kText = text_variable(R"("default": "x")");
const std::string kNumber = text_variable(R"("kind": "number", "default": 5, "max": 60)");

}  // namespace

TEST_CASE("a script is read with comments, its steps in order and with their lines") {
  const auto script =
      parse_good("// a comment\n{\"title\": \"t\", /* another */\n\"steps\": [\n" + step(R"("send": "AT")") +
                 ",\n{\"name\": \"two\", \"send\": \"AT+X=1\", \"timeout\": 7, \"on_failure\": \"continue\"}]}");
  REQUIRE(script->steps.size() == 2);
  CHECK(script->steps[0].line == 4);
  CHECK(script->steps[1].line == 5);
  CHECK(script->steps[1].name == "two");
  CHECK(script->steps[1].timeout.plus == 7);
}

TEST_CASE("what is not JSON is refused with its line") {
  CHECK(refusal("{\n\"title\": \"t\",\n\"steps\": [}").starts_with("test.json:3: not JSON: "));
  CHECK(refusal("").starts_with("test.json:1: not JSON: "));
  CHECK(refusal("[\n1,\n2\n]").starts_with("test.json:1: a script is an object"));
}

TEST_CASE("an unknown key is refused with its line and the key that was meant") {
  const std::string text = "{\"title\": \"t\",\n\n\"stepps\": []}";
  CHECK(refusal(text) == "test.json:3: a script has no \"stepps\"; did you mean \"steps\"?");
  CHECK(refusal(script_text("", step(R"("send": "AT", "timout": 3)"))).find("did you mean \"timeout\"?") !=
        std::string::npos);
  CHECK(refusal("{\"quite_another_thing\": 1}").find("it has: $schema, title") != std::string::npos);
}

TEST_CASE("a key that is given twice is refused with both lines") {
  CHECK(refusal("{\"title\": \"a\",\n\"description\": \"\",\n\"title\": \"b\"}") ==
        "test.json:3: \"title\" is given twice, first in line 1");
}

TEST_CASE("the line of a number is the one it stands in") {
  CHECK(refusal("{\"title\":\n5\n}").starts_with("test.json:2: "));
  CHECK(refusal("{\"title\": \"t\", \"steps\": [{\"name\": \"s\", \"send\": \"AT\", \"timeout\":\n\n-1\n}]}")
            .starts_with("test.json:3: "));
}

TEST_CASE("wrong types are refused and named") {
  CHECK(refusal("{\"title\": 5}") == "test.json:1: \"title\" must be a string, not a number");
  CHECK(refusal("{\"title\": \"t\", \"steps\": {}}").ends_with("\"steps\" must be a list, not an object"));
  CHECK(refusal(script_text("", step(R"("send": ["AT"])"))).ends_with("\"send\" must be a string, not a list"));
  CHECK(refusal(script_text(text_variable(R"("required": "yes")"), step(R"("send": "AT")")))
            .ends_with("\"required\" must be true or false, not a string"));
  CHECK(refusal(script_text("", step(R"("send": "AT", "timeout": 1.5)"))).find("\"timeout\" must be a whole number") !=
        std::string::npos);
}

TEST_CASE("deep nesting is refused") {
  CHECK(refusal(std::string(100, '[')).ends_with("nested more than 24 deep"));
}

TEST_CASE("a step that may abort needs to say what its failure means") {
  CHECK(refusal(script_text("", R"({"name": "s", "send": "AT"})")).find("step \"s\" needs a \"failure\"") !=
        std::string::npos);
}

TEST_CASE("a step without a remedy is refused") {
  const std::string failure = R"("failure": {"kind": "cloud", "code": "c"})";
  CHECK(refusal(script_text("", R"({"name": "s", "send": "AT", )" + failure + "}")).ends_with("\"remedy\" is missing"));
}

TEST_CASE("a text in a command must be quoted by the filter") {
  CHECK(refusal(script_text(kText, step(R"("send": "AT+X=${v}")"))) ==
        "test.json:3: \"v\" is a text: write ${v|quoted}, without quotes around it");
  CHECK(refusal(script_text(kSecret, step(R"("send": "AT+X=${v}")"))).find("write ${v|quoted}") != std::string::npos);
  parse_good(script_text(kText, step(R"("send": "AT+X=${v|quoted},${v|length}")")));
  parse_good(script_text(kNumber, step(R"("send": "AT+X=${v}")")));
}

TEST_CASE("a secret may not stand where it would be shown") {
  const std::string send = R"("send": "AT+X=${v|quoted}", )";
  CHECK(refusal(script_text(kSecret, step(send + R"("detail": "${v}")"))).ends_with("is secret and would be shown"));
  CHECK(refusal(script_text(kSecret, step(send + R"("expect": [{"line": "+X:${v}"}])")))
            .ends_with("is secret and would be shown"));
  CHECK(refusal(script_text(kSecret, step(send + R"("when": {"equals": {"name": "v", "value": "x"}})")))
            .ends_with("is secret and cannot be compared"));
  CHECK(refusal(script_text(kSecret + R"(, {"name": "w", "description": "d", "default": "${v}"})",
                            step(send + "\"data\": \"x\"")))
            .ends_with("would show a secret"));
  parse_good(script_text(kSecret, step(send + R"("data": "${v}")")));
}

TEST_CASE("a name that nothing declares is refused with the nearest one") {
  CHECK(refusal(script_text(kText, step(R"("send": "AT+X=${vv|quoted}")"))).ends_with("did you mean \"v\"?"));
  CHECK(refusal(script_text("", step(R"("send": "AT+X=${y}")"))) ==
        "test.json:3: nothing declares or captures \"y\" before this");
}

TEST_CASE("a capture is known only to the steps behind it, and by its kind") {
  const std::string ask =
      R"({"name": "ask", "send": "AT+X?", "expect": [{"line": "+X:<n:number>,<t:text>"}], )" + std::string(kGoOn) + "}";
  parse_good(script_text("", ask + ", " + step(R"("send": "AT+X=${n},${t|quoted}")")));
  CHECK(refusal(script_text("", step(R"("send": "AT+X=${n}")") + ", " + ask)).find("before this") != std::string::npos);
  CHECK(refusal(script_text("", ask + ", " + step(R"("send": "AT+X=${t}")"))).find("is a text") != std::string::npos);
}

TEST_CASE("a capture cannot take the name of a variable") {
  CHECK(refusal(script_text(kText, step(R"("send": "AT", "expect": [{"line": "+X:<v:number>"}])")))
            .ends_with("\"v\" already means something else"));
}

TEST_CASE("references to steps are checked") {
  CHECK(refusal(script_text("", step(R"("send": "AT")"),
                            R"({"name": "c", "send": "AT", "when": {"after": "t"}, "on_failure": "continue"})"))
            .find("no step \"t\" before this; did you mean \"s\"?") != std::string::npos);
  CHECK(refusal(script_text("", step(R"("send": "AT")") + "," + step(R"("send": "AT")")))
            .ends_with("two steps are called \"s\""));
}

TEST_CASE("broken texts, lines and conditions are refused") {
  const auto send = [](const std::string& text) {
    return refusal(script_text(kNumber, step("\"send\": \"" + text + "\"")));
  };
  CHECK(send("AT+X=${v").ends_with("\"${\" without its \"}\""));
  CHECK(send("AT+X=${V}").ends_with("\"V\" is no name"));
  CHECK(send("AT+X=${v|at}").ends_with("no filter \"at\"; there are: quoted, length"));
  CHECK(send("ATE0\\r\\nAT").ends_with("a command starts with AT and has no control characters"));
  CHECK(send("+X").ends_with("a command starts with AT and has no control characters"));
  const auto line = [](const std::string& text) {
    return refusal(script_text(kNumber, step(R"("send": "AT", "expect": [{"line": ")" + text + "\"}]")));
  };
  CHECK(line("+X:<n").ends_with("\"<\" without its \">\""));
  CHECK(line("+X:<digits>").ends_with("there are: number, text, list, time"));
  CHECK(line("+X:<text><number>").ends_with("two holes with nothing between them"));
  CHECK(line("+X:<text>${v}").ends_with("a hole with a variable right behind it"));
  const auto when = [](const std::string& text) {
    return refusal(script_text(kNumber, step(R"("send": "AT", "when": )" + text)));
  };
  CHECK(when("{}").ends_with("a condition without content"));
  CHECK(when(R"({"release_from": "2.x"})").ends_with("\"2.x\" is no release such as 2.4.0.0"));
  CHECK(when(R"({"generation": "spiffs"})").ends_with("there are: pki, nvs"));
  CHECK(when(R"({"any": []})").ends_with("\"any\" must be a list of conditions"));
}

TEST_CASE("an expectation is a line or a message with its payload") {
  const auto expect = [](const std::string& text) {
    return refusal(script_text(kNumber, step(R"("send": "AT", "expect": [)" + text + "]")));
  };
  const std::string either = "expect either a \"line\", or a \"message\" with its \"payload\"";
  CHECK(expect("{}").ends_with(either));
  CHECK(expect(R"({"message": "+M,"})").ends_with(either));
  CHECK(expect(R"({"line": "a", "message": "+M,", "payload": "x"})").ends_with(either));
  CHECK(expect(R"({"message": "+M,", "payload": "x", "or": ["+N,"]})").ends_with("a message has no other forms"));
  CHECK(expect(R"({"line": "a", "or": ["<n:number>"]})").find("only \"line\" can capture") != std::string::npos);
  CHECK(expect(R"({"line": "<n:number>", "within": 5})").ends_with("\"within\" needs a <name:time> in the line"));
}

TEST_CASE("variables are checked") {
  const auto variable = [](const std::string& text) {
    return refusal(script_text(text_variable(text), step(R"("send": "AT")")));
  };
  CHECK(variable(R"("required": false)").find("needs either a default or") != std::string::npos);
  CHECK(variable(R"("required": true, "default": "x")").find("needs either a default or") != std::string::npos);
  CHECK(variable(R"("default": "x", "min": 1)").ends_with("a text has no \"min\""));
  CHECK(variable(R"("kind": "number", "default": 1, "allowed": "a")").ends_with("a number has no \"allowed\""));
  CHECK(variable(R"("default": "x", "min_bytes": 5, "max_bytes": 2)").ends_with("its least is more than its most"));
  CHECK(variable(R"("default": "${v}")").find("can only refer to variables before it") != std::string::npos);
  CHECK(variable(R"("default": "x", "kind": "float")").ends_with("there are: text, number"));
}

TEST_CASE("what a text must hold is checked like a default") {
  const auto refused = [](const std::string& variables) {
    return refusal(script_text(variables, R"({"name": "s", "send": "AT", "on_failure": "continue"})"));
  };
  CHECK(refused(R"({"name": "a", "description": "d", "default": "", "must_hold": "${b}"},
                   {"name": "b", "description": "d", "default": ""})")
            .ends_with("the must_hold of \"a\" can only refer to variables before it, as ${name}"));
  CHECK(refused(R"({"name": "n", "description": "d", "kind": "number", "default": 1, "must_hold": "1"})")
            .ends_with("a number has no \"must_hold\""));
}

TEST_CASE("a step has a command or is the observer's, who sees or sends") {
  const auto refused = [](const std::string& members) {
    return refusal(script_text("", "{\"name\": \"s\", \"on_failure\": \"continue\", " + members + "}"));
  };
  parse_good(script_text("", R"({"name": "s", "on_failure": "continue", "observer": {"sees": "m", "topic": "t"}})"));
  parse_good(script_text("", R"({"name": "s", "on_failure": "continue", "observer": {"sends": "m\n", "topic": "t"},
                                 "expect": [{"line": "x"}], "fails_on": ["y"], "timeout": 9})"));
  CHECK(refused(R"("timeout": 1)").find("\"send\" is missing") != std::string::npos);
  CHECK(refused(R"("observer": {"topic": "t"})").ends_with("an observer either \"sees\" or \"sends\""));
  CHECK(refused(R"("observer": {"topic": "t", "sees": "a", "sends": "b"})").ends_with("either \"sees\" or \"sends\""));
  CHECK(refused(R"("observer": {"sees": "a"})").find("topic") != std::string::npos);
  CHECK(refused(R"("observer": {"topic": "${t}", "sees": "a"})").find("declares or captures \"t\"") !=
        std::string::npos);
  for (const char* key : {"send", "data", "result"}) {
    CAPTURE(key);
    const std::string member = std::string(", \"") + key + "\": \"AT\"";
    CHECK(refused(R"("observer": {"topic": "t", "sees": "a"})" + member)
              .ends_with(std::string("a step of the observer has no \"") + key + "\""));
  }
  CHECK(refused(R"("observer": {"topic": "t", "sees": "a"}, "expect": [{"line": "x"}])")
            .ends_with("the module has nothing to say while the observer looks"));
}

TEST_CASE("what an observer sends or sees is shown, so that no secret may be in it") {
  const std::string secret = R"({"name": "p", "description": "d", "default": "", "secret": true})";
  CHECK(refusal(script_text(secret, R"({"name": "s", "on_failure": "continue",
                                        "observer": {"sends": "${p}", "topic": "t"}})"))
            .ends_with("\"p\" is secret and would be shown"));
}

TEST_CASE("the words of a text are strings, and a number has none") {
  const auto refused = [](const std::string& members) {
    return refusal(script_text("{\"name\": \"v\", \"description\": \"d\", " + members + "}",
                               R"({"name": "s", "send": "AT", "on_failure": "continue"})"));
  };
  CHECK(refused(R"("default": "a", "one_of": ["a", 1])").ends_with("\"one_of\" lists strings"));
  CHECK(refused(R"("kind": "number", "default": 1, "one_of": ["1"])").ends_with("a number has no \"one_of\""));
}

TEST_CASE("a step goes on always, or when something holds, and that is checked") {
  const std::string failure = R"(, "failure": {"kind": "cloud", "code": "c", "remedy": "r"})";
  parse_good(script_text("", R"({"name": "s", "send": "AT", "continue_when": {"generation": "nvs"})" + failure + "}"));
  CHECK(refusal(script_text("", R"({"name": "s", "send": "AT", "continue_when": {"generation": "nvs"}})"))
            .find("needs a \"failure\"") != std::string::npos);
  CHECK(refusal(script_text("", R"({"name": "s", "send": "AT", "on_failure": "continue",
                                    "continue_when": {"generation": "nvs"})" +
                                    failure + "}"))
            .ends_with("\"on_failure\": \"continue\" goes on always"));
  CHECK(refusal(script_text("", R"({"name": "s", "send": "AT", "continue_when": {"set": "nothing"})" + failure + "}"))
            .find("nothing declares or captures \"nothing\"") != std::string::npos);
  CHECK(refusal(script_text("", R"({"name": "s", "send": "AT", "when": {"failed": "t"}, "on_failure": "continue"})"))
            .find("no step \"t\" before this") != std::string::npos);
}

TEST_CASE("the host's time is a number that every step may send, and nothing else is called so") {
  parse_good(script_text("", R"({"name": "s", "send": "AT+T=${host_time}", "on_failure": "continue"})"));
  CHECK(refusal(script_text(R"({"name": "host_time", "description": "d", "default": ""})",
                            R"({"name": "s", "send": "AT", "on_failure": "continue"})"))
            .find("\"host_time\" is declared twice") != std::string::npos);
}

TEST_CASE("times come from numbers or number variables") {
  const auto timeout = [](const std::string& text) {
    return refusal(script_text(kText, step(R"("send": "AT", "timeout": )" + text)));
  };
  CHECK(timeout("0").ends_with("a timeout of 0 seconds"));
  CHECK(timeout("3601").ends_with("\"timeout\" must be 3600 or less"));
  CHECK(timeout("\"5\"").find("must be a whole number, \"${name}\" or \"${name}+5\"") != std::string::npos);
  CHECK(timeout("\"${v}+\"").find("must be a whole number") != std::string::npos);
  CHECK(timeout("\"${v}\"").ends_with("\"v\" is no number variable"));
  parse_good(script_text(kNumber, step(R"("send": "AT", "timeout": "${v}+5")")));
  CHECK(refusal(
            script_text(text_variable(R"("kind": "number", "default": 5)"), step(R"("send": "AT", "timeout": "${v}")")))
            .ends_with("needs a \"max\" of 86400 or less"));
}

TEST_CASE("evidence is checked") {
  const auto cause = [](const std::string& text) {
    return refusal(
        script_text("", R"({"name": "s", "send": "AT", "failure": {"kind": "cloud", "code": "c", "remedy": "r",
      "causes": [{"cause": "c", "remedy": "r")" +
                            text + "}]}}"));
  };
  CHECK(cause("").find("a cause needs its evidence") != std::string::npos);
  CHECK(cause(R"(, "error_code": "6021")").find("written as the module does") != std::string::npos);
  CHECK(cause(R"(, "silent": true, "kind": "usage")").ends_with("there are: module, network, cloud"));
}

}  // namespace atcert::script
