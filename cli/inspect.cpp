// SPDX-License-Identifier: Apache-2.0
// atcert inspect: what is in a file.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "base/files.hpp"
#include "base/json.hpp"
#include "credentials/contents.hpp"
#include "credentials/describe.hpp"
#include "image/digest.hpp"
#include "image/inspect.hpp"
#include "image/nvs_encryption.hpp"
#include "options.hpp"
#include "partition_map.hpp"
#include "program.hpp"
#include "report/json.hpp"

namespace atcert::cli {
namespace {

using credentials::Content;
using credentials::ContentKind;
using nlohmann::json;

constexpr std::size_t kMaxFileSize = 64 << 20;  // the largest flash
constexpr mode_t kSecretMode = 0600;
constexpr mode_t kPlainMode = 0644;
constexpr const char* kName = "inspect";

struct InspectVerb {
  UiSettings output;
  std::string file;
  std::string keys;     // of an encrypted NVS partition
  std::string extract;  // a folder
};

// An item of the image, and what it is when it holds certificates or keys.
struct Item {
  const image::InspectedItem* item = nullptr;
  std::vector<Content> contents;

  std::string name() const { return item->slot.empty() ? item->key : item->slot + "/" + item->key; }
  bool holds(ContentKind kind) const {
    return std::any_of(contents.begin(), contents.end(), [&](const Content& each) { return each.kind == kind; });
  }
  bool is_secret() const { return !holds(ContentKind::certificate) || holds(ContentKind::private_key); }
};

struct View {
  image::Inspection image;
  std::vector<Item> items;
};

// PEM or DER alone, as an image with one item.
image::Inspection inspect_credential(const Secret& bytes) {
  image::Inspection alone;
  alone.items.push_back({{}, {}, "file", "PEM or DER", 0, {}, bytes.clone()});
  return alone;
}

Result<void> decrypt(Secret& bytes, const InspectVerb& verb) {
  if (verb.keys.empty()) return {};
  ATCERT_TRY(const Secret, file, read_secret_file(verb.keys, kMaxFileSize));
  ATCERT_TRY(const image::NvsKeys, keys, image::NvsKeys::from_partition(file.reveal()));
  return image::decrypt_nvs(bytes.writable(), keys);
}

std::vector<Content> contents_of(const image::InspectedItem& item, const std::string& source) {
  return credentials::read_contents({source, item.content.clone()}).items;
}

Result<View> read(const InspectVerb& verb) {
  ATCERT_TRY(Secret, bytes, read_secret_file(verb.file, kMaxFileSize));
  ATCERT_CHECK(decrypt(bytes, verb));
  View view{image::inspect(bytes.reveal()), {}};
  const bool unknown = view.image.kind == image::ImageKind::unknown;
  if (unknown) view.image = inspect_credential(bytes);
  for (const image::InspectedItem& item : view.image.items) view.items.push_back({&item, contents_of(item, verb.file)});
  if (unknown && view.items[0].contents.empty()) {
    return Error{ErrorKind::input,
                 "file_unknown",
                 fmt::format("{}: not an image, a certificate or a key", verb.file),
                 {},
                 "give a PKI bin, an NVS partition, a partition table, a factory image, or PEM or DER"};
  }
  return view;
}

// "mqtt_cert" and "mqtt_key" have the stem "mqtt".
std::string stem_of(const Item& item, std::string_view ending) {
  const std::string& slot = item.item->slot;
  return slot.ends_with(ending) ? slot.substr(0, slot.size() - ending.size()) : std::string();
}

struct Pair {
  std::string certificate;
  std::string key;
  bool belong = false;
};

std::vector<Pair> pairs_of(const View& view) {
  std::vector<Pair> pairs;
  for (const Item& key : view.items) {
    const std::string stem = stem_of(key, "_key");
    if (stem.empty() || !key.holds(ContentKind::private_key)) continue;
    for (const Item& certificate : view.items) {
      if (stem_of(certificate, "_cert") != stem || !certificate.holds(ContentKind::certificate)) continue;
      const bool numbered_alike = certificate.item->key.back() == key.item->key.back() ||
                                  (certificate.item->key.ends_with("_cert") && key.item->key.ends_with("_key"));
      if (!numbered_alike) continue;
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

json items_json(const View& view) {
  json list = json::array();
  for (const Item& item : view.items) {
    json object{{"name", item.name()},
                {"type", item.item->type},
                {"offset", item.item->offset},
                {"size", item.item->content.size()},
                {"sha256", image::sha256(item.item->content.reveal())}};
    if (!item.item->partition.empty()) object["partition"] = item.item->partition;
    if (!item.item->text.empty()) object["value"] = printable(item.item->text);
    for (const Content& content : item.contents) {
      json what{{"what", content.name}};
      for (const auto& [name, value] : facts_of(content)) what[name] = value;
      object["contents"].push_back(std::move(what));
    }
    list.push_back(std::move(object));
  }
  return list;
}

const char* level_name(image::FaultLevel level) {
  if (level == image::FaultLevel::note) return "note";
  return level == image::FaultLevel::leftover ? "leftover" : "error";
}

json view_json(const View& view, const InspectVerb& verb, const Error* error) {
  json document = report::document(kName, error);
  document["file"] = verb.file;
  document["kind"] = view.image.kind == image::ImageKind::unknown ? "credentials" : name_of(view.image.kind);
  document["partitions"] = json::array();
  for (const image::Partition& partition : view.image.partitions) {
    document["partitions"].push_back({{"name", printable(partition.name)},
                                      {"type", type_name(partition)},
                                      {"offset", partition.offset},
                                      {"size", partition.size}});
  }
  document["items"] = items_json(view);
  document["nvs"] = json::array();
  for (const image::InspectedNvs& nvs : view.image.nvs) {
    document["nvs"].push_back({{"partition", nvs.partition},
                               {"pages", nvs.pages},
                               {"used_entries", nvs.used_entries},
                               {"free_entries", nvs.free_entries}});
  }
  document["pairs"] = json::array();
  for (const Pair& pair : pairs_of(view)) {
    document["pairs"].push_back({{"certificate", pair.certificate}, {"key", pair.key}, {"belong", pair.belong}});
  }
  document["faults"] = json::array();
  for (const image::Fault& fault : view.image.faults) {
    document["faults"].push_back(
        {{"level", level_name(fault.level)}, {"offset", fault.offset}, {"what", printable(fault.what)}});
  }
  return document;
}

void print_items(const View& view, Ui& ui) {
  for (const Item& item : view.items) {
    ui.result(fmt::format("{} {} {} bytes at 0x{:x}{}", ui.on_stdout(Style::strong, printable(item.name())),
                          item.item->type, item.item->content.size(), item.item->offset,
                          item.item->text.empty() ? "" : " = " + printable(item.item->text)));
    for (const Content& content : item.contents) {
      ui.result("  " + printable(content.name));
      for (const auto& [name, value] : facts_of(content))
        ui.result(fmt::format("    {:11} {}", name, printable(value)));
    }
  }
  for (const Pair& pair : pairs_of(view)) {
    const std::string verdict =
        pair.belong ? ui.on_stdout(Style::good, "belong together") : ui.on_stdout(Style::bad, "do not belong together");
    ui.result(fmt::format("{} and {} {}", printable(pair.certificate), printable(pair.key), verdict));
  }
}

void print(const View& view, const InspectVerb& verb, Ui& ui) {
  if (view.image.kind != image::ImageKind::unknown) {
    ui.result(fmt::format("{}: {}", printable(verb.file), name_of(view.image.kind)));
  }
  for (const std::string& line : partition_map(view.image.partitions)) ui.result(line);
  for (const image::InspectedNvs& nvs : view.image.nvs) {
    ui.result(fmt::format("{}{} pages, {} entries used, {} free", nvs.partition.empty() ? "" : nvs.partition + ": ",
                          nvs.pages, nvs.used_entries, nvs.free_entries));
  }
  print_items(view, ui);
  for (const image::Fault& fault : view.image.faults) {
    const Style style = fault.level == image::FaultLevel::error ? Style::bad : Style::warning;
    ui.result(fmt::format("{} at 0x{:x}: {}", ui.on_stdout(style, level_name(fault.level)), fault.offset,
                          printable(fault.what)));
  }
}

// A file's name cannot lead out of the folder, whatever an image calls its keys.
std::string file_name(const Item& item, std::size_t index) {
  std::string name = item.item->slot.empty() ? item.item->key : item.item->slot + "." + item.item->key;
  for (char& letter : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_' || letter == '-';
    if (!plain && letter != '.') letter = '_';
  }
  const bool der = !item.contents.empty() && item.contents[0].label.empty();
  return fmt::format("{:02}-{}.{}", index, name, item.contents.empty() ? "bin" : der ? "der" : "pem");
}

Result<void> extract(const View& view, const InspectVerb& verb, Ui& ui) {
  if (verb.extract.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(verb.extract, error);
  for (std::size_t i = 0; i < view.items.size(); ++i) {
    const auto path = std::filesystem::path(verb.extract) / file_name(view.items[i], i);
    const mode_t mode = view.items[i].is_secret() ? kSecretMode : kPlainMode;
    ATCERT_CHECK(write_file(path, view.items[i].item->content.reveal(), mode));
    ui.say("written: " + path.string());
  }
  return {};
}

// Firmware reads PEM or DER from a PKI bin, and from the namespaces of certificates and keys.
bool should_hold_credentials(const Item& item, const View& view) {
  const std::string& slot = item.item->slot;
  if (item.item->content.empty()) return false;
  return view.image.kind == image::ImageKind::pki_bin || slot.ends_with("_ca") || slot.ends_with("_cert") ||
         slot.ends_with("_key");
}

// What is wrong with what an item holds; empty if nothing is.
std::string damage_of(const Item& item, const View& view) {
  for (const Content& content : item.contents) {
    if (content.kind == ContentKind::damaged) return content.name;
  }
  if (!item.contents.empty() || !should_hold_credentials(item, view)) return {};
  return "it holds neither a certificate nor a key";
}

// Encryption leaves the headers and bitmaps of the pages as they are, and no entry that can be read.
bool may_be_encrypted(const View& view, const InspectVerb& verb) {
  if (!verb.keys.empty() || view.image.kind != image::ImageKind::nvs) return false;
  return std::any_of(view.image.nvs.begin(), view.image.nvs.end(),
                     [](const image::InspectedNvs& nvs) { return nvs.used_entries > 0 && nvs.namespaces == 0; });
}

Error damaged_error(const InspectVerb& verb, const std::string& what) {
  return {ErrorKind::input,
          "image_damaged",
          fmt::format("{}: {}", verb.file, what),
          {},
          "get a good copy, or make the image anew with atcert build"};
}

std::optional<Error> damaged_item(const View& view, const InspectVerb& verb) {
  for (const Item& item : view.items) {
    const std::string damage = damage_of(item, view);
    if (!damage.empty()) return damaged_error(verb, fmt::format("{} is damaged: {}", item.name(), damage));
  }
  return std::nullopt;
}

std::optional<Error> verdict(const View& view, const InspectVerb& verb) {
  const auto& faults = view.image.faults;
  const auto first = std::find_if(faults.begin(), faults.end(),
                                  [](const image::Fault& fault) { return fault.level == image::FaultLevel::error; });
  if (first == faults.end()) return damaged_item(view, verb);
  if (may_be_encrypted(view, verb)) {
    return Error{ErrorKind::input,
                 "image_encrypted",
                 fmt::format("{}: no entry can be read: it is encrypted, or damaged", verb.file),
                 {},
                 "if it is encrypted, give its keys with --nvs-keys FILE; if not, make the image anew"};
  }
  return damaged_error(verb, fmt::format("damaged at offset 0x{:x}: {}", first->offset, first->what));
}

int run_inspect(const InspectVerb& verb, Program& program) {
  Ui& ui = program.ui;
  ui.configure(verb.output);
  const auto view = read(verb);
  if (!view) return fail(ui, kName, view.error());
  if (const auto extracted = extract(*view, verb, ui); !extracted) return fail(ui, kName, extracted.error());
  const std::optional<Error> error = verdict(*view, verb);
  print(*view, verb, ui);
  if (ui.json()) ui.document(view_json(*view, verb, error ? &*error : nullptr));
  if (error) ui.failure(*error);
  return error ? static_cast<int>(error->kind) : 0;
}

}  // namespace

void add_inspect(Verbs& verbs, Program& program) {
  const auto verb = std::make_shared<InspectVerb>();
  Verb command = verbs.add(kName, "Show what is in an image, a certificate or a key");
  command.add_option("file", verb->file, "PKI bin, NVS partition, partition table, factory image, PEM or DER")
      ->required()
      ->option_text("FILE");
  command.add_option("--nvs-keys", verb->keys, "Keys partition of an encrypted NVS partition")->option_text("FILE");
  command.add_option("--extract", verb->extract, "Write the items into this folder, secrets with mode 0600")
      ->option_text("DIR");
  add_output_options(command, verb->output);
  command.on_chosen([verb, &program] { return run_inspect(*verb, program); });
}

}  // namespace atcert::cli
