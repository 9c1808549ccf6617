// SPDX-License-Identifier: Apache-2.0
#include "view/inspected_file.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "credentials/describe.hpp"

namespace atcert::cli {
namespace {

using credentials::Content;
using credentials::ContentKind;

// PEM or DER alone, as an image with one item.
image::Inspection as_item(const Secret& bytes, image::Inspection unknown) {
  image::InspectedItem item;
  item.key = "file";
  item.type = "PEM or DER";
  item.content = bytes.clone();
  unknown.items.push_back(std::move(item));
  return unknown;
}

Error unknown_error(const std::string& path, ByteView bytes) {
  const bool erased = std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0xFF; });
  const char* what = bytes.empty() ? "is empty"
                     : erased      ? "is erased flash: every byte is 0xFF"
                                   : "not an image, a certificate or a key";
  return {ErrorKind::input,
          "file_unknown",
          fmt::format("{}: {}", path, what),
          {},
          "give a PKI bin, a partition of NVS or of factory parameters, a partition table, a factory image, a "
          "manifest.json, or PEM or DER"};
}

// "mqtt_cert" and "mqtt_key" have the stem "mqtt".
std::string stem_of(const ReadItem& item, std::string_view ending) {
  const std::string& slot = item.item->slot;
  return slot.ends_with(ending) ? slot.substr(0, slot.size() - ending.size()) : std::string();
}

// "mqtt_cert" and "mqtt_key", or "client_cert.1" and "client_key.1".
bool numbered_alike(const ReadItem& certificate, const ReadItem& key) {
  const auto number = [](const std::string& name) {
    const std::size_t last = name.find_last_not_of("0123456789");
    return last == std::string::npos ? name : name.substr(last + 1);
  };
  return number(certificate.item->key) == number(key.item->key);
}

// Firmware reads PEM or DER from a PKI bin, and from the namespaces of certificates and keys.
bool should_hold_credentials(const ReadItem& item, const InspectedFile& file) {
  const std::string& slot = item.item->slot;
  if (item.item->content.empty()) return false;
  return file.image.kind == image::ImageKind::pki_bin || slot.ends_with("_ca") || slot.ends_with("_cert") ||
         slot.ends_with("_key");
}

// What is wrong with what an item holds; empty if nothing is.
std::string damage_of(const ReadItem& item, const InspectedFile& file) {
  for (const Content& content : item.contents) {
    if (content.kind == ContentKind::damaged) return content.name;
    if (content.kind == ContentKind::too_many) return "it holds " + content.name;
  }
  if (!item.contents.empty() || !should_hold_credentials(item, file)) return {};
  return "it holds neither a certificate nor a key";
}

Error damaged_error(const InspectedFile& file, const std::string& what) {
  return {ErrorKind::input,
          "image_damaged",
          fmt::format("{}: {}", file.path, what),
          {},
          "get a good copy, or make the image anew with atcert build"};
}

std::optional<Error> damaged_item(const InspectedFile& file) {
  for (const ReadItem& item : file.items) {
    const std::string damage = damage_of(item, file);
    if (damage.empty()) continue;
    const std::string subject = file.is_image() ? fmt::format("{} is damaged: ", item.name()) : "damaged: ";
    return damaged_error(file, subject + damage);
  }
  return std::nullopt;
}

std::optional<Error> wrong_pair(const InspectedFile& file) {
  for (const Pair& pair : pairs_of(file)) {
    if (pair.belong) continue;
    return Error{ErrorKind::input,
                 "pair_mismatch",
                 fmt::format("{}: {} and {} do not belong together", file.path, pair.certificate, pair.key),
                 {},
                 "put the certificate and the key of one device into it with atcert build"};
  }
  return std::nullopt;
}

// A partition table in the form of CSV is no image, but it is judged like one.
Result<InspectedFile> inspect_table(const std::string& path, std::string_view text) {
  auto partitions = image::parse_partition_csv(text);
  if (!partitions) {
    partitions.error().what = fmt::format("{}: {}", path, partitions.error().what);
    return std::move(partitions).error();
  }
  InspectedFile file;
  file.path = path;
  file.image.kind = image::ImageKind::partition_table;
  file.image.partitions = std::move(*partitions);
  return file;
}

}  // namespace

std::string ReadItem::name() const {
  return item->slot.empty() ? item->key : item->slot + "/" + item->key;
}

bool ReadItem::holds(ContentKind kind) const {
  return std::any_of(contents.begin(), contents.end(), [&](const Content& each) { return each.kind == kind; });
}

bool ReadItem::is_secret() const {
  return !holds(ContentKind::certificate) || holds(ContentKind::private_key);
}

Result<InspectedFile> inspect_bytes(const std::string& path, const Secret& bytes, const image::NvsKeys* keys) {
  if (image::looks_like_partition_csv(bytes.reveal_text())) return inspect_table(path, bytes.reveal_text());
  InspectedFile file{path, image::inspect(bytes.reveal(), keys), {}};
  if (!file.is_image()) file.image = as_item(bytes, std::move(file.image));
  for (const image::InspectedItem& item : file.image.items) {
    file.items.push_back({&item, credentials::read_contents({path, item.content.clone()}).items});
  }
  if (!file.is_image() && file.items[0].contents.empty()) return unknown_error(path, bytes.reveal());
  return file;
}

std::vector<Pair> pairs_of(const InspectedFile& file) {
  std::vector<Pair> pairs;
  for (const ReadItem& key : file.items) {
    const std::string stem = stem_of(key, "_key");
    if (stem.empty() || !key.holds(ContentKind::private_key)) continue;
    for (const ReadItem& certificate : file.items) {
      if (stem_of(certificate, "_cert") != stem || !certificate.holds(ContentKind::certificate)) continue;
      if (!numbered_alike(certificate, key)) continue;
      const bool belong = certificate.contents[0].certificate.key.fingerprint == key.contents[0].key.fingerprint;
      pairs.push_back({certificate.name(), key.name(), belong});
    }
  }
  return pairs;
}

std::vector<std::pair<std::string, std::string>> facts_of(const Content& content) {
  if (content.kind == ContentKind::certificate) {
    const auto& facts = content.certificate;
    return {{"subject", facts.subject},
            {"issuer", facts.issuer},
            {"not_before", credentials::to_text(facts.not_before)},
            {"not_after", credentials::to_text(facts.not_after)},
            {"key", facts.key.name},
            {"sha256", facts.fingerprint}};
  }
  if (content.kind == ContentKind::private_key) return {{"key", content.key.name}, {"form", content.form}};
  return {};
}

std::optional<Error> verdict(const InspectedFile& file) {
  if (file.image.keys) {
    Error error = *file.image.keys;
    error.what = fmt::format("{}: {}", file.path, error.what);
    return error;
  }
  const auto& faults = file.image.faults;
  const auto first = std::find_if(faults.begin(), faults.end(),
                                  [](const image::Fault& fault) { return fault.level == image::FaultLevel::error; });
  if (first != faults.end()) {
    return damaged_error(file, fmt::format("damaged at offset 0x{:x}: {}", first->offset, first->what));
  }
  if (auto damaged = damaged_item(file)) return damaged;
  return wrong_pair(file);
}

}  // namespace atcert::cli
