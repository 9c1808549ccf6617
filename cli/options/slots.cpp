// SPDX-License-Identifier: Apache-2.0
#include "options/slots.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fmt/core.h>

#include "view/passphrase.hpp"

namespace atcert::cli {
namespace {

Error usage_error(std::string what, std::string remedy) {
  return {ErrorKind::usage, "slot_options", std::move(what), {}, std::move(remedy)};
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> files;
  for (;;) {
    const std::size_t comma = list.find(',');
    files.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) return files;
    list.remove_prefix(comma + 1);
  }
}

// The name of a file may have a comma in it.
std::vector<std::string> files_of(const std::string& list) {
  std::error_code error;
  if (std::filesystem::is_regular_file(list, error)) return {list};
  return split(list);
}

class Loader {
 public:
  Loader(const CredentialOptions& credentials, bool has_credentials, Program& program)
      : credentials_(credentials), has_credentials_(has_credentials), program_(program) {
    load_.verbatim = credentials.verbatim;
    load_.passphrase = [&program](const std::string& source) { return ask_passphrase(program, source); };
  }

  Result<Slots> run(const SlotOptions& options) && {
    for (const std::string& text : options.texts) {
      const std::size_t equals = text.find('=');
      if (equals == std::string::npos) {
        ATCERT_CHECK(take_owner(text));
      } else {
        ATCERT_CHECK(take_files(text.substr(0, equals), files_of(text.substr(equals + 1))));
      }
    }
    ATCERT_CHECK(check());
    return std::move(slots_);
  }

 private:
  Result<void> take_owner(const std::string& owner) {
    ATCERT_CHECK(image::check_slot_owner(owner));
    if (owner_) return usage_error("the credentials can go into one slot only", "give --slot NAME once");
    if (!has_credentials_) {
      return usage_error(fmt::format("no credentials are given for slot {}", owner),
                         fmt::format("add --creds DIR, or name files: --slot {}_ca=FILE", owner));
    }
    owner_ = owner;
    slots_.owner = owner;
    return {};
  }

  Result<void> take_files(const std::string& slot, const std::vector<std::string>& files) {
    ATCERT_TRY(const image::PkiType, type, image::type_of_slot(slot));
    credentials::SlotItems& items = items_of_owner(slot.substr(0, slot.rfind('_')));
    for (const std::string& file : files) {
      if (file.empty() || file == "-") return usage_error("--slot " + slot + "=: no file is named", "give a file");
      ATCERT_CHECK(take_file(slot, file, type, items));
    }
    return {};
  }

  Result<void> take_file(const std::string& slot, const std::string& file, image::PkiType type,
                         credentials::SlotItems& items) {
    ATCERT_TRY(const NamedFile, content,
               type == image::PkiType::ca ? intake::read_ca(file) : intake::read_credential_file(file));
    if (type == image::PkiType::key) {
      ATCERT_TRY(credentials::KeyItem, key, credentials::load_key(content, load_, slots_.changes));
      items.keys.push_back(std::move(key));
      return {};
    }
    ATCERT_TRY(credentials::CertificateItem, item, credentials::load_certificate(content, slot, load_, slots_.changes));
    (type == image::PkiType::ca ? items.cas : items.certificates).push_back(std::move(item));
    return {};
  }

  credentials::SlotItems& items_of_owner(const std::string& owner) {
    const auto found = std::find_if(slots_.items.begin(), slots_.items.end(),
                                    [&](const credentials::SlotItems& each) { return each.owner == owner; });
    if (found != slots_.items.end()) return *found;
    slots_.items.push_back({owner, {}, {}, {}});
    return slots_.items.back();
  }

  Result<void> check() {
    const credentials::Date now = check_options(credentials_, program_.clock).now;
    for (const credentials::SlotItems& items : slots_.items) {
      if (has_credentials_ && items.owner == slots_.owner) {
        return usage_error(fmt::format("the credentials and --slot {}_... are for the same slots", items.owner),
                           "leave out one of them, or send the credentials elsewhere with --slot NAME");
      }
      const auto findings = credentials::check_slot_items(items, now, credentials_.strict);
      if (auto error = credentials::first_error(findings)) return std::move(*error);
      slots_.findings.insert(slots_.findings.end(), findings.begin(), findings.end());
    }
    return {};
  }

  const CredentialOptions& credentials_;
  bool has_credentials_;
  Program& program_;
  credentials::LoadOptions load_;
  std::optional<std::string> owner_;
  Slots slots_;
};

}  // namespace

void add_slot_options(Verb& verb, SlotOptions& options) {
  verb.add_option("--slot", options.texts,
                  "Slot for the credentials: mqtt, client, server, https, wss or wpa_ent; or files for one, e.g. "
                  "client_ca; may be repeated")
      ->option_text("NAME|SLOT=FILE,...")
      ->allow_extra_args(false)
      ->group("Credentials");
}

Result<Slots> load_slots(const SlotOptions& options, const CredentialOptions& credentials, bool has_credentials,
                         Program& program) {
  return Loader(credentials, has_credentials, program).run(options);
}

std::vector<image::SlotItem> items_of(const Slots& slots) {
  std::vector<image::SlotItem> all;
  for (const credentials::SlotItems& owner : slots.items) {
    for (std::size_t i = 0; i < owner.cas.size(); ++i) all.push_back({owner.owner + "_ca", i, owner.cas[i].pem});
    for (std::size_t i = 0; i < owner.certificates.size(); ++i) {
      all.push_back({owner.owner + "_cert", i, owner.certificates[i].pem});
      all.push_back({owner.owner + "_key", i, owner.keys[i].pem.reveal()});
    }
  }
  return all;
}

}  // namespace atcert::cli
