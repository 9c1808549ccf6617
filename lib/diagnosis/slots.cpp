// SPDX-License-Identifier: Apache-2.0
#include "diagnosis/slots.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "credentials/amazon_roots.hpp"
#include "credentials/load.hpp"
#include "credentials/slot_items.hpp"

namespace atcert::diagnosis {
namespace {

enum class Wanted { authority, certificate, key };

struct Read {
  SlotState state = SlotState::empty;
  std::optional<credentials::CertificateFacts> certificate;
  std::optional<credentials::KeyFacts> key;
};

bool holds(const Secret& content, std::string_view label) {
  return content.reveal_text().find(label) != std::string_view::npos;
}

// By its label alone: an item of the other kind in this slot.
bool is_of_another_kind(const Secret& content, Wanted wanted) {
  const bool key = holds(content, "PRIVATE KEY-----");
  const bool certificate = holds(content, "CERTIFICATE-----");
  const bool public_key = holds(content, "PUBLIC KEY-----");
  return wanted == Wanted::key ? !key && (certificate || public_key) : !certificate && (key || public_key);
}

NamedFile file_of(const Secret& content) {
  return {"the slot", content.clone()};
}

Read read_certificate(const Secret& content, Wanted wanted) {
  std::vector<std::string> changes;
  const auto item = credentials::load_certificate(file_of(content), "", {.verbatim = true}, changes);
  if (!item) return {SlotState::unreadable, {}, {}};
  const credentials::CertificateFacts& first = item->first();
  const bool authority = first.is_ca || first.self_signed;
  return {authority == (wanted == Wanted::authority) ? SlotState::good : SlotState::swapped, first, {}};
}

Read read_key(const Secret& content) {
  std::vector<std::string> changes;
  const auto item = credentials::load_key(file_of(content), {.verbatim = true}, changes);
  if (!item) return {SlotState::unreadable, {}, {}};
  return {SlotState::good, {}, item->facts};
}

Read read(const module::Stored& stored, Wanted wanted) {
  if (std::holds_alternative<module::Empty>(stored)) return {SlotState::empty, {}, {}};
  const auto* content = std::get_if<Secret>(&stored);
  if (content == nullptr) return {SlotState::damaged, {}, {}};
  if (is_of_another_kind(*content, wanted)) return {SlotState::swapped, {}, {}};
  return wanted == Wanted::key ? read_key(*content) : read_certificate(*content, wanted);
}

bool as_given(const SlotContents& contents, const credentials::Credentials& given) {
  return module::holds(contents.ca, given.ca.pem) && module::holds(contents.certificate, given.certificate.pem) &&
         module::holds(contents.key, given.key.pem.reveal());
}

}  // namespace

Stored judge(const SlotContents& contents, const credentials::Credentials* given) {
  const Read authority = read(contents.ca, Wanted::authority);
  const Read certificate = read(contents.certificate, Wanted::certificate);
  const Read key = read(contents.key, Wanted::key);
  Stored stored;
  stored.ca = authority.state;
  stored.certificate = certificate.state;
  stored.key = key.state;
  if (authority.certificate) stored.amazon_root = !credentials::amazon_root_name(*authority.certificate).empty();
  if (certificate.certificate) stored.certificate_id = certificate.certificate->fingerprint;
  if (certificate.certificate && key.key) {
    stored.belong_together = certificate.certificate->key.fingerprint == key.key->fingerprint;
  }
  if (given != nullptr) stored.as_given = as_given(contents, *given);
  return stored;
}

}  // namespace atcert::diagnosis
