// SPDX-License-Identifier: Apache-2.0
#include "batch/batch.hpp"

#include <algorithm>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include <fmt/core.h>

#include "credentials/load.hpp"

namespace atcert::batch {
namespace {

// Loads one unit after the other. Neighbours mostly share the CA that they name, which is then not read anew.
class Loader {
 public:
  explicit Loader(const BatchOptions& options) : load_options_{options.verbatim, {}}, common_ca_(options.ca) {}

  Result<credentials::Credentials> load(const intake::Unit& unit) {
    ATCERT_TRY(const credentials::SharedCa*, ca, ca_of(unit));
    return intake::load(unit.source, ca, load_options_);
  }

 private:
  Result<const credentials::SharedCa*> ca_of(const intake::Unit& unit) {
    const std::string& path = unit.source.ca;
    if (path.empty()) return common_ca_;
    if (path != last_ca_path_) {
      last_ca_path_.clear();
      ATCERT_TRY(const NamedFile, file, intake::read_credential_file(path));
      ATCERT_TRY(credentials::SharedCa, ca, credentials::load_ca(file, load_options_));
      last_ca_ = std::move(ca);
      last_ca_path_ = path;
    }
    return &last_ca_;
  }

  credentials::LoadOptions load_options_;
  const credentials::SharedCa* common_ca_;
  std::string last_ca_path_;
  credentials::SharedCa last_ca_;
};

class Batch {
 public:
  Batch(intake::UnitList& units, const BatchOptions& options, const std::stop_token& stop, const OnUnit& on_unit)
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
    Loader loader(options_);
    while (!stop_.stop_requested()) {
      auto unit = take();
      if (!unit) return;
      report(unit->ok() ? outcome_of(**unit, loader) : UnitOutcome{{}, UnitState::failed, unit->error()});
    }
  }

  UnitOutcome outcome_of(const intake::Unit& unit, Loader& loader) {
    auto state = build(unit, loader);
    if (state) return {unit.serial, *state, {}};
    return {unit.serial, UnitState::failed, std::move(state).error()};
  }

  std::optional<Result<intake::Unit>> take() {
    const std::lock_guard lock(mutex_);
    return units_.next();
  }

  Result<UnitState> build(const intake::Unit& unit, Loader& loader) {
    ATCERT_TRY(const credentials::Credentials, loaded, loader.load(unit));
    if (auto error = credentials::first_error(credentials::check(loaded, options_.checks))) return std::move(*error);
    ATCERT_CHECK(claim(loaded.certificate.first().fingerprint, unit.serial));
    ATCERT_TRY(const ImageSet, set, make_image_set(&loaded, options_.images));
    const std::filesystem::path folder = options_.output / unit.serial;
    if (is_written(set, folder)) return UnitState::kept;
    if (!options_.dry_run) ATCERT_CHECK(write(set, folder));
    return UnitState::written;
  }

  Result<void> write(const ImageSet& set, const std::filesystem::path& folder) {
    const Undertakings::Hold hold = options_.undertakings != nullptr
                                        ? options_.undertakings->begin("run it again: units that are written are kept")
                                        : Undertakings::Hold();
    Result<void> written = write_image_set(set, folder);
    if (!written && !holds_image_of(set, folder)) return written;
    const std::lock_guard lock(mutex_);
    tally_.any_image = true;
    return written;
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

  intake::UnitList& units_;
  const BatchOptions& options_;
  const std::stop_token& stop_;
  const OnUnit& on_unit_;
  std::mutex mutex_;                                           // of what follows, of units_ and of on_unit_
  std::unordered_map<std::string, std::string> certificates_;  // fingerprint, serial
  BatchTally tally_;
};

}  // namespace

BatchTally run_batch(intake::UnitList& units, const BatchOptions& options, const std::stop_token& stop,
                     const OnUnit& on_unit) {
  return Batch(units, options, stop, on_unit).run();
}

}  // namespace atcert::batch
