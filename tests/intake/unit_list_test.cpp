// SPDX-License-Identifier: Apache-2.0
#include "intake/unit_list.hpp"

#include <doctest/doctest.h>

#include "support/require.hpp"

namespace atcert::intake {
namespace {

std::string fault_of(const char* text) {
  auto list = UnitList::parse(text, "/units");
  if (!list) return list.error().what;
  while (auto unit = list->next()) {
    if (!*unit) return unit->error().what;
  }
  return "none";
}

}  // namespace

TEST_CASE("units are read in their order, paths relative to the list") {
  auto list = test::require(
      UnitList::parse("# a comment\nserial,creds\nA-1,a\n\nA-2,/keys/b\r\n\"A-3\",\"c, d\" \n", "/units"));
  CHECK(list.size() == 4);  // the blank line too
  auto unit = test::require(*list.next());
  CHECK(unit.serial == "A-1");
  CHECK(unit.source.folder == "/units/a");
  CHECK(test::require(*list.next()).source.folder == "/keys/b");
  unit = test::require(*list.next());
  CHECK(unit.serial == "A-3");
  CHECK(unit.source.folder == "/units/c, d");
  CHECK_FALSE(list.next().has_value());
}

TEST_CASE("a list may name the three files, in columns of any order") {
  auto list = test::require(UnitList::parse("key,cert,ca,serial\nk.pem,c.pem,,7\n", "/units"));
  const Unit unit = test::require(*list.next());
  CHECK(unit.serial == "7");
  CHECK(unit.source.certificate == "/units/c.pem");
  CHECK(unit.source.key == "/units/k.pem");
  CHECK(unit.source.ca.empty());
}

TEST_CASE("faults are reported with their line") {
  CHECK(fault_of("serial,creds\nA,a\n") == "none");
  CHECK(fault_of("") == "line 0: columns are missing");
  CHECK(fault_of("serial,folder\nA,a\n") == "line 1: there is no column 'folder'");
  CHECK(fault_of("serial,creds,creds\nA,a,b\n") == "line 1: column creds is there twice");
  CHECK(fault_of("serial,cert\nA,a\n") == "line 1: columns are missing");
  CHECK(fault_of("serial,creds\n") == "line 1: no unit follows the header");
  CHECK(fault_of("serial,creds\nA,a\nB\n") == "line 3: 1 field, the header has 2");
  CHECK(fault_of("serial,creds\n../A,a\n") == "line 2: '../A' is no serial that can name a folder");
  CHECK(fault_of("serial,creds\n.A,a\n") == "line 2: '.A' is no serial that can name a folder");
  CHECK(fault_of("serial,creds\nA,a\nA,b\n") == "line 3: serial A is there twice");
  CHECK(fault_of("serial,creds\nA-1,a\na-1,b\n") ==
        "line 3: serial a-1 differs from A-1 by upper and lower case alone");
  CHECK(fault_of("serial,creds\nB,b\n-rf,a\n") == "line 3: '-rf' is no serial that can name a folder");
  CHECK(fault_of("serial,creds\nA,\n") == "line 2: unit A has no credentials");
}

TEST_CASE("a list that is gone through again gives the same units, with their lines") {
  auto list = test::require(UnitList::parse("serial,creds\nA,a\n\nB,b\nA,c\n", "/units"));
  for (int i = 0; i < 2; ++i) {
    CHECK(test::require(*list.next()).line == 2);
    const Unit unit = test::require(*list.next());
    CHECK(unit.serial == "B");
    CHECK(unit.line == 4);
    CHECK_FALSE(list.next()->ok());  // A again
    CHECK_FALSE(list.next().has_value());
    list.rewind();
  }
}

TEST_CASE("the units behind a bad line are read") {
  auto list = test::require(UnitList::parse("serial,creds\n/,a\nB,b\n", "/units"));
  CHECK_FALSE(list.next()->ok());
  CHECK(test::require(*list.next()).serial == "B");
}

}  // namespace atcert::intake
