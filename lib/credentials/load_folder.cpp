// SPDX-License-Identifier: Apache-2.0
// Which files of a folder are the device certificate, its key and the CA. A pair is a certificate and a private key
// that belong together; where more than one choice is left, the candidates are listed and nothing is guessed.
#include <algorithm>

#include <fmt/core.h>

#include "credentials/amazon_roots.hpp"
#include "credentials/item.hpp"
#include "credentials/load.hpp"

namespace atcert::credentials {
namespace {

struct Entry {
  const NamedFile* file;
  FileContents contents;
};

struct Candidate {
  const Entry* entry;
  const Content* content;
};

struct Pair {
  Candidate certificate;
  Candidate key;
};

using Candidates = std::vector<Candidate>;

Error folder_error(std::string code, std::string what, std::string cause, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), std::move(cause), std::move(remedy)};
}

std::string names_of(const Candidates& candidates) {
  std::string names;
  for (const Candidate& candidate : candidates) names += (names.empty() ? "" : ", ") + candidate.entry->file->name;
  return names;
}

std::vector<Entry> read_all(std::span<const NamedFile> files) {
  std::vector<Entry> entries;
  for (const NamedFile& file : files) entries.push_back({&file, read_contents(file)});
  // What the firmware takes as it is comes first, so that it is preferred to a copy in another form.
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& left, const Entry& right) {
    return left.contents.deviations.size() < right.contents.deviations.size();
  });
  return entries;
}

const std::string& identity_of(const Content& content) {
  return content.kind == ContentKind::certificate ? content.certificate.fingerprint : content.key.fingerprint;
}

// The first item of `kind` of every file, each certificate or key once.
Candidates find_all(const std::vector<Entry>& entries, ContentKind kind) {
  Candidates found;
  for (const Entry& entry : entries) {
    const auto& items = entry.contents.items;
    const auto item = std::find_if(items.begin(), items.end(), [kind](const Content& c) { return c.kind == kind; });
    if (item == items.end()) continue;
    const bool known =
        kind != ContentKind::encrypted_key && std::any_of(found.begin(), found.end(), [&](const Candidate& candidate) {
          return identity_of(*candidate.content) == identity_of(*item);
        });
    if (!known) found.push_back({&entry, &*item});
  }
  return found;
}

Candidates only_ca(const Candidates& certificates, bool ca) {
  Candidates chosen;
  std::copy_if(certificates.begin(), certificates.end(), std::back_inserter(chosen),
               [ca](const Candidate& candidate) { return candidate.content->certificate.is_ca == ca; });
  return chosen;
}

std::vector<Pair> find_pairs(const Candidates& certificates, const Candidates& keys) {
  std::vector<Pair> pairs;
  for (const Candidate& certificate : certificates) {
    for (const Candidate& key : keys) {
      if (certificate.content->certificate.key.fingerprint == key.content->key.fingerprint) {
        pairs.push_back({certificate, key});
      }
    }
  }
  return pairs;
}

Error ambiguous(const std::string& folder, std::string_view what, const std::string& names) {
  return folder_error("ambiguous", fmt::format("{}: holds several {}: {}", folder, what, names), {},
                      "name the files with --cert, --key and --ca, or move the others away");
}

// What else lies in the folder that may be meant: told with the error that something is missing.
std::string near_misses(const std::vector<Entry>& entries) {
  std::string text;
  for (const Entry& entry : entries) {
    for (const Content& item : entry.contents.items) {
      if (item.kind == ContentKind::certificate || item.kind == ContentKind::private_key) continue;
      text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", entry.file->name, item.name);
    }
  }
  return text;
}

Error missing_key(const std::string& folder, const std::vector<Entry>& entries) {
  return folder_error("key_missing", fmt::format("{}: no private key in any file", folder), near_misses(entries),
                      "put the private key there; AWS offers it for download only once, as <id>-private.pem.key");
}

Error missing_certificate(const std::string& folder, const std::vector<Entry>& entries) {
  return folder_error("certificate_missing", fmt::format("{}: no device certificate in any file", folder),
                      near_misses(entries), "put the device certificate there; AWS names it <id>-certificate.pem.crt");
}

std::string names_of(const std::vector<Pair>& pairs) {
  std::string names;
  for (const Pair& pair : pairs) {
    names += fmt::format("{}{} with {}", names.empty() ? "" : ", ", pair.certificate.entry->file->name,
                         pair.key.entry->file->name);
  }
  return names;
}

Result<Pair> choose_pair(const std::string& folder, const std::vector<Entry>& entries, const Candidates& certificates,
                         const Candidates& keys) {
  if (keys.empty()) return missing_key(folder, entries);
  const Candidates devices = only_ca(certificates, false);
  std::vector<Pair> pairs = find_pairs(devices, keys);
  // A self-signed device certificate is a CA by its flag: it counts when nothing else does.
  if (pairs.empty() && devices.empty()) pairs = find_pairs(certificates, keys);
  if (pairs.size() == 1) return pairs.front();
  if (pairs.size() > 1) return ambiguous(folder, "device certificates with their keys", names_of(pairs));
  if (devices.empty()) return missing_certificate(folder, entries);
  // No pair: with one of each, the checks will tell that they do not belong together.
  if (devices.size() > 1) return ambiguous(folder, "device certificates, none with its key", names_of(devices));
  if (keys.size() > 1) return ambiguous(folder, "private keys, none of the device certificate", names_of(keys));
  return Pair{devices.front(), keys.front()};
}

