// SPDX-License-Identifier: Apache-2.0
#include "batch/batch.hpp"

#include <algorithm>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include <fmt/core.h>

#include "base/files.hpp"
#include "credentials/load.hpp"

namespace atcert::batch {
namespace {

// Far above any certificate or key; what is larger is some other file.
constexpr std::size_t kMaxFileSize = 1024 * 1024;

Result<NamedFile> read_named(const std::string& path) {
  ATCERT_TRY(Secret, content, read_secret_file(path, kMaxFileSize));
  return NamedFile{path, std::move(content)};
}

Result<credentials::Credentials> load(const Unit& unit, const BatchOptions& options) {
  const credentials::LoadOptions load_options{options.verbatim, {}};
  std::optional<NamedFile> own_ca;
  if (!unit.ca.empty()) {
    ATCERT_TRY(NamedFile, ca, read_named(unit.ca));
    own_ca = std::move(ca);
  }
  const NamedFile* ca = own_ca ? &*own_ca : options.ca;
  if (!unit.folder.empty()) {
    ATCERT_TRY(const std::vector<NamedFile>, files, read_folder(unit.folder, kMaxFileSize));
    return credentials::load_folder(unit.folder, files, ca, load_options);
  }
  if (ca == nullptr) {
    return Error{ErrorKind::input, "ca_missing", "no CA certificate is given", {}, "fill the column ca, or give --ca"};
  }
  ATCERT_TRY(const NamedFile, certificate, read_named(unit.certificate));
  ATCERT_TRY(const NamedFile, key, read_named(unit.key));
  return credentials::load_files(certificate, key, *ca, load_options);
}

class Batch {
 public:
  Batch(UnitList& units, const BatchOptions& options, const std::stop_token& stop, const OnUnit& on_unit)
      : units_(units), options_(options), stop_(stop), on_unit_(on_unit) {}

  BatchTally run() {
    {
      std::vector<std::jthread> workers;
      for (unsigned i = 0; i < std::max(1U, options_.workers); ++i) workers.emplace_back([this] { work(); });
    }
    tally_.stopped = stop_.stop_requested();
    return tally_;
  }

 private:
  void work() {
    while (!stop_.stop_requested()) {
      auto unit = take();
      if (!unit) return;
      report(unit->ok() ? outcome_of(**unit) : UnitOutcome{{}, UnitState::failed, unit->error()});
    }
  }

  UnitOutcome outcome_of(const Unit& unit) {
    auto state = build(unit);
    if (state) return {unit.serial, *state, {}};
    return {unit.serial, UnitState::failed, std::move(state).error()};
  }

  std::optional<Result<Unit>> take() {
    const std::lock_guard lock(mutex_);
    return units_.next();
  }

  Result<UnitState> build(const Unit& unit) {
    ATCERT_TRY(const credentials::Credentials, loaded, load(unit, options_));
    if (auto error = credentials::first_error(credentials::check(loaded, options_.checks))) return std::move(*error);
    ATCERT_CHECK(claim(loaded.certificate.first().fingerprint, unit.serial));
    ATCERT_TRY(const ImageSet, set, make_image_set(&loaded, options_.images));
    const std::filesystem::path folder = options_.output / unit.serial;
    if (is_written(set, folder)) return UnitState::kept;
    if (!options_.dry_run) ATCERT_CHECK(write_image_set(set, folder));
    return UnitState::written;
  }

  // One certificate must never be in two modules.
  Result<void> claim(const std::string& fingerprint, const std::string& serial) {
    const std::lock_guard lock(mutex_);
    const auto [owner, is_new] = certificates_.emplace(fingerprint, serial);
    if (is_new) return {};
    return Error{ErrorKind::taken,
                 "certificate_twice",
                 fmt::format("certificate {} is unit {}'s", fingerprint, owner->second),
                 {},
                 "give every unit a certificate of its own"};
  }

  void report(const UnitOutcome& outcome) {
    const std::lock_guard lock(mutex_);
    tally_.written += outcome.state == UnitState::written;
    tally_.kept += outcome.state == UnitState::kept;
    tally_.failed += outcome.state == UnitState::failed;
    on_unit_(outcome, tally_);
  }

  UnitList& units_;
  const BatchOptions& options_;
  const std::stop_token& stop_;
  const OnUnit& on_unit_;
  std::mutex mutex_;                                           // of what follows, of units_ and of on_unit_
  std::unordered_map<std::string, std::string> certificates_;  // fingerprint, serial
  BatchTally tally_;
};

}  // namespace

BatchTally run_batch(UnitList& units, const BatchOptions& options, const std::stop_token& stop, const OnUnit& on_unit) {
  return Batch(units, options, stop, on_unit).run();
}

}  // namespace atcert::batch
