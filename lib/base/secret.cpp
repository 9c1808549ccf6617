// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <utility>

#include <openssl/crypto.h>

namespace atcert {
namespace {

// OpenSSL's secure heap: pages out of core files and, where the limit of locked memory allows, out of swap. Half of it
// is left to the private keys that OpenSSL itself keeps there.
constexpr std::size_t kLargestHeap = 512 * 1024;
constexpr std::size_t kSmallestHeap = 16 * 1024;
constexpr int kHeapLeast = 64;

// Keys and passwords are smaller. Images get pages of their own: the heap wipes under a lock that all threads share.
constexpr std::size_t kMostInHeap = 16 * 1024;

// From here on the kernel is asked for its large pages.
constexpr std::size_t kLargePage = 2 * 1024 * 1024;

std::size_t whole_pages(std::size_t size) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

std::atomic<bool> all_are_locked = true;

// Half of what may be locked, at most: a limit of 64 KiB, the kernel's own, is enough for the keys of a unit, and where
// it is 8 MiB, as systemd sets it, images are locked too. OpenSSL wants a power of two.
std::size_t heap_size() {
  rlimit limit{};
  std::size_t size = kLargestHeap;
  if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return size;
  while (size > kSmallestHeap && size > limit.rlim_cur / 2) size /= 2;
  return size;
}

// The size of the heap; 0 when it cannot be had.
std::size_t make_heap() {
  const std::size_t size = heap_size();
  const int made = CRYPTO_secure_malloc_init(size, kHeapLeast);
  if (made != 1) all_are_locked = false;  // 2: made, and not locked
  return made == 0 ? 0 : size;
}

// Zeroed bytes of the secure heap; null when it has no room for them.
void* heap_bytes(std::size_t size) {
  static const std::size_t kSize = make_heap();
  if (size > kMostInHeap || CRYPTO_secure_used() + size > kSize / 2) return nullptr;
  return OPENSSL_secure_zalloc(size);
}

// Pages that a thread's last image left, wiped: a worker makes one image after the other, and to give back pages stops
// all other threads for a moment.
class SparePages {
 public:
  ~SparePages() {
    if (pages_ != nullptr) munmap(pages_, size_);
    is_gone = true;
  }

  void* take(std::size_t size) { return size == size_ ? std::exchange(pages_, nullptr) : nullptr; }

  bool keep(void* pages, std::size_t size) {
    if (pages_ != nullptr || size > kMostKept) return false;
    pages_ = pages;
    size_ = size;
    return true;
  }

  static thread_local bool is_gone;  // secrets may outlive it

 private:
  static constexpr std::size_t kMostKept = 256 * 1024;

  void* pages_ = nullptr;
  std::size_t size_ = 0;
};

thread_local bool SparePages::is_gone = false;
thread_local SparePages spare_pages;

void give_back(void* pages, std::size_t size) {
  if (SparePages::is_gone || !spare_pages.keep(pages, size)) munmap(pages, size);
}

// Zeroed pages that are kept out of core files. They are there at once, or large: one fault for every 4 KiB of a flash
// image takes longer than to read it.
void* own_pages(std::size_t size) {
  if (!SparePages::is_gone) {
    if (void* pages = spare_pages.take(size)) return pages;
  }
  const bool large = size >= kLargePage;
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | (large ? 0 : MAP_POPULATE);
  void* pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  madvise(pages, size, MADV_DONTDUMP);
  if (large) madvise(pages, size, MADV_HUGEPAGE);
  // Large ones are locked page by page, as they are touched.
  if (mlock2(pages, size, large ? MLOCK_ONFAULT : 0) != 0) all_are_locked = false;
  return pages;
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

bool Secret::all_locked() {
  return all_are_locked;
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
  explicit_bzero(data_ + size, size_ - size);
  size_ = size;
}

bool Secret::equals(ByteView bytes) const {
  if (bytes.size() != size_) return false;
  return size_ == 0 || CRYPTO_memcmp(data_, bytes.data(), size_) == 0;
}

void Secret::reserve(std::size_t capacity) {
  if (capacity == 0) return;
  void* bytes = heap_bytes(capacity);
  capacity_ = bytes != nullptr ? capacity : whole_pages(capacity);
  data_ = static_cast<std::uint8_t*>(bytes != nullptr ? bytes : own_pages(capacity_));
}

void Secret::release() noexcept {
  if (data_ == nullptr) return;
  if (CRYPTO_secure_allocated(data_) == 1) {
    OPENSSL_secure_clear_free(data_, capacity_);
  } else {
    explicit_bzero(data_, capacity_);
    give_back(data_, capacity_);
  }
  data_ = nullptr;
  size_ = capacity_ = 0;
}

}  // namespace atcert
