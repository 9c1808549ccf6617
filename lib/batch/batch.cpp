// SPDX-License-Identifier: Apache-2.0
#include "batch/batch.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/core.h>

#include "base/descriptor.hpp"
#include "base/leftovers.hpp"
#include "base/place.hpp"
#include "base/unfinished.hpp"
#include "batch/claims.hpp"
#include "batch/set_folder.hpp"
#include "credentials/load.hpp"
#include "intake/certificate_scout.hpp"

namespace atcert::batch {
namespace {

// Loads one unit after the other. Neighbours mostly share the CA that they name, which is then not read anew.
class Loader {
 public:
  explicit Loader(const BatchOptions& options)
      : load_options_{options.verbatim, {}, options.images.target.release}, common_ca_(options.ca) {}

  Result<credentials::Credentials> load(const intake::Source& source) {
    ATCERT_TRY(const credentials::SharedCa*, ca, ca_of(source));
    return intake::load(source, ca, load_options_);
  }

 private:
  Result<const credentials::SharedCa*> ca_of(const intake::Source& source) {
    const std::string& path = source.ca;
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

// Two runs into one folder could not see what the other is about to write.
Result<Descriptor> lock_output(const std::filesystem::path& output) {
  Descriptor folder(open(output.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.open()) return write_error(output, errno);
  // Where the file system knows no locks, there is none.
  if (flock(folder.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return folder;
  return Error{ErrorKind::usage,
               "folder_busy",
               fmt::format("{}: another run writes there", output.string()),
               {},
               "wait for its end, or give another folder"};
}

class Batch {
 public:
  Batch(intake::UnitList& units, const BatchOptions& options, const std::stop_token& stop, const OnUnit& on_unit)
      : units_(units), options_(options), stop_(stop), on_unit_(on_unit) {}

  BatchTally run() {
    claims_.add_folders(options_.output);
    each_unit([this](auto& unit, Loader&, intake::CertificateScout& scout) { claim(unit, scout); });
    units_.rewind();
    each_unit([this](auto& unit, Loader& loader, intake::CertificateScout&) {
      report(unit ? outcome_of(*unit, loader) : UnitOutcome{{}, UnitState::failed, unit.error()});
    });
    tally_.stopped = stop_.stop_requested();
    return tally_;
  }

 private:
  // By all workers, until the list ends or a stop is requested. What a worker cannot go on with (no memory) ends all of
  // them, and is thrown to the caller: out of a thread it would end the program.
  template <typename Work>
  void each_unit(Work work) {
    std::exception_ptr failure;
    {
      std::vector<std::jthread> workers;
      for (unsigned i = 0; i < std::max(1U, options_.workers); ++i) {
        if (!add_worker(workers, [&] { work_all(work, failure); })) break;
      }
    }
    if (failure) std::rethrow_exception(failure);
  }

  // False: the system has no room for another thread (pthread_create(3): EAGAIN). Those that there are do the work.
  static bool add_worker(std::vector<std::jthread>& workers, const std::function<void()>& work) {
    try {
      workers.emplace_back(work);
    } catch (const std::system_error&) {
      if (workers.empty()) throw;
      return false;
    }
    return true;
  }

  template <typename Work>
  void work_all(Work work, std::exception_ptr& failure) {
    try {
      work_through(work, failure);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure = std::current_exception();
    }
  }

  template <typename Work>
  void work_through(Work work, const std::exception_ptr& failure) {
    Loader loader(options_);
    intake::CertificateScout scout([&loader](const intake::Source& source) { return loader.load(source); });
    while (!stop_.stop_requested()) {
      auto unit = take(failure);
      if (!unit) return;
      work(*unit, loader, scout);
    }
  }

  void claim(const Result<intake::Unit>& unit, intake::CertificateScout& scout) {
    if (!unit) return;  // told when its turn comes
    const std::string fingerprint = scout.fingerprint_of(unit->source);
    if (fingerprint.empty()) return;
    const std::lock_guard lock(mutex_);
    claims_.add(fingerprint, unit->serial, unit->line);
  }

  UnitOutcome outcome_of(const intake::Unit& unit, Loader& loader) {
    auto state = build(unit, loader);
    if (state) return {unit.serial, *state, {}};
    return {unit.serial, UnitState::failed, std::move(state).error()};
  }

  // Nothing when the list has ended, or another worker cannot go on.
  std::optional<Result<intake::Unit>> take(const std::exception_ptr& failure) {
    const std::lock_guard lock(mutex_);
    if (failure) return std::nullopt;
    return units_.next();
  }

  Result<UnitState> build(const intake::Unit& unit, Loader& loader) {
    ATCERT_CHECK(claims_.check_name(unit.serial, unit.line));
    ATCERT_TRY(const credentials::Credentials, loaded, loader.load(unit.source));
    if (auto error = credentials::first_error(credentials::check(loaded, options_.checks))) return std::move(*error);
    ATCERT_CHECK(claims_.check(loaded.certificate.first().fingerprint, unit.serial, unit.line));
    ATCERT_TRY(const ImageSet, set, make_image_set(&loaded, options_.images));
    const std::filesystem::path folder = options_.output / unit.serial;
    if (is_written(set, folder)) return UnitState::kept;
    const WriteOptions options{.force = options_.force, .alone = false};
    ATCERT_CHECK(options_.dry_run ? check_place(set, folder, options) : write(set, folder, options));
    return UnitState::written;
  }

  Result<void> write(const ImageSet& set, const std::filesystem::path& folder, const WriteOptions& options) {
    const Undertakings::Hold hold = options_.undertakings != nullptr
                                        ? options_.undertakings->begin("run it again: units that are written are kept")
                                        : Undertakings::Hold();
    return write_image_set(set, folder, options);
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
  std::mutex mutex_;  // of tally_, units_ and on_unit_, and of claims_ while it grows
  Claims claims_;
  BatchTally tally_;
};

}  // namespace

Result<BatchTally> run_batch(intake::UnitList& units, const BatchOptions& options, const std::stop_token& stop,
                             const OnUnit& on_unit) {
  Batch batch(units, options, stop, on_unit);
  if (options.dry_run) return batch.run();
  ATCERT_CHECK(make_folders(options.output));
  ATCERT_TRY(const Descriptor, lock, lock_output(options.output));
  remove_leftovers(options.output);
  BatchTally tally = batch.run();
  sync_folder(options.output);
  return tally;
}

}  // namespace atcert::batch
