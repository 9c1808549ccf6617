// SPDX-License-Identifier: Apache-2.0
// Credentials out of an answer of AWS. A private key is in it or was made by the user; either way it is there once, so
// that an answer in another form than JSON is read too, and nobody is told to ask AWS again.
#include <algorithm>

#include <fmt/core.h>

#include "credentials/aws_answer.hpp"
#include "credentials/item.hpp"
#include "credentials/load.hpp"
#include "credentials/missing.hpp"
#include "credentials/pem.hpp"
#include "credentials/secret_json.hpp"

namespace atcert::credentials {
namespace {

constexpr std::string_view kRemedy =
    "give the JSON that AWS answered when the certificate was made, or --cert FILE and --key FILE";

Error json_error(const NamedFile& json, const std::string& what, std::string remedy = std::string(kRemedy)) {
  return {ErrorKind::input, "aws_json_invalid", fmt::format("{}: {}", json.name, what), {}, std::move(remedy)};
}

Error key_missing(const NamedFile& json, const std::string& what) {
  return {ErrorKind::input,
          "key_missing",
          fmt::format("{}: {}", json.name, what),
          {},
          fmt::format("add --key FILE with the private key that was made for it; --cert {} --key FILE does as well",
                      json.name.find(' ') == std::string::npos ? json.name : "FILE")};
}

NamedFile part_of(const NamedFile& json, std::string_view path, const Secret& value) {
  return {fmt::format("{}: {}", json.name, path), value.clone()};
}

bool has_key(const FileContents& contents) {
  return find_kind(contents, ContentKind::private_key) != nullptr ||
         find_kind(contents, ContentKind::encrypted_key) != nullptr;
}

// `json` as a file of PEM, for it is not JSON, or none that is known.
template <typename Ca>
Result<Credentials> load_by_items(const NamedFile& json, const NamedFile* key, const Ca& ca, const LoadOptions& options,
                                  const std::string& what) {
  const FileContents contents = read_contents(json);
  const bool found = find_kind(contents, ContentKind::certificate) != nullptr;
  if (find_kind(contents, ContentKind::archive) != nullptr) return no_certificate(contents, "an answer of AWS");
  if (!found && !has_key(contents)) return json_error(json, what);
  if (!found) return json_error(json, what, fmt::format("keep this file, a private key is in it; {}", kRemedy));
  const Content* damage = key == nullptr && !has_key(contents) ? damaged_key(contents) : nullptr;
  if (damage != nullptr) return damaged_error(json.name, *damage);
  if (key == nullptr && !has_key(contents))
    return key_missing(json, what + "; it holds a certificate and no private key");
  return load_files(json, key != nullptr ? *key : json, ca, options);
}

// The items of which `is_wanted` says so, as a file of their own: how the CLI wrote their lines does not change them.
template <typename IsWanted>
NamedFile taken_out(const FileContents& contents, std::string_view what, IsWanted is_wanted) {
  NamedFile file{fmt::format("{}: {}", contents.source, what), {}};
  for (const Content& item : contents.items) {
    if (is_wanted(item)) file.content.append(write_pem(item.label, item.bytes.reveal()).reveal());
  }
  return file;
}

// What the CLI printed in another form than JSON; all in it is plain PEM.
template <typename Ca>
Result<Credentials> load_cli_output(const FileContents& contents, const NamedFile* key, const Ca& ca,
                                    const LoadOptions& options) {
  const auto is = [](ContentKind kind) { return [kind](const Content& item) { return item.kind == kind; }; };
  const NamedFile certificate = taken_out(contents, "the certificate", is(ContentKind::certificate));
  const NamedFile own_key = taken_out(contents, "the private key", is(ContentKind::private_key));
  return load_files(certificate, key != nullptr ? *key : own_key, ca, options);
}

bool is_plain(const FileContents& contents) {
  return std::none_of(contents.items.begin(), contents.items.end(),
                      [](const Content& item) { return item.label.empty() || item.kind == ContentKind::damaged; });
}

template <typename Ca>
Result<Credentials> load_text(const NamedFile& json, std::string_view text, const NamedFile* key, const Ca& ca,
                              const LoadOptions& options, const std::string& what) {
  const CliOutput form = output_form(text);
  if (form == CliOutput::json) {
    const bool key_inside = has_key(read_contents(json));
    return json_error(json, what,
                      key_inside
                          ? fmt::format("keep it, a private key is in it: mend the JSON, or save it as a file and "
                                        "give that as --cert FILE and --key FILE")
                          : std::string(kRemedy));
  }
  const std::string reason = form == CliOutput::other ? what : fmt::format("is {}, not JSON", name_of(form));
  const FileContents contents = read_contents(json);
  const bool whole = form != CliOutput::other && is_plain(contents) &&
                     find_kind(contents, ContentKind::certificate) != nullptr &&
                     (key != nullptr || find_kind(contents, ContentKind::private_key) != nullptr);
  ATCERT_TRY(Credentials, credentials,
             whole ? load_cli_output(contents, key, ca, options) : load_by_items(json, key, ca, options, reason));
  credentials.aws = read_yaml_facts(text);
  credentials.notes.push_back(
      fmt::format("{}: {}; it was read by what is in it, as --cert and --key read it (--output json prints JSON)",
                  json.name, reason));
  return credentials;
}

template <typename Ca>
Result<Credentials> load_answer(const NamedFile& json, const SecretJson& parsed, const AwsAnswer& answer,
                                const NamedFile* key, const Ca& ca, const LoadOptions& options) {
  const NamedFile certificate = part_of(json, answer.certificate, *parsed.find(answer.certificate));
  const Secret* own_key = answer.key.empty() ? nullptr : parsed.find(answer.key);
  if (key == nullptr && own_key == nullptr) {
    return key_missing(json, answer.key.empty() ? fmt::format("holds no private key: it is the answer of {}, {}",
                                                              answer.facts.command, answer.without_key)
                                                : fmt::format("has no text {}", answer.key));
  }
  const NamedFile key_inside = own_key == nullptr ? NamedFile{} : part_of(json, answer.key, *own_key);
  ATCERT_TRY(Credentials, credentials, load_files(certificate, key != nullptr ? *key : key_inside, ca, options));
  credentials.aws = answer.facts;
  if (key != nullptr && own_key != nullptr) {
    credentials.notes.push_back(fmt::format("{}: {} is left out, for {} is given", json.name, answer.key, key->name));
  }
  return credentials;
}

template <typename Ca>
Result<Credentials> load(const NamedFile& json, const NamedFile* key, const Ca& ca, const LoadOptions& options) {
  std::vector<std::string> ignored;  // how the JSON itself was encoded does not change the PEM in it
  const Secret text = plain_text(json.content.reveal(), ignored);
  const SecretJson parsed = read_secret_json(text.reveal_text());
  if (parsed.error) return load_text(json, text.reveal_text(), key, ca, options, *parsed.error);
  if (const auto answer = read_aws_answer(parsed)) return load_answer(json, parsed, *answer, key, ca, options);
  const std::string other = describe_other_answer(parsed);
  return load_by_items(json, key, ca, options,
                       fmt::format("has no text certificatePem{}{}", other.empty() ? "" : ": ", other));
}

}  // namespace

Result<Credentials> load_aws_json(const NamedFile& json, const NamedFile* key, const NamedFile& ca,
                                  const LoadOptions& options) {
  return load(json, key, ca, options);
}

Result<Credentials> load_aws_json(const NamedFile& json, const NamedFile* key, const SharedCa& ca,
                                  const LoadOptions& options) {
  return load(json, key, ca, options);
}

}  // namespace atcert::credentials
