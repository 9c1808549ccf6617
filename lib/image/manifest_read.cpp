// SPDX-License-Identifier: Apache-2.0
// read_manifest(): the other side of manifest_of(), for a file that anybody may have changed.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/excerpt.hpp"
#include "base/json_object.hpp"
#include "image/manifest.hpp"

namespace atcert::image {
namespace {

constexpr std::size_t kDigestLength = 64;
constexpr std::string_view kFields[] = {"kind",    "schema",     "module", "chip",        "config",
                                        "release", "generation", "layout", "certificate", "files"};

// The caller puts the name of the file before an error.
JsonSource manifest_source() {
  return {{}, "manifest", "make the images and their manifest anew with atcert build"};
}

Result<std::optional<std::uint32_t>> address_of(const JsonObject& object) {
  ATCERT_TRY(const std::optional<std::string>, text, object.text_or_null("address"));
  if (!text) return std::optional<std::uint32_t>();
  std::uint32_t address = 0;
  const char* const end = text->data() + text->size();
  if (text->starts_with("0x")) {
    const auto [stop, error] = std::from_chars(text->data() + 2, end, address, 16);
    if (error == std::errc() && stop == end) return std::optional(address);
  }
  return object.error(*object.find("address"), fmt::format("the address '{}' is none", excerpt(*text)));
}

// Files lie beside their manifest: a name that leads elsewhere is refused.
Result<std::string> name_of_file(const JsonObject& object) {
  ATCERT_TRY(std::string, name, object.text_or("name", {}));
  const bool plain = !name.empty() && name != "." && name != ".." &&
                     name.find_first_of(std::string_view("/\0", 2)) == std::string::npos;
  if (plain) return name;
  ATCERT_TRY(const JsonNode*, node, object.required("name"));
  return object.error(*node, fmt::format("'{}' is no name of a file in the manifest's folder", excerpt(name)));
}

Result<std::string> digest_of(const JsonObject& object) {
  ATCERT_TRY(std::string, digest, object.text("sha256"));
  const bool hex = std::all_of(digest.begin(), digest.end(),
                               [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (hex && digest.size() == kDigestLength) return digest;
  return object.error(*object.find("sha256"), fmt::format("'{}' is no SHA-256", excerpt(digest)));
}

Result<ManifestFile> file_of(const JsonNode& node) {
  ATCERT_TRY(const JsonObject, object, JsonObject::of(node, manifest_source(), "a file of the manifest"));
  ATCERT_TRY(std::string, name, name_of_file(object));
  ATCERT_TRY(std::string, partition, object.text("partition"));
  ATCERT_TRY(const std::optional<std::uint32_t>, address, address_of(object));
  ATCERT_TRY(const std::uint64_t, size, object.required_number("size"));
  ATCERT_TRY(std::string, digest, digest_of(object));
  return ManifestFile{std::move(name), std::move(partition), address, size, std::move(digest)};
}

// Images of data alone have no certificate.
Result<std::optional<CertificateNote>> certificate_of(const JsonObject& document) {
  const JsonNode* node = document.find("certificate");
  if (node == nullptr || node->kind == JsonNode::Kind::null) return std::optional<CertificateNote>();
  ATCERT_TRY(const JsonObject, object, JsonObject::of(*node, manifest_source(), "the certificate of a manifest"));
  ATCERT_TRY(std::string, sha256, digest_of(object));
  ATCERT_TRY(std::string, subject, object.text_or("subject", {}));
  ATCERT_TRY(std::string, not_after, object.text("not_after"));
  return std::optional(CertificateNote{std::move(sha256), std::move(subject), std::move(not_after)});
}

Result<void> check_schema(const JsonObject& document) {
  const auto kind = document.text("kind");
  if (!kind || *kind != kManifestKind) {
    return document.error(document.node(), fmt::format("no manifest: its 'kind' is not {}", kManifestKind));
  }
  ATCERT_TRY(const std::uint64_t, schema, document.required_number("schema"));
  if (schema == kManifestSchema) return {};
  return Error{ErrorKind::input,
               "manifest_schema",
               fmt::format("the manifest has schema {}, this atcert reads {}", schema, kManifestSchema),
               {},
               "use the release of atcert that made it"};
}

// Takes white space and `character` from the front.
bool take(std::string_view& text, char character) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != character) return false;
  text.remove_prefix(first + 1);
  return true;
}

// Of the inside of an object.
bool begins_with_own_field(std::string_view text) {
  if (!take(text, '"')) return false;
  const std::size_t end = text.find('"');
  return end != std::string_view::npos &&
         std::find(std::begin(kFields), std::end(kFields), text.substr(0, end)) != std::end(kFields);
}

}  // namespace

Result<Manifest> read_manifest(std::string_view text) {
  ATCERT_TRY(const JsonNode, root, parse_json(text, manifest_source()));
  ATCERT_TRY(const JsonObject, document, JsonObject::of(root, manifest_source(), "a manifest"));
  ATCERT_CHECK(check_schema(document));
  Manifest manifest;
  const std::pair<const char*, std::optional<std::string>*> texts[] = {
      {"module", &manifest.module},
      {"chip", &manifest.chip},
      {"config", &manifest.config},
      {"layout", &manifest.layout},
  };
  for (const auto& [name, target] : texts) {
    ATCERT_TRY(std::optional<std::string>, value, document.text_or_null(name));
    *target = std::move(value);
  }
  ATCERT_TRY(std::string, release, document.text("release"));
  manifest.release = std::move(release);
  ATCERT_TRY(std::optional<CertificateNote>, certificate, certificate_of(document));
  manifest.certificate = std::move(certificate);
  ATCERT_CHECK(document.required("files"));
  ATCERT_TRY(const auto, files, document.list("files"));
  for (const JsonNode& node : files) {
    ATCERT_TRY(ManifestFile, file, file_of(node));
    manifest.files.push_back(std::move(file));
  }
  return manifest;
}

bool looks_like_manifest(ByteView bytes) {
  std::string_view text = as_text(bytes);
  if (!take(text, '{')) return false;
  // The kind stands behind the files: one that is cut may have its first field alone.
  return begins_with_own_field(text) || text.find(kManifestKind) != std::string_view::npos ||
         text.find("\"files\"") != std::string_view::npos;
}

}  // namespace atcert::image
