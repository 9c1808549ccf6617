// SPDX-License-Identifier: Apache-2.0
// For which module and release images are made, and where the partition tables come from.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/embedded.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "image/credential_images.hpp"
#include "image/layout.hpp"
#include "verb.hpp"

namespace atcert::cli {

struct LayoutOptions {
  std::string module;
  std::string release;
  std::string folder;               // of layout data
  std::vector<std::string> tables;  // partition tables, CSV or binary
};

void add_layout_options(Verb& verb, LayoutOptions& options);

// The layouts that are built in, with those of a folder.
class Layouts {
 public:
  static Result<Layouts> load(const LayoutOptions& options);

  const image::LayoutCatalogue& catalogue() const { return *catalogue_; }
  // All that is built in, then what the folder holds.
  std::span<const EmbeddedFile> files() const { return all_; }
  // The module and release that the options name; the tables they name take the place of the layout's, and do without a
  // module.
  Result<image::ImageTarget> find(const LayoutOptions& options) const;
  // A release alone, for an image that nobody said the place of; by default the newest.
  Result<image::ImageTarget> nowhere(const LayoutOptions& options) const;

 private:
  Result<image::ImageTarget> find_by_tables(const LayoutOptions& options) const;

  std::vector<NamedFile> files_;  // the others refer to them
  std::vector<EmbeddedFile> all_;
  std::optional<image::LayoutCatalogue> catalogue_;
};

}  // namespace atcert::cli
