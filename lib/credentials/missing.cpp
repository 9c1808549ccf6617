// SPDX-License-Identifier: Apache-2.0
#include "credentials/missing.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

namespace atcert::credentials {
namespace {

constexpr std::string_view kKeyLabel = "PRIVATE KEY";

Error input_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

bool has_key_label(const Content& content) {
  return content.label.ends_with(kKeyLabel);
}

const Content* find_damage(const FileContents& contents, bool key) {
  const auto found = std::find_if(contents.items.begin(), contents.items.end(), [key](const Content& content) {
    return content.kind == ContentKind::damaged && (content.label.empty() || has_key_label(content) == key);
  });
  return found != contents.items.end() ? &*found : nullptr;
}

std::string list_items(const FileContents& contents) {
  if (contents.items.empty()) return "nothing that is known";
  std::string list;
  for (const Content& item : contents.items) list += (list.empty() ? "" : ", ") + item.name;
  return list;
}

bool has_key(const FileContents& contents) {
  return find_kind(contents, ContentKind::private_key) != nullptr ||
         find_kind(contents, ContentKind::encrypted_key) != nullptr;
}

Error too_many_error(const FileContents& contents) {
  return input_error("too_many_items",
                     fmt::format("{}: holds {}", contents.source, find_kind(contents, ContentKind::too_many)->name),
                     "give a file with the items of this device, or with the one CA that is meant");
}

Error archive_error(std::string code, std::string what) {
  return input_error(
      std::move(code), std::move(what),
      "keep it, a private key may be in it: give it with --creds, where the files in it are found by what "
      "is in them; take the files of an archive inside another out of it first");
}

}  // namespace

const Content* find_kind(const FileContents& contents, ContentKind kind) {
  const auto found = std::find_if(contents.items.begin(), contents.items.end(),
                                  [kind](const Content& content) { return content.kind == kind; });
  return found != contents.items.end() ? &*found : nullptr;
}

const Content* damaged_certificate(const FileContents& contents) {
  return find_damage(contents, false);
}

const Content* damaged_key(const FileContents& contents) {
  return find_damage(contents, true);
}

Error damaged_error(const std::string& source, const Content& damage) {
  const char* remedy =
      has_key_label(damage) || damage.label.empty()
          ? "keep this file, for a private key is handed out only once; copy the item again, whole, from where it was "
            "saved first"
          : "copy it again, whole, from where it was saved first; AWS shows a certificate again: aws iot "
            "describe-certificate --certificate-id ID --output json";
  return input_error("damaged", fmt::format("{}: {}", source, damage.name), remedy);
}

Error no_certificate(const FileContents& contents, const std::string& slot) {
  if (find_kind(contents, ContentKind::too_many) != nullptr) return too_many_error(contents);
  if (const Content* damage = damaged_certificate(contents)) return damaged_error(contents.source, *damage);
  const std::string what = fmt::format("{}: holds {}, not {}", contents.source, list_items(contents), slot);
  if (has_key(contents)) {
    return input_error("key_as_certificate", what, "give the certificate here and the private key as the key");
  }
  if (find_kind(contents, ContentKind::public_key) != nullptr) {
    return input_error("public_key_as_certificate", what, "give the certificate: the public key is not needed");
  }
  if (find_kind(contents, ContentKind::request) != nullptr) {
    return input_error("request_as_certificate", what,
                       "have the request signed and give the certificate that comes back");
  }
  if (find_kind(contents, ContentKind::archive) != nullptr) return archive_error("archive_as_certificate", what);
  return input_error("certificate_missing", what,
                     "give a certificate: PEM, DER, PKCS#7, PKCS#12, or source code with PEM in it");
}

Error no_key(const FileContents& contents) {
  if (find_kind(contents, ContentKind::too_many) != nullptr) return too_many_error(contents);
  if (const Content* damage = damaged_key(contents)) return damaged_error(contents.source, *damage);
  const std::string what = fmt::format("{}: holds {}, not the private key", contents.source, list_items(contents));
  if (find_kind(contents, ContentKind::public_key) != nullptr) {
    return input_error("public_key_as_key", what,
                       "give the private key; AWS names it <id>-private.pem.key and the public one is not needed");
  }
  if (find_kind(contents, ContentKind::certificate) != nullptr) {
    return input_error("certificate_as_key", what, "give the private key here and the certificate as the certificate");
  }
  if (find_kind(contents, ContentKind::archive) != nullptr) return archive_error("archive_as_key", what);
  return input_error(
      "key_missing", what,
      "give a private key: PKCS#1, SEC1 or PKCS#8 in PEM or DER, PKCS#12, or source code with PEM in it");
}

}  // namespace atcert::credentials
