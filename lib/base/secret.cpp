// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include <openssl/crypto.h>

namespace atcert {
namespace {

// Keys and passwords are far smaller; whole flash images are not locked, which would cost as much as reading them. It
// is also the default RLIMIT_MEMLOCK of Linux before 5.16.
constexpr std::size_t kMostLocked = 64 * 1024;

std::size_t whole_pages(std::size_t size) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

}  // namespace

Secret::Secret(ByteView bytes) {
  append(bytes);
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    release();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
  }
  return *this;
}

Secret::~Secret() {
  release();
}

Secret Secret::of_size(std::size_t size) {
  Secret secret;
  secret.reserve(size);
  secret.size_ = size;
  return secret;
}

void Secret::append(ByteView bytes) {
  if (bytes.empty()) return;
  const std::size_t size = size_ + bytes.size();
  if (size > capacity_) {
    // The bytes may be our own: the old pages live until they are copied.
    Secret grown;
    grown.reserve(std::max(size, 2 * capacity_));
    if (size_ > 0) std::memcpy(grown.data_, data_, size_);
    std::memcpy(grown.data_ + size_, bytes.data(), bytes.size());
    grown.size_ = size;
    *this = std::move(grown);
    return;
  }
  std::memmove(data_ + size_, bytes.data(), bytes.size());
  size_ = size;
}

void Secret::shrink(std::size_t size) {
  if (size >= size_) return;
  OPENSSL_cleanse(data_ + size, size_ - size);
  size_ = size;
}

bool Secret::equals(ByteView bytes) const {
  if (bytes.size() != size_) return false;
  return size_ == 0 || CRYPTO_memcmp(data_, bytes.data(), size_) == 0;
}

// Pages of its own, so that they can be kept out of core files (MADV_DONTDUMP) and, where size and limit allow, out of
// swap.
void Secret::reserve(std::size_t capacity) {
  if (capacity == 0) return;
  capacity_ = whole_pages(capacity);
  void* pages = mmap(nullptr, capacity_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  madvise(pages, capacity_, MADV_DONTDUMP);
  if (capacity_ <= kMostLocked) mlock(pages, capacity_);
  data_ = static_cast<std::uint8_t*>(pages);
}

void Secret::release() noexcept {
  if (data_ == nullptr) return;
  OPENSSL_cleanse(data_, capacity_);
  munmap(data_, capacity_);
  data_ = nullptr;
  size_ = capacity_ = 0;
}

}  // namespace atcert
