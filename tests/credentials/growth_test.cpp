// SPDX-License-Identifier: Apache-2.0
// What a file costs to read grows with its size and no faster, whatever it is made of, and the number of its items has
// a limit. Time is that of the processor; the sizes differ so much that what is quadratic cannot be taken for linear.
#include <ctime>

#include <algorithm>
#include <functional>

#include <doctest/doctest.h>

#include "credentials/contents.hpp"
#include "credentials/fixtures.hpp"

namespace atcert::credentials {
namespace {

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  all.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

// The least of three, as other work disturbs them.
double seconds_of(const std::function<void()>& work) {
  double least = 1e9;
  for (int i = 0; i < 3; ++i) {
    const std::clock_t start = std::clock();
    work();
    least = std::min(least, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return least;
}

}  // namespace

TEST_CASE("a CA bundle as operating systems have it is read, and a file of more items is refused with its number") {
  const std::string root = text_of("ca.pem");
  const FileContents bundle = read_contents(named("bundle.pem", repeated(root, 150)));
  CHECK(bundle.items.size() == 150);
  CHECK(read_contents(named("bundle.pem", repeated(root, 512))).items.size() == 512);
  const NamedFile large = named("large.pem", repeated(root, 513));
  const FileContents contents = read_contents(large);
  REQUIRE(contents.items.size() == 1);
  CHECK(contents.items[0].kind == ContentKind::too_many);
  const auto as_ca = load_ca(large, {});
  REQUIRE_FALSE(as_ca.ok());
  CHECK(as_ca.error().code == "too_many_items");
  CHECK(as_ca.error().what == "large.pem: holds more than 512 items");
  const auto as_all = load_files(large, large, large, {});
  REQUIRE_FALSE(as_all.ok());
  CHECK(as_all.error().kind == ErrorKind::input);
}

TEST_CASE("reading a file costs time in proportion to its size") {
  const std::string cut = "-----BEGIN CERTIFICATE-----\nAAAA\n";
  const struct {
    const char* what;
    std::string begin;
    std::string piece;
    std::string end;
  } cases[] = {
      {"BEGIN without an END", "", cut, ""},
      {"BEGIN without an END, and one at the end", "", cut, "-----END X-----\n"},
      {"BEGIN without a label", "", "-----BEGIN \n", ""},
      {"BEGIN with a bad label", "", "-----BEGIN lower-----\n", "-----END lower-----\n"},
      {"END without a BEGIN", "", "-----END CERTIFICATE-----\n", ""},
      {"whole blocks", "", "-----BEGIN X-----\nAAAA\n-----END X-----\n", ""},
      {"one block of blanks", "-----BEGIN X-----\n", "AAAA                    ", "\n-----END X-----\n"},
      {"C source with open quotes", "const char* x = ", "\"-----BEGIN X-----\\\"\n", ""},
      {"C source with open braces", "unsigned char x[] = ", "{1, 2, ", ""},
      {"base64 alone", "", "MIIB", ""},
  };
  constexpr std::size_t kSmall = 64 * 1024;
  constexpr std::size_t kFactor = 16;  // what is quadratic takes 256 times as long
  for (const auto& each : cases) {
    CAPTURE(each.what);
    const auto seconds = [&](std::size_t size) {
      const NamedFile file = named("x", each.begin + repeated(each.piece, size / each.piece.size()) + each.end);
      return seconds_of([&] { read_contents(file); });
    };
    const double small = std::max(seconds(kSmall), 0.001);
    CHECK(seconds(kSmall * kFactor) < small * kFactor * 5);
  }
}

}  // namespace atcert::credentials
