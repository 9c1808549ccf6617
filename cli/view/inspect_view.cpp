// SPDX-License-Identifier: Apache-2.0
#include "view/inspect_view.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/plural.hpp"
#include "view/inspect_json.hpp"
#include "view/partition_map.hpp"

namespace atcert::cli {
namespace {

using credentials::Content;

// As wide as an offset in front of an item: "0x01f060  ".
constexpr const char* kIndent = "          ";

std::string shown_name(const ReadItem& item, const InspectedFile& file) {
  const bool numbered = file.image.kind == image::ImageKind::pki_bin;
  return numbered ? "item " + item.name() : item.name();
}

std::string shown_value(const image::InspectedItem& item) {
  if (item.text.empty()) return counted(item.content.size(), "byte");
  return item.words.empty() ? item.text : fmt::format("{} ({})", item.text, item.words);
}

void show_map(const InspectedFile& file, Ui& ui) {
  for (const std::string& line : partition_map(file.image.partitions)) ui.result(line);
  if (file.image.customized.empty()) return;
  ui.result("in at_customize:");
  for (const std::string& line : partition_map(file.image.customized)) ui.result(line);
}

void show_nvs(const InspectedFile& file, Ui& ui) {
  for (const image::InspectedNvs& nvs : file.image.nvs) {
    ui.result(fmt::format("{}{}, {} used, {} free{}", nvs.partition.empty() ? "" : nvs.partition + ": ",
                          counted(nvs.pages, "page"), counted(nvs.used_entries, "entry", "entries"), nvs.free_entries,
                          nvs.encrypted ? ", encrypted" : ""));
  }
}

void show_contents(const ReadItem& item, const char* indent, Ui& ui) {
  for (const Content& content : item.contents) {
    ui.result(indent + content.name);
    for (const auto& [name, value] : facts_of(content)) {
      ui.result(fmt::format("{}  {:11} {}", indent, name, value));
    }
  }
}

void show_items(const InspectedFile& file, Ui& ui) {
  std::size_t name_width = 0;
  std::size_t type_width = 0;
  for (const ReadItem& item : file.items) {
    name_width = std::max(name_width, width_of(shown_name(item, file)));
    type_width = std::max(type_width, width_of(item.item->type));
  }
  for (const ReadItem& item : file.items) {
    ui.result(Line(fmt::format("0x{:06x}  ", item.item->offset))
                  .add(Style::strong, padded(shown_name(item, file), name_width))
                  .add(fmt::format("  {}  {}", padded(item.item->type, type_width), shown_value(*item.item))));
    show_contents(item, kIndent, ui);
  }
}

void show_pairs(const InspectedFile& file, Ui& ui) {
  for (const Pair& pair : pairs_of(file)) {
    ui.result(
        Line(fmt::format("{} and {} ", pair.certificate, pair.key))
            .add(pair.belong ? Style::good : Style::bad, pair.belong ? "belong together" : "do not belong together"));
  }
}

void show_faults(const InspectedFile& file, Ui& ui) {
  for (const image::Fault& fault : file.image.faults) {
    const Style style = fault.level == image::FaultLevel::error ? Style::bad : Style::warning;
    ui.result(Line().add(style, level_name(fault.level)).add(fmt::format(" at 0x{:x}: {}", fault.offset, fault.what)));
  }
}

}  // namespace

void show(const InspectedFile& file, Ui& ui) {
  if (!file.is_image()) {
    ui.result(file.path);
    show_contents(file.items[0], "  ", ui);
    return;
  }
  ui.result(fmt::format("{}: {}", file.path, name_of(file.image.kind)));
  show_map(file, ui);
  show_nvs(file, ui);
  show_items(file, ui);
  show_pairs(file, ui);
  show_faults(file, ui);
}

}  // namespace atcert::cli
