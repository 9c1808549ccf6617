// SPDX-License-Identifier: Apache-2.0
#include "credentials/c_source.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "credentials/fixtures.hpp"
#include "credentials/load.hpp"

namespace atcert::credentials {
namespace {

const std::string kPem = "-----BEGIN X-----\nQUJD\n-----END X-----";

std::string text_in(std::string_view source) {
  const auto read = read_c_source(source);
  return read ? std::string(read->text.reveal_text()) : "(none)";
}

}  // namespace

TEST_CASE("headers and sketches give the three, whatever they write the bytes as (forms/make.sh)") {
  for (const char* name : {"forms/secrets.h", "forms/strings.ino", "forms/arrays.h"}) {
    CAPTURE(name);
    const NamedFile file = fixture(name);
    const Credentials credentials = load_folder(name, {&file, 1}, nullptr, {}).value();
    CHECK(text_of(credentials.certificate.pem) == text_of("forms/leaf.pem"));
    CHECK(credentials.key.pem.reveal_text() == text_of("forms/leaf.key"));
    CHECK(text_of(credentials.ca.pem) == text_of("forms/root.pem"));
    CHECK(credentials.changes.front() == std::string(name) + ": rewritten: it is C source");
    CHECK(load_files(file, file, file, {})->certificate.pem == credentials.certificate.pem);
    CHECK(load_folder(name, {&file, 1}, nullptr, {true, {}}).error().code == "not_verbatim");
  }
}

TEST_CASE("aws_clientcredential_keys.h gives certificate and key, and the example in its comment nothing") {
  const NamedFile file = fixture("forms/aws_clientcredential_keys.h");
  const Credentials credentials = load_files(file, file, fixture("forms/root.pem"), {}).value();
  CHECK(text_of(credentials.certificate.pem) == text_of("forms/leaf.pem"));
  CHECK(credentials.key.pem.reveal_text() == text_of("forms/leaf.key"));
}

TEST_CASE("literals beside one another are one text, others begin on a new line") {
  CHECK(text_in("\"-----BEGIN X-----\\n\" \"QUJD\\n\"\n\t\"-----END X-----\"") == kPem);
  CHECK(text_in("#define A \"-----BEGIN X-----\\n\"\\\r\n\"QUJD\\n\"\\\r\n\"-----END X-----\"") == kPem);
  CHECK(text_in(
            "a = \"-----BEGIN X-----\\n\" + /* a \"comment\" */ \"QUJD\\n\" + // \"one more\"\n\"-----END X-----\";") ==
        kPem);
  CHECK(text_in("lines = [\"-----BEGIN X-----\", \"QUJD\", \"-----END X-----\"]") == kPem);
}

TEST_CASE("an empty comment between literals is none of them") {
  CHECK(text_in("a = \"-----BEGIN X-----\\n\" /**/ \"QUJD\\n\" /* */ \"-----END X-----\";") == kPem);
  CHECK(text_in("a = \"-----BEGIN X-----\\n\" //\n \"QUJD\\n\" \"-----END X-----\";") == kPem);
}

TEST_CASE("comments between the numbers of an array are none of them") {
  std::string source = "const unsigned char certificate[] = {";
  for (const char c : text_of("rsa.der"))
    source += fmt::format("/**/ 0x{:02x} /* 0x30, */,", static_cast<unsigned char>(c));
  source += "};";
  const auto loaded = load_files(named("a.h", source), fixture("rsa.key"), fixture("ca.pem"), {});
  REQUIRE(loaded.ok());
  CHECK(text_of(loaded->certificate.pem) == text_of("rsa.pem"));
}

TEST_CASE("a literal goes on where its line ends with a backslash") {
  CHECK(text_in("x = \"-----BEGIN X-----\\n\\\nQUJD\\n\\\r\n-----END X-----\"") == kPem);
  CHECK(text_in("\"-----BEGIN X-----\\\nQUJD\\\n-----END X-----\"") == "-----BEGIN X-----QUJD-----END X-----");
}

TEST_CASE("escapes stand for what the language says, and raw literals for themselves") {
  CHECK(text_in("x(\"-----BEGIN X-----\\x0a\\121UJD\\12-----END\\40X-----\")") == kPem);
  CHECK(text_in("R\"(" + kPem + ")\"") == kPem);
  CHECK(text_in("R\"K_1(" + kPem + ")\\n)K_\")K_1\"") == kPem + ")\\n)K_\"");
}

TEST_CASE("what is no source with credentials is left to others") {
  for (const std::string& text : std::vector<std::string>{
           kPem, "{\"a\": \"" + kPem + "\"}", std::string("x = \"y\";"), "// \"" + kPem + "\"", "/* \"" + kPem,
           "\"-----BEGIN X-----\\nQUJD\\n-----END X-----\"", std::string("x = \"-----BEGIN X"), "R\"(" + kPem,
           std::string("{1, 2, 3}"), std::string("{0x30, 0x82, what}"), std::string(100, '{'), std::string("\"\\")}) {
    CAPTURE(text);
    CHECK_FALSE(read_c_source(text));
  }
}

}  // namespace atcert::credentials
