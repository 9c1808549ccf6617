// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

namespace atcert {
namespace {

// The flags that the kernel has for the pages at `address` (proc(5), smaps, VmFlags).
std::string flags_at(const void* address) {
  std::ifstream maps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    char* end = nullptr;
    const std::uintptr_t first = std::strtoull(line.c_str(), &end, 16);
    if (*end == '-') {
      const std::uintptr_t last = std::strtoull(end + 1, nullptr, 16);
      const auto at = reinterpret_cast<std::uintptr_t>(address);
      inside = first <= at && at < last;
    }
    if (inside && line.starts_with("VmFlags:")) return line + " ";
  }
  return {};
}

}  // namespace

TEST_CASE("a secret cannot be copied or formatted") {
  CHECK_FALSE(std::is_copy_constructible_v<Secret>);
  CHECK_FALSE(fmt::is_formattable<Secret>::value);
}

TEST_CASE("a moved-from secret is empty and the new one holds the bytes") {
  Secret first(std::string_view("pass"));
  const Secret second = std::move(first);
  CHECK(second.reveal_text() == "pass");
  CHECK(first.empty());
}

TEST_CASE("a secret grows over page borders and keeps its content") {
  Secret secret;
  std::string expected;
  for (int i = 0; i < 3000; ++i) {
    secret.append(std::string_view("abcde"));
    expected += "abcde";
  }
  CHECK(secret.reveal_text() == expected);
}

TEST_CASE("a secret may be appended to itself") {
  Secret secret(std::string_view("ab"));
  for (int i = 0; i < 13; ++i) secret.append(secret.reveal());
  CHECK(secret.size() == 2 << 13);
  CHECK(secret.reveal_text().substr(secret.size() - 2) == "ab");
}

TEST_CASE("secrets are equal when size and bytes are") {
  CHECK(Secret(std::string_view("abc")) == Secret(std::string_view("abc")));
  CHECK_FALSE(Secret(std::string_view("abc")) == Secret(std::string_view("abd")));
  CHECK_FALSE(Secret(std::string_view("abc")) == Secret(std::string_view("ab")));
  CHECK(Secret() == Secret());
}

TEST_CASE("shrinking wipes what is dropped") {
  Secret secret(std::string_view("0123456789"));
  const std::uint8_t* tail = secret.reveal().data() + 4;
  secret.shrink(4);
  CHECK(secret.reveal_text() == "0123");
  CHECK(*tail == 0);
}

// The heap stays mapped, so that what a secret leaves in it can be looked at; where a secret is as large as its place,
// the heap's own list takes the first bytes.
TEST_CASE("a secret that is released, replaced or outgrown leaves nothing in the heap") {
  const std::string text(4096, 'k');
  const auto left_at = [](const std::uint8_t* place) { return std::count(place, place + 4096, 'k'); };
  auto released = std::make_unique<Secret>(text);
  const std::uint8_t* place = released->reveal().data();
  REQUIRE(left_at(place) == 4096);
  released.reset();
  CHECK(left_at(place) == 0);
  Secret replaced(text);
  place = replaced.reveal().data();
  replaced = Secret();
  CHECK(left_at(place) == 0);
  Secret outgrown(text);
  place = outgrown.reveal().data();
  outgrown.append(text);
  REQUIRE(outgrown.reveal().data() != place);
  CHECK(left_at(place) == 0);
}

TEST_CASE("secrets of every size, and more than the heap for them holds, stay out of core files") {
  std::vector<Secret> secrets;
  for (const std::size_t size : std::initializer_list<std::size_t>{1, 64, 4096, 16384, 16385, 4 << 20})
    secrets.push_back(Secret::of_size(size));
  for (int i = 0; i < 300; ++i) secrets.push_back(Secret::of_size(4096));
  for (const Secret& secret : secrets) CHECK(flags_at(secret.reveal().data()).find(" dd ") != std::string::npos);
}

// Where the limit is too small for all of them the tool says so.
TEST_CASE("secrets that have pages of their own are locked") {
  for (const std::size_t size : std::initializer_list<std::size_t>{16385, 100'000, 4 << 20}) {
    const Secret secret = Secret::of_size(size);
    const bool locked = flags_at(secret.reveal().data()).find(" lo ") != std::string::npos;
    CHECK((locked || !Secret::all_locked()));
  }
}

TEST_CASE("a secret may be released by another thread, and after the thread that made it") {
  Secret image;
  std::thread([&image] { image = Secret::of_size(100'000); }).join();
  std::fill(image.writable().begin(), image.writable().end(), std::uint8_t{0xA5});
  std::thread([taken = std::move(image)]() mutable { taken = Secret(); }).join();
  const Secret next = Secret::of_size(100'000);
  CHECK(std::count(next.reveal().begin(), next.reveal().end(), 0) == 100'000);
}

TEST_CASE("a new secret is zeroed, whatever was there before") {
  for (const std::size_t size : std::initializer_list<std::size_t>{16, 1000, 16000, 100000}) {
    Secret first = Secret::of_size(size);
    std::fill(first.writable().begin(), first.writable().end(), std::uint8_t{0xA5});
    first = Secret();
    const Secret second = Secret::of_size(size);
    CHECK(std::count(second.reveal().begin(), second.reveal().end(), 0) == static_cast<std::ptrdiff_t>(size));
  }
}

}  // namespace atcert
