// SPDX-License-Identifier: Apache-2.0
// A file as atcert inspect has read it: an image with what is in its items, and the judgement of it. A PEM or DER file
// is an image of kind unknown with one item.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "credentials/contents.hpp"
#include "image/inspect.hpp"

namespace atcert::cli {

// An item of the image, and what it is when it holds certificates or keys.
struct ReadItem {
  const image::InspectedItem* item = nullptr;
  std::vector<credentials::Content> contents;

  // "mqtt_cert/mqtt_cert"
  std::string name() const;
  bool holds(credentials::ContentKind kind) const;
  // Whatever is not known to be public.
  bool is_secret() const;
};

struct InspectedFile {
  std::string path;
  image::Inspection image;
  std::vector<ReadItem> items;

  bool is_image() const { return image.kind != image::ImageKind::unknown; }
};

// Errors: neither an image nor a certificate or a key. `keys` may be null.
Result<InspectedFile> inspect_bytes(const std::string& path, const Secret& bytes, const image::NvsKeys* keys);

// A certificate and a key that the firmware uses together.
struct Pair {
  std::string certificate;
  std::string key;
  bool belong = false;
};
std::vector<Pair> pairs_of(const InspectedFile& file);

// What is known of a certificate or a key, by stable names: "subject", "not_after", "sha256"...
std::vector<std::pair<std::string, std::string>> facts_of(const credentials::Content& content);

// The first thing that is wrong: with the NVS keys, the image, an item, or a pair.
std::optional<Error> verdict(const InspectedFile& file);

}  // namespace atcert::cli
