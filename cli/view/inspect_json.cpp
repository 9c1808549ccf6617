// SPDX-License-Identifier: Apache-2.0
#include "view/inspect_json.hpp"

#include "base/digest.hpp"
#include "base/json.hpp"
#include "report/json.hpp"

namespace atcert::cli {
namespace {

using nlohmann::json;

void add_partitions(const std::vector<image::Partition>& partitions, const char* table, json& list) {
  for (const image::Partition& partition : partitions) {
    list.push_back({{"name", partition.name},
                    {"table", table},
                    {"type", type_name(partition)},
                    {"offset", partition.offset},
                    {"size", partition.size}});
  }
}

json partitions_json(const image::Inspection& image) {
  json list = json::array();
  add_partitions(image.partitions, image.customized.empty() ? "only" : "primary", list);
  add_partitions(image.customized, "customized", list);
  return list;
}

json item_json(const ReadItem& item) {
  json object{{"name", item.name()},
              {"type", item.item->type},
              {"offset", item.item->offset},
              {"size", item.item->content.size()},
              {"sha256", sha256(item.item->content.reveal())}};
  if (!item.item->partition.empty()) object["partition"] = item.item->partition;
  if (!item.item->text.empty()) object["value"] = item.item->text;
  if (!item.item->words.empty()) object["words"] = item.item->words;
  for (const credentials::Content& content : item.contents) {
    json what{{"what", content.name}};
    for (const auto& [name, value] : facts_of(content)) what[name] = value;
    object["contents"].push_back(std::move(what));
  }
  return object;
}

json nvs_json(const image::Inspection& image) {
  json list = json::array();
  for (const image::InspectedNvs& nvs : image.nvs) {
    list.push_back({{"partition", nvs.partition},
                    {"encrypted", nvs.encrypted},
                    {"pages", nvs.pages},
                    {"used_entries", nvs.used_entries},
                    {"free_entries", nvs.free_entries}});
  }
  return list;
}

}  // namespace

const char* level_name(image::FaultLevel level) {
  if (level == image::FaultLevel::note) return "note";
  return level == image::FaultLevel::leftover ? "leftover" : "error";
}

json to_json(const InspectedFile& file, const Error* error) {
  json document = report::document("inspect", error);
  document["file"] = file.path;
  document["kind"] = file.is_image() ? name_of(file.image.kind) : "credentials";
  document["partitions"] = partitions_json(file.image);
  document["items"] = json::array();
  for (const ReadItem& item : file.items) document["items"].push_back(item_json(item));
  document["nvs"] = nvs_json(file.image);
  document["pairs"] = json::array();
  for (const Pair& pair : pairs_of(file)) {
    document["pairs"].push_back({{"certificate", pair.certificate}, {"key", pair.key}, {"belong", pair.belong}});
  }
  document["faults"] = json::array();
  for (const image::Fault& fault : file.image.faults) {
    document["faults"].push_back({{"level", level_name(fault.level)}, {"offset", fault.offset}, {"what", fault.what}});
  }
  return document;
}

}  // namespace atcert::cli
