// SPDX-License-Identifier: Apache-2.0
#include "provision/push.hpp"

#include <array>
#include <utility>

#include <fmt/core.h>

#include "provision/check.hpp"
#include "provision/rate.hpp"
#include "provision/slot_facts.hpp"

namespace atcert::provision {
namespace {

using module::CredentialStore;
using module::Look;
using module::Slot;

// Two minutes: cli/interrupt.cpp ends the process then.
constexpr const char* kFinishingWrite =
    "interrupted; finishing the write, which takes seconds at 115200 baud, two minutes at most; the module must not be "
    "left with half of it";

struct Item {
  Slot slot;
  ByteView content;
};

std::array<Item, 3> items_of(const credentials::Credentials& credentials) {
  return {{{Slot::mqtt_ca, credentials.ca.pem},
           {Slot::mqtt_cert, credentials.certificate.pem},
           {Slot::mqtt_key, credentials.key.pem.reveal()}}};
}

// Before anything is written: one item that is refused would leave a mix of old and new.
Result<std::string> check_sizes(const CredentialStore& store, const std::array<Item, 3>& items) {
  for (const Item& item : items) ATCERT_CHECK(module::check_size(store, item.slot, item.content));
  return std::string("all three do");
}

// For the record, and for whoever reads the error: a slot that could not be written is not always as it was.
void tell_what_is_stored(CredentialStore& store, const Item& item, Error& error, report::SlotFacts& facts) {
  const auto stored = store.read(item.slot);
  if (!stored) return;
  if (std::holds_alternative<module::Empty>(*stored)) {
    facts.state = "empty";
    error.what += fmt::format("; {} is empty now", name_of(item.slot));
  } else if (std::holds_alternative<module::Damaged>(*stored)) {
    facts.state = "damaged";
    error.what += fmt::format("; {} holds now what the firmware cannot use", name_of(item.slot));
  } else if (!holds(*stored, item.content)) {
    facts.state = "other";
    error.what += fmt::format("; {} holds something else now", name_of(item.slot));
  } else {
    facts.state = "equal";
  }
}

Result<std::string> write(const Target& target, const Item& item, Look look, Steps& steps, report::SlotFacts& facts) {
  facts.state = "unknown";  // unless what follows succeeds
  const auto again = [&](const Error& why, int next) -> Result<void> {
    steps.note(fmt::format("{}; {} is written again, attempt {} of {}", why.what, name_of(item.slot), next,
                           module::kPutAttempts));
    return target.recover();
  };
  auto put = module::put(target.store, item.slot, item.content, look, again);
  if (!put) {
    const bool answers = put.error().kind == ErrorKind::module && target.recover();
    if (answers) tell_what_is_stored(target.store, item, put.error(), facts);
    return std::move(put).error();
  }
  const bool equal = *put == module::Put::equal;
  facts.state = equal ? "equal" : "written";
  return fmt::format("{} bytes, {}", item.content.size(), equal ? "there already" : "written and read back equal");
}

Result<std::string> tell(const Target& target, const Item& item, Look look, Steps&, report::SlotFacts& facts) {
  ATCERT_TRY(const bool, equal, look_for(target.store, item.slot, item.content, look));
  facts.state = equal ? "equal" : "would be written";
  return fmt::format("{} bytes, {}", item.content.size(), equal ? "there already" : "would be written");
}

// No two devices have the same key, so its end tells what to expect of all three. An error is no answer: it shows again
// where it is dealt with.
std::array<Look, 3> looks_at(CredentialStore& store, const std::array<Item, 3>& items, Rewrite rewrite) {
  if (rewrite == Rewrite::all) return {Look::none, Look::none, Look::none};
  const Item& key = items.back();
  const Result<bool> same = store.may_have(key.slot, key.content);
  if (!same) return {Look::end_first, Look::end_first, Look::end_first};
  if (*same) return {Look::whole, Look::whole, Look::whole};
  return {Look::end_first, Look::end_first, Look::none};
}

using Act = Result<std::string>(const Target&, const Item&, Look, Steps&, report::SlotFacts&);

Result<void> for_all(Act* act, const Target& target, const credentials::Credentials& credentials, Rewrite rewrite,
                     Steps& steps, std::vector<report::SlotFacts>& slots) {
  const auto items = items_of(credentials);
  for (const Item& item : items) {
    slots.push_back(describe_content(item.slot, item.content));
    slots.back().state = "not written";
  }
  ATCERT_CHECK(steps.step({"push", "see that they fit"}, [&] { return check_sizes(target.store, items); }));
  const auto looks = looks_at(target.store, items, rewrite);
  for (std::size_t i = 0; i < items.size(); ++i) {
    ATCERT_CHECK(steps.step({"push", std::string(name_of(items[i].slot))},
                            [&] { return act(target, items[i], looks[i], steps, slots[i]); }));
  }
  return {};
}

// Chip and release are known now, and with them the library that is to read the credentials and what it can do.
Result<std::string> check_reading(Context& context) {
  const module::Identity& identity = context.module->identity();
  credentials::CheckOptions options = context.checked.options;
  options.module = credentials::limits_of(identity.chip, identity.release);
  ATCERT_CHECK(judge(credentials::check_module(*context.checked.credentials, options), context));
  return fmt::format("release {} does", to_string(identity.release));
}

using Push = decltype(push);

Result<void> with_store(Push* push, Rewrite rewrite, Context& context) {
  ATCERT_CHECK(
      context.steps.step({"push", "see that the firmware reads them"}, [&] { return check_reading(context); }));
  const auto store = module::make_store(*context.module, context.line->session);
  return push({*store, [&context] { return recover(context); }}, *context.checked.credentials, rewrite, context.steps,
              context.record.slots);
}

Error interrupted(std::string what, std::string remedy) {
  return {ErrorKind::interrupted, "interrupted", std::move(what), {}, std::move(remedy)};
}

Error not_begun() {
  return interrupted("interrupted", "run it again");
}

Result<void> push_uninterrupted(Rewrite rewrite, Context& context) {
  if (context.bench.stop.stop_requested()) return not_begun();
  const auto tell_wait = [&] { context.steps.note(kFinishingWrite); };
  const at::Session::Uninterrupted whole(context.line->session, tell_wait);
  ATCERT_CHECK(with_store(push, rewrite, context));
  if (!context.bench.stop.stop_requested()) return {};
  return interrupted("interrupted; the module holds the new credentials, they were not verified",
                     "run \"atcert verify\" to prove that it reaches the cloud with them");
}

}  // namespace

Part push_credentials(Rewrite rewrite) {
  return {Part::When::well, [rewrite](Context& context) { return push_uninterrupted(rewrite, context); }};
}

Part compare_credentials(Rewrite rewrite) {
  const auto run = [rewrite](Context& context) -> Result<void> {
    if (context.bench.stop.stop_requested()) return not_begun();
    return with_store(compare, rewrite, context);
  };
  return {Part::When::well, run};
}

Result<void> push(const Target& target, const credentials::Credentials& credentials, Rewrite rewrite, Steps& steps,
                  std::vector<report::SlotFacts>& slots) {
  return for_all(write, target, credentials, rewrite, steps, slots);
}

Result<void> compare(const Target& target, const credentials::Credentials& credentials, Rewrite rewrite, Steps& steps,
                     std::vector<report::SlotFacts>& slots) {
  return for_all(tell, target, credentials, rewrite, steps, slots);
}

}  // namespace atcert::provision
