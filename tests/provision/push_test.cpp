// SPDX-License-Identifier: Apache-2.0
#include "provision/push.hpp"

#include <map>
#include <string>

#include <doctest/doctest.h>

namespace atcert::provision {
namespace {

using module::Slot;

// A store in memory that can be told to misbehave.
class FakeStore final : public module::CredentialStore {
 public:
  std::size_t capacity(Slot) const override { return 100; }

  Result<bool> may_have(Slot slot, ByteView) override { return damaged != slot && content.contains(slot); }

  Result<bool> has(Slot slot, ByteView wanted) override {
    const auto stored = read(slot);
    return holds(*stored, wanted);
  }

  Result<module::Stored> read(Slot slot) override {
    if (damaged == slot) return module::Stored(module::Damaged{"it holds no PKI bin"});
    const auto found = content.find(slot);
    if (found == content.end()) return module::Stored(module::Empty{});
    return module::Stored(Secret(std::string_view(found->second)));
  }

  Result<void> write(Slot slot, ByteView bytes) override {
    writes.push_back(slot);
    if (erases) content.erase(slot);
    if (refused == slot) return Error{ErrorKind::module, "write_refused", "ERROR", "", "try again"};
    content[slot] = as_text(bytes);
    if (flipped == slot && flips-- > 0) content[slot].front() ^= 1;
    if (damaged == slot) damaged.reset();
    return {};
  }

  std::map<Slot, std::string> content;
  std::vector<Slot> writes;
  std::optional<Slot> refused, flipped, damaged;
  int flips = 100;      // how often what is written to `flipped` is stored wrong
  bool erases = false;  // before it writes
};

credentials::Credentials three_items() {
  credentials::Credentials credentials;
  credentials.ca.pem = to_bytes(as_bytes("the ca"));
  credentials.certificate.pem = to_bytes(as_bytes("the certificate"));
  credentials.key.pem = Secret(std::string_view("the key"));
  return credentials;
}

struct Pushed {
  Result<void> result;
  std::vector<std::string> states;
  std::vector<std::string> notes;
};

Pushed push_to(FakeStore& store, Rewrite rewrite = Rewrite::different, decltype(push)* act = push) {
  report::Run run;
  Events nobody;
  const SystemClock clock;
  Steps steps(run, nobody, clock);
  const Target target{store, [] { return Result<void>(); }};
  Result<void> result = act(target, three_items(), rewrite, steps, run.slots);
  std::vector<std::string> states;
  for (const auto& slot : run.slots) states.push_back(slot.state);
  return {std::move(result), std::move(states), std::move(run.notes)};
}

using States = std::vector<std::string>;

}  // namespace

TEST_CASE("all three items are written into an empty module") {
  FakeStore store;
  const Pushed pushed = push_to(store);
  CHECK(pushed.result.ok());
  CHECK(pushed.states == States{"written", "written", "written"});
  CHECK(store.content[Slot::mqtt_key] == "the key");
}

TEST_CASE("what is there already is not written again, unless forced") {
  FakeStore store;
  store.content = {{Slot::mqtt_ca, "the ca"}, {Slot::mqtt_cert, "another"}};
  CHECK(push_to(store).states == States{"equal", "written", "written"});
  CHECK(store.writes == std::vector<Slot>{Slot::mqtt_cert, Slot::mqtt_key});
  store.writes.clear();
  CHECK(push_to(store, Rewrite::all).states == States{"written", "written", "written"});
  CHECK(store.writes.size() == 3);
}

TEST_CASE("a damaged slot is written over") {
  FakeStore store;
  store.damaged = Slot::mqtt_cert;
  CHECK(push_to(store).states == States{"written", "written", "written"});
}

TEST_CASE("a dry run writes nothing and says what would be written") {
  FakeStore store;
  store.content = {{Slot::mqtt_ca, "the ca"}};
  store.damaged = Slot::mqtt_cert;
  const Pushed pushed = push_to(store, Rewrite::different, compare);
  CHECK(pushed.result.ok());
  CHECK(pushed.states == States{"equal", "would be written", "would be written"});
  CHECK(store.writes.empty());
}

TEST_CASE("a refused write stops the push and says what the module holds") {
  FakeStore store;
  store.refused = Slot::mqtt_cert;
  const Pushed pushed = push_to(store);
  REQUIRE_FALSE(pushed.result.ok());
  CHECK(pushed.result.error().kind == ErrorKind::module);
  CHECK(pushed.states == States{"written", "empty", "not written"});
}

TEST_CASE("a write that is refused after the erase says that the slot is empty now") {
  FakeStore store;
  store.content = {{Slot::mqtt_key, "a good key"}};
  store.refused = Slot::mqtt_key;
  store.erases = true;
  const Pushed pushed = push_to(store);
  REQUIRE_FALSE(pushed.result.ok());
  CHECK(pushed.result.error().what == "ERROR; mqtt_key is empty now");
  CHECK(pushed.states == States{"written", "written", "empty"});
}

TEST_CASE("a write that is refused and leaves what was there says so") {
  FakeStore store;
  store.content = {{Slot::mqtt_key, "a good key"}};
  store.refused = Slot::mqtt_key;
  const Pushed pushed = push_to(store);
  REQUIRE_FALSE(pushed.result.ok());
  CHECK(pushed.result.error().what == "ERROR; mqtt_key holds something else now");
  CHECK(pushed.states == States{"written", "written", "other"});
}

TEST_CASE("what was stored wrong is written again, and that is told") {
  FakeStore store;
  store.flipped = Slot::mqtt_key;
  store.flips = 2;
  const Pushed pushed = push_to(store);
  CHECK(pushed.result.ok());
  CHECK(pushed.states == States{"written", "written", "written"});
  CHECK(store.content[Slot::mqtt_key] == "the key");
  REQUIRE(pushed.notes.size() == 2);
  CHECK(pushed.notes[1] ==
        "mqtt_key does not read back as it was written (7 bytes); mqtt_key is written again, attempt 3 of 3");
}

TEST_CASE("a dialogue that cannot be brought back ends the attempts") {
  FakeStore store;
  store.flipped = Slot::mqtt_ca;
  report::Run run;
  Events nobody;
  const SystemClock clock;
  Steps steps(run, nobody, clock);
  const Target target{store, [] { return Result<void>(Error{ErrorKind::no_module, "no_answer", "", "", ""}); }};
  const Result<void> result = push(target, three_items(), Rewrite::different, steps, run.slots);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().code == "read_back");
  CHECK(store.writes.size() == 1);
  CHECK(run.slots[0].state == "unknown");
}

TEST_CASE("a write that never reads back equal is an error, with what the slot holds") {
  FakeStore store;
  store.flipped = Slot::mqtt_key;
  const Pushed pushed = push_to(store);
  REQUIRE_FALSE(pushed.result.ok());
  CHECK(pushed.result.error().kind == ErrorKind::module);
  CHECK(pushed.states == States{"written", "written", "other"});
  CHECK(store.writes.size() == 5);
}

TEST_CASE("one item that is too large keeps all of them from being written") {
  FakeStore store;
  credentials::Credentials credentials = three_items();
  credentials.key.pem = Secret(std::string_view(std::string(101, 'x')));
  report::Run run;
  Events nobody;
  const SystemClock clock;
  Steps steps(run, nobody, clock);
  const Result<void> result = push({store, {}}, credentials, Rewrite::different, steps, run.slots);
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().kind == ErrorKind::input);
  CHECK(store.writes.empty());
}

}  // namespace atcert::provision
