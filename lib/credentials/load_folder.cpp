// SPDX-License-Identifier: Apache-2.0
// Which items in the files of a folder, or in one file, are the device certificate, its key and the CA. A pair is a
// certificate and a private key that belong together; where more than one choice is left, the candidates are listed and
// nothing is guessed.
#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <fmt/core.h>

#include "credentials/amazon_roots.hpp"
#include "credentials/device_chain.hpp"
#include "credentials/item.hpp"
#include "credentials/load.hpp"
#include "credentials/missing.hpp"
#include "credentials/pkcs12.hpp"
#include "credentials/zip.hpp"

namespace atcert::credentials {
namespace {

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

// The file; where it holds several of the kind, the item too.
std::string name_of(const Candidate& candidate) {
  const auto& items = candidate.entry->contents.items;
  const auto same = std::count_if(items.begin(), items.end(),
                                  [&](const Content& item) { return item.kind == candidate.content->kind; });
  const std::string& file = candidate.entry->file->name;
  return same > 1 ? fmt::format("{}: {}", file, title_of(*candidate.content)) : file;
}

std::string names_of(const Candidates& candidates) {
  std::string names;
  for (const Candidate& candidate : candidates) names += (names.empty() ? "" : ", ") + name_of(candidate);
  return names;
}

// How far a file is from what can be taken as it is.
std::size_t needed_changes(const Entry& entry) {
  const auto& items = entry.contents.items;
  const bool mixed =
      std::any_of(items.begin(), items.end(), [&](const Content& item) { return item.kind != items.front().kind; });
  const auto own =
      std::count_if(items.begin(), items.end(), [](const Content& item) { return !item.deviation.empty(); });
  return entry.contents.deviations.size() + static_cast<std::size_t>(own) + (mixed ? 1 : 0);
}

bool hold(const std::vector<Entry>& entries, ContentKind kind) {
  return std::any_of(entries.begin(), entries.end(),
                     [kind](const Entry& entry) { return find_kind(entry.contents, kind) != nullptr; });
}

// The files that were given, and those unpacked from archives among them, which the entries point to.
struct Opened {
  std::vector<Entry> entries;
  std::vector<std::vector<NamedFile>> unpacked;

  bool lack_a_pair() const {
    return !hold(entries, ContentKind::private_key) || !hold(entries, ContentKind::certificate);
  }
};

// What is in an archive takes its place.
Result<void> unpack_archives(Opened& opened) {
  std::vector<Entry> entries;
  for (Entry& entry : opened.entries) {
    if (!is_zip(entry.file->content.reveal())) {
      entries.push_back(std::move(entry));
      continue;
    }
    ATCERT_TRY(std::vector<NamedFile>, files, unzip(*entry.file));
    opened.unpacked.push_back(std::move(files));
    for (const NamedFile& file : opened.unpacked.back()) entries.push_back({&file, read_contents(file)});
  }
  opened.entries = std::move(entries);
  return {};
}

// Archives and PKCS#12 files are opened only when there is no certificate or key outside of them, so that nobody is
// asked for nothing.
Result<Opened> read_all(std::span<const NamedFile> files, const LoadOptions& options) {
  Opened opened;
  for (const NamedFile& file : files) opened.entries.push_back({&file, read_contents(file)});
  if (opened.lack_a_pair()) ATCERT_CHECK(unpack_archives(opened));
  if (opened.lack_a_pair()) {
    for (Entry& entry : opened.entries) ATCERT_CHECK(open_pkcs12(entry.contents, options));
  }
  // What the firmware takes as it is comes first, so that it is preferred to a copy in another form.
  std::stable_sort(opened.entries.begin(), opened.entries.end(),
                   [](const Entry& left, const Entry& right) { return needed_changes(left) < needed_changes(right); });
  return opened;
}

const std::string& identity_of(const Content& content) {
  return content.kind == ContentKind::certificate ? content.certificate.fingerprint : content.key.fingerprint;
}

// Tells whether a certificate or a key was there before; encrypted keys are all taken for different ones.
class Known {
 public:
  bool take(const Content& content) {
    return content.kind == ContentKind::encrypted_key || identities_.insert(identity_of(content)).second;
  }

