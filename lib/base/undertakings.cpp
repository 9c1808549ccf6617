// SPDX-License-Identifier: Apache-2.0
#include "base/undertakings.hpp"

#include <utility>

namespace atcert {

Undertakings::Hold Undertakings::begin(std::string cut_off) {
  const std::lock_guard lock(mutex_);
  any_begun_ = true;
  return Hold(*this, held_.insert(held_.end(), std::move(cut_off)));
}

Undertakings::Hold::~Hold() {
  if (owner_ == nullptr) return;
  const std::lock_guard lock(owner_->mutex_);
  owner_->held_.erase(entry_);
}

std::vector<std::string> Undertakings::held() const {
  const std::lock_guard lock(mutex_);
  return {held_.begin(), held_.end()};
}

bool Undertakings::any_begun() const {
  const std::lock_guard lock(mutex_);
  return any_begun_;
}

std::optional<std::unique_lock<std::mutex>> Undertakings::close_when_idle() {
  std::unique_lock lock(mutex_);
  if (!held_.empty()) return std::nullopt;
  return lock;
}

}  // namespace atcert
