// SPDX-License-Identifier: Apache-2.0
// read_manifest(): the other side of manifest_of(), for a file that anybody may have changed.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "base/json.hpp"
#include "image/manifest.hpp"

namespace atcert::image {
namespace {

using nlohmann::json;

constexpr std::size_t kDigestLength = 64;
constexpr std::string_view kFields[] = {"kind",    "schema",     "module", "chip",        "config",
                                        "release", "generation", "layout", "certificate", "files"};

Error manifest_error(std::string what) {
  return {
      ErrorKind::input, "manifest", std::move(what), {}, "make the images and their manifest anew with atcert build"};
}

Result<json> parse(std::string_view text) {
  try {
    return json::parse(std::string(text));
  } catch (const json::parse_error& error) {
    return manifest_error(fmt::format("damaged at offset 0x{:x}: no JSON", error.byte == 0 ? 0 : error.byte - 1));
  }
}

Result<std::string> text_of(const json& object, const char* name) {
  const auto field = object.find(name);
  if (field != object.end() && field->is_string()) return field->get<std::string>();
  return manifest_error(fmt::format("the manifest has no text '{}'", name));
}

// The field must be there: null says that what it is for is not known.
Result<std::optional<std::string>> text_or_null(const json& object, const char* name) {
  if (const auto field = object.find(name); field != object.end() && field->is_null()) {
    return std::optional<std::string>();
  }
  ATCERT_TRY(std::string, text, text_of(object, name));
  return std::optional(std::move(text));
}

Result<std::uint64_t> number_of(const json& object, const char* name) {
  const auto field = object.find(name);
  if (field != object.end() && field->is_number_unsigned()) return field->get<std::uint64_t>();
  return manifest_error(fmt::format("the manifest has no number '{}'", name));
}

Result<std::optional<std::uint32_t>> address_of(const json& object) {
  ATCERT_TRY(const std::optional<std::string>, text, text_or_null(object, "address"));
  if (!text) return std::optional<std::uint32_t>();
  std::uint32_t address = 0;
  const char* const end = text->data() + text->size();
  if (text->starts_with("0x")) {
    const auto [stop, error] = std::from_chars(text->data() + 2, end, address, 16);
    if (error == std::errc() && stop == end) return std::optional(address);
  }
  return manifest_error(fmt::format("the address '{}' is none", *text));
}

// Files lie beside their manifest: a name that leads elsewhere is refused.
Result<std::string> name_of_file(const json& object) {
  ATCERT_TRY(std::string, name, text_of(object, "name"));
  const bool plain = !name.empty() && name != "." && name != ".." &&
                     name.find_first_of(std::string_view("/\0", 2)) == std::string::npos;
  if (plain) return name;
  return manifest_error(fmt::format("'{}' is no name of a file in the manifest's folder", name));
}

Result<std::string> digest_of(const json& object) {
  ATCERT_TRY(std::string, digest, text_of(object, "sha256"));
  const bool hex = std::all_of(digest.begin(), digest.end(),
                               [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (hex && digest.size() == kDigestLength) return digest;
  return manifest_error(fmt::format("'{}' is no SHA-256", digest));
}

Result<ManifestFile> file_of(const json& object) {
  ATCERT_TRY(std::string, name, name_of_file(object));
  ATCERT_TRY(std::string, partition, text_of(object, "partition"));
  ATCERT_TRY(const std::optional<std::uint32_t>, address, address_of(object));
  ATCERT_TRY(const std::uint64_t, size, number_of(object, "size"));
  ATCERT_TRY(std::string, digest, digest_of(object));
  return ManifestFile{std::move(name), std::move(partition), address, size, std::move(digest)};
}

// Images of data alone have no certificate.
Result<std::optional<CertificateNote>> certificate_of(const json& document) {
  const auto object = document.find("certificate");
  if (object == document.end() || object->is_null()) return std::optional<CertificateNote>();
  ATCERT_TRY(std::string, sha256, digest_of(*object));
  ATCERT_TRY(std::string, subject, text_of(*object, "subject"));
  ATCERT_TRY(std::string, not_after, text_of(*object, "not_after"));
  return std::optional(CertificateNote{std::move(sha256), std::move(subject), std::move(not_after)});
}

Result<void> check_schema(const json& document) {
  const auto kind = text_of(document, "kind");
  if (!kind || *kind != kManifestKind) {
    return manifest_error(fmt::format("no manifest: its 'kind' is not {}", kManifestKind));
  }
  ATCERT_TRY(const std::uint64_t, schema, number_of(document, "schema"));
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
  ATCERT_TRY(const json, document, parse(text));
  ATCERT_CHECK(check_schema(document));
  Manifest manifest;
  const std::pair<const char*, std::optional<std::string>*> texts[] = {
      {"module", &manifest.module},
      {"chip", &manifest.chip},
      {"config", &manifest.config},
      {"layout", &manifest.layout},
  };
  for (const auto& [name, target] : texts) {
    ATCERT_TRY(std::optional<std::string>, value, text_or_null(document, name));
    *target = std::move(value);
  }
  ATCERT_TRY(std::string, release, text_of(document, "release"));
  manifest.release = std::move(release);
  ATCERT_TRY(std::optional<CertificateNote>, certificate, certificate_of(document));
  manifest.certificate = std::move(certificate);
  const auto files = document.find("files");
  if (files == document.end() || !files->is_array()) return manifest_error("the manifest has no list 'files'");
  for (const json& object : *files) {
    ATCERT_TRY(ManifestFile, file, file_of(object));
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