 private:
  std::unordered_set<std::string_view> identities_;
};

// The items of `kind` of all files, each certificate or key once.
Candidates find_all(const std::vector<Entry>& entries, ContentKind kind) {
  Candidates found;
  Known known;
  for (const Entry& entry : entries) {
    for (const Content& content : entry.contents.items) {
      if (content.kind == kind && known.take(content)) found.push_back({&entry, &content});
    }
  }
  return found;
}

// A file of CA certificates alone is a bundle, which is taken as one.
bool is_bundle(const Entry& entry) {
  const auto& items = entry.contents.items;
  return std::all_of(items.begin(), items.end(), [](const Content& item) {
    return item.kind == ContentKind::certificate && item.certificate.is_ca;
  });
}

Candidates find_cas(const std::vector<Entry>& entries) {
  Candidates found;
  Known known;
  for (const Entry& entry : entries) {
    for (const Content& content : entry.contents.items) {
      if (content.kind != ContentKind::certificate || !content.certificate.is_ca || !known.take(content)) continue;
      found.push_back({&entry, &content});
      if (is_bundle(entry)) break;
    }
  }
  return found;
}

Candidates only_ca(const Candidates& certificates, bool ca) {
  Candidates chosen;
  std::copy_if(certificates.begin(), certificates.end(), std::back_inserter(chosen),
               [ca](const Candidate& candidate) { return candidate.content->certificate.is_ca == ca; });
  return chosen;
}

// Each key is there once.
std::vector<Pair> find_pairs(const Candidates& certificates, const Candidates& keys) {
  std::unordered_map<std::string_view, const Candidate*> by_fingerprint;
  for (const Candidate& key : keys) by_fingerprint.emplace(key.content->key.fingerprint, &key);
  std::vector<Pair> pairs;
  for (const Candidate& certificate : certificates) {
    const auto key = by_fingerprint.find(certificate.content->certificate.key.fingerprint);
    if (key != by_fingerprint.end()) pairs.push_back({certificate, *key->second});
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

// "creds: no private key in any file", "all.pem: holds no private key".
std::string lacks(const std::string& folder, const std::vector<Entry>& entries, std::string_view what) {
  const bool one_file = entries.size() == 1 && entries.front().file->name == folder;
  return one_file ? fmt::format("{}: holds no {}", folder, what) : fmt::format("{}: no {} in any file", folder, what);
}

// What there is to say of something damaged goes before what there is to say of something missing.
const Entry* find_damaged(const std::vector<Entry>& entries, const Content* (*damage)(const FileContents&)) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return damage(entry.contents) != nullptr; });
  return found != entries.end() ? &*found : nullptr;
}

std::string mend(const Entry& entry, const Content& damage) {
  return fmt::format("mend {}: {}", entry.file->name, damaged_error(entry.file->name, damage).remedy);
}

// Archives are opened before anything is called missing, but not those inside of others.
std::string unpack_inner() {
  return "keep the archive, a private key may be in it: take the files of the one inside it out into a folder";
}

Error missing_key(const std::string& folder, const std::vector<Entry>& entries) {
  const Entry* damaged = find_damaged(entries, damaged_key);
  return folder_error("key_missing", lacks(folder, entries, "private key"), near_misses(entries),
                      damaged != nullptr ? mend(*damaged, *damaged_key(damaged->contents))
                      : hold(entries, ContentKind::archive)
                          ? unpack_inner()
                          : "put the private key there, the file that was saved when the certificate was made (AWS's "
                            "console calls it <id>-private.pem.key); or name the files with --cert, --key and --ca");
}

Error missing_certificate(const std::string& folder, const std::vector<Entry>& entries) {
  const Entry* damaged = find_damaged(entries, damaged_certificate);
  return folder_error("certificate_missing", lacks(folder, entries, "device certificate"), near_misses(entries),
                      damaged != nullptr ? mend(*damaged, *damaged_certificate(damaged->contents))
                      : hold(entries, ContentKind::archive)
                          ? unpack_inner()
                          : "put the device certificate there; AWS names it <id>-certificate.pem.crt");
}

std::string names_of(const std::vector<Pair>& pairs) {
  std::string names;
  for (const Pair& pair : pairs) {
    names += fmt::format("{}{} with {}", names.empty() ? "" : ", ", name_of(pair.certificate), name_of(pair.key));
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
  std::erase_if(candidates, [&](const Candidate& candidate) {
    return identity_of(*candidate.content) == identity_of(*device.content);
  });
  // What stands in the device certificate's own file is its chain, unless there is no other.
  const auto in_own_file = [&](const Candidate& candidate) { return candidate.entry == device.entry; };
  if (!std::all_of(candidates.begin(), candidates.end(), in_own_file)) std::erase_if(candidates, in_own_file);
  if (candidates.empty()) {
    return folder_error("ca_missing", lacks(folder, entries, "CA certificate"), near_misses(entries),
                        "put AmazonRootCA1.pem there, or give --ca AmazonRootCA1 to take the one that is built in");
  }
  if (candidates.size() == 1) return candidates.front();
  const Candidates roots = self_signed_of(candidates);
  const Candidate* chosen = roots.size() == 1 ? &roots.front() : preferred_amazon_root(roots);
  if (chosen == nullptr || roots.empty()) return ambiguous(folder, "CA certificates", names_of(candidates));
  notes.push_back(fmt::format("{} taken as the CA of {}", name_of(*chosen), names_of(candidates)));
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
    opened.push_back({file, {file->name, {}, {"it is encrypted"}, 0}});
    opened.back().contents.items.push_back(std::move(key));
  }
  return opened;
}

// All of a bundle, or the one.
Result<SharedCa> take_ca(const Candidate& root, const LoadOptions& options) {
  Chosen chosen{root.content};
  if (is_bundle(*root.entry)) {
    ATCERT_TRY(Chosen, all, all_certificates(root.entry->contents, "a CA certificate"));
    chosen = std::move(all);
  }
  Remarks remarks;
  ATCERT_TRY(CertificateItem, item, take_certificates(*root.entry, chosen, options, remarks));
  return SharedCa{std::move(item), std::move(remarks.changes), std::move(remarks.notes)};
}

Result<CertificateItem> take_device(const Pair& pair, const std::vector<CertificateFacts>& left_out,
                                    const LoadOptions& options, Remarks& remarks) {
  const Entry& entry = *pair.certificate.entry;
  ATCERT_TRY(const Chosen, chain, device_chain(entry.contents, &pair.key.content->key, left_out));
  return take_certificates(entry, chain, options, remarks);
}

// `ca_entry` is the file that the CA was taken from; null when it was given from elsewhere.
Result<Credentials> take(const Pair& pair, const Result<SharedCa>& ca, const Entry* ca_entry,
                         const LoadOptions& options) {
  Remarks remarks;
  const bool same_file = ca && ca_entry == pair.certificate.entry;
  auto certificate_item =
      take_device(pair, same_file ? ca->item.chain : std::vector<CertificateFacts>(), options, remarks);
  auto key_item = take_key(*pair.key.entry, *pair.key.content, options, remarks);
  ATCERT_TRY(Credentials, credentials,
             assemble(std::move(certificate_item), std::move(key_item),
                      ca ? Result<CertificateItem>(ca->item) : Result<CertificateItem>(ca.error())));
  append_once(credentials.changes, remarks.changes);
  append_once(credentials.changes, ca->changes);
  append_once(credentials.notes, remarks.notes);
  append_once(credentials.notes, ca->notes);
  return credentials;
}

}  // namespace

Result<Credentials> load_folder(const std::string& folder, std::span<const NamedFile> files, const SharedCa* ca,
                                const LoadOptions& options) {
  ATCERT_TRY(const Opened, all, read_all(files, options));
  const std::vector<Entry>& entries = all.entries;
  const Candidates certificates = find_all(entries, ContentKind::certificate);
  Candidates keys = find_all(entries, ContentKind::private_key);
  ATCERT_TRY(const std::vector<Entry>, opened, open_encrypted(entries, keys, options));
  if (keys.empty()) keys = find_all(opened, ContentKind::private_key);
  ATCERT_TRY(const Pair, pair, choose_pair(folder, entries, certificates, keys));
  if (ca != nullptr) return take(pair, *ca, nullptr, options);
  std::vector<std::string> notes;
  ATCERT_TRY(const Candidate, root, choose_ca(folder, entries, find_cas(entries), pair.certificate, notes));
  ATCERT_TRY(Credentials, credentials, take(pair, take_ca(root, options), root.entry, options));
  append_once(credentials.notes, notes);
  return credentials;
}

}  // namespace atcert::credentials
