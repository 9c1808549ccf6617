// SPDX-License-Identifier: Apache-2.0
#include "provision/slot_facts.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/plural.hpp"
#include "credentials/contents.hpp"
#include "credentials/describe.hpp"

namespace atcert::provision {
namespace {

using credentials::Content;
using credentials::ContentKind;
using module::Slot;

void tell_certificate(const credentials::CertificateFacts& certificate, report::SlotFacts& facts) {
  facts.subject = certificate.subject;
  facts.fingerprint = certificate.fingerprint;
  facts.not_before = credentials::to_text(certificate.not_before);
  facts.not_after = credentials::to_text(certificate.not_after);
  facts.key = certificate.key.name;
  facts.key_fingerprint = certificate.key.fingerprint;
}

const Content* first_of(ContentKind kind, const credentials::FileContents& contents) {
  const auto is_it = [kind](const Content& content) { return content.kind == kind; };
  const auto found = std::find_if(contents.items.begin(), contents.items.end(), is_it);
  return found == contents.items.end() ? nullptr : &*found;
}

const report::SlotFacts* slot_of(const std::vector<report::SlotFacts>& slots, Slot slot) {
  const auto is_it = [slot](const report::SlotFacts& facts) { return facts.slot == name_of(slot); };
  const auto found = std::find_if(slots.begin(), slots.end(), is_it);
  return found == slots.end() || found->key_fingerprint.empty() ? nullptr : &*found;
}

}  // namespace

report::SlotFacts describe_content(Slot slot, ByteView content) {
  report::SlotFacts facts;
  facts.slot = name_of(slot);
  facts.size = content.size();
  const credentials::FileContents contents = credentials::read_contents({facts.slot, Secret(content)});
  const bool wants_key = slot == Slot::mqtt_key;
  const Content* item = first_of(wants_key ? ContentKind::private_key : ContentKind::certificate, contents);
  if (item == nullptr) {
    const std::string found = contents.items.empty() ? "something else" : contents.items.front().name;
    facts.problem = fmt::format("no {}, but {}", wants_key ? "private key" : "certificate", found);
    return facts;
  }
  if (!item->deviation.empty()) facts.problem = item->deviation;
  if (wants_key) {
    facts.key = item->key.name;
    facts.key_fingerprint = item->key.fingerprint;
  } else {
    tell_certificate(item->certificate, facts);
  }
  return facts;
}

report::SlotFacts describe(Slot slot, const module::Stored& stored) {
  if (const Secret* content = std::get_if<Secret>(&stored)) {
    report::SlotFacts facts = describe_content(slot, content->reveal());
    facts.state = facts.key.empty() ? "foreign" : "content";
    return facts;
  }
  report::SlotFacts facts;
  facts.slot = name_of(slot);
  facts.state = "empty";
  if (const auto* damaged = std::get_if<module::Damaged>(&stored)) {
    facts.state = damaged->foreign ? "foreign" : "damaged";
    facts.problem = damaged->what;
  }
  return facts;
}

std::optional<bool> key_fits_certificate(const std::vector<report::SlotFacts>& slots) {
  const report::SlotFacts* certificate = slot_of(slots, Slot::mqtt_cert);
  const report::SlotFacts* key = slot_of(slots, Slot::mqtt_key);
  if (certificate == nullptr || key == nullptr) return std::nullopt;
  return certificate->key_fingerprint == key->key_fingerprint;
}

}  // namespace atcert::provision