Candidates self_signed_of(const Candidates& candidates) {
  Candidates roots;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(roots),
               [](const Candidate& candidate) { return candidate.content->certificate.self_signed; });
  return roots;
}

// Of Amazon's roots alone: the one to prefer. AWS's RSA chain, which every module can verify, ends in CA 1.
const Candidate* preferred_amazon_root(const Candidates& roots) {
  const auto is_amazon = [](const Candidate& c) { return !amazon_root_name(c.content->certificate).empty(); };
  if (!std::all_of(roots.begin(), roots.end(), is_amazon)) return nullptr;
  for (const std::string_view name : {"AmazonRootCA1", "AmazonRootCA3", "AmazonRootCA2", "AmazonRootCA4"}) {
    for (const Candidate& root : roots) {
      if (amazon_root_name(root.content->certificate) == name) return &root;
    }
  }
  return nullptr;
}

Result<Candidate> choose_ca(const std::string& folder, const std::vector<Entry>& entries, Candidates candidates,
                            const Candidate& device, std::vector<std::string>& notes) {
  std::erase_if(candidates, [&](const Candidate& candidate) { return candidate.content == device.content; });
  if (candidates.empty()) {
    return folder_error("ca_missing", fmt::format("{}: no CA certificate in any file", folder), near_misses(entries),
                        "put AmazonRootCA1.pem there, or give --ca AmazonRootCA1 to take the one that is built in");
  }
  if (candidates.size() == 1) return candidates.front();
  const Candidates roots = self_signed_of(candidates);
  const Candidate* chosen = roots.size() == 1 ? &roots.front() : preferred_amazon_root(roots);
  if (chosen == nullptr || roots.empty()) return ambiguous(folder, "CA certificates", names_of(candidates));
  notes.push_back(fmt::format("{} taken as the CA of {}", chosen->entry->file->name, names_of(candidates)));
  return *chosen;
}

// Encrypted keys are opened only when there is no other key, so that nobody is asked for nothing.
Result<std::vector<Entry>> open_encrypted(const std::vector<Entry>& entries, const Candidates& plain,
                                          const LoadOptions& options) {
  std::vector<Entry> opened;
  if (!plain.empty()) return opened;
  for (const Candidate& candidate : find_all(entries, ContentKind::encrypted_key)) {
    const NamedFile* file = candidate.entry->file;
    ATCERT_TRY(Content, key, decrypt(*candidate.content, file->name, options));
    opened.push_back({file, {file->name, {}, {"it is encrypted"}}});
    opened.back().contents.items.push_back(std::move(key));
  }
  return opened;
}

// With the CA of `ca_entry`, or with the shared one.
Result<Credentials> take(const Pair& pair, const Entry* ca_entry, const SharedCa* shared, const LoadOptions& options) {
  std::vector<std::string> changes;
  const Entry& device = *pair.certificate.entry;
  const Entry& key = *pair.key.entry;
  auto certificate_item = take_certificates(*device.file, device.contents, "the device certificate", options, changes);
  auto key_item = take_key(*key.file, key.contents, options, changes);
  auto ca_item = shared != nullptr
                     ? Result<CertificateItem>(shared->item)
                     : take_certificates(*ca_entry->file, ca_entry->contents, "a CA certificate", options, changes);
  if (shared != nullptr) changes.insert(changes.end(), shared->changes.begin(), shared->changes.end());
  ATCERT_TRY(Credentials, credentials, assemble(std::move(certificate_item), std::move(key_item), std::move(ca_item)));
  credentials.changes = std::move(changes);
  return credentials;
}

}  // namespace

Result<Credentials> load_folder(const std::string& folder, std::span<const NamedFile> files, const SharedCa* ca,
                                const LoadOptions& options) {
  const std::vector<Entry> entries = read_all(files);
  const Candidates certificates = find_all(entries, ContentKind::certificate);
  Candidates keys = find_all(entries, ContentKind::private_key);
  ATCERT_TRY(const std::vector<Entry>, opened, open_encrypted(entries, keys, options));
  if (keys.empty()) keys = find_all(opened, ContentKind::private_key);
  ATCERT_TRY(const Pair, pair, choose_pair(folder, entries, certificates, keys));
  if (ca != nullptr) return take(pair, nullptr, ca, options);
  std::vector<std::string> notes;
  ATCERT_TRY(const Candidate, root, choose_ca(folder, entries, only_ca(certificates, true), pair.certificate, notes));
  ATCERT_TRY(Credentials, credentials, take(pair, root.entry, nullptr, options));
  credentials.notes = std::move(notes);
  return credentials;
}

}  // namespace atcert::credentials
