// SPDX-License-Identifier: Apache-2.0
#include "image/nvs_encryption.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/core.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/plural.hpp"
#include "image/little_endian.hpp"
#include "image/nvs_format.hpp"

namespace atcert::image {
namespace {

constexpr std::size_t kCrcSize = 4;
constexpr std::size_t kPartitionSize = 4096;

Error keys_error(std::string code, std::string what, std::string remedy) {
  return {ErrorKind::input, std::move(code), std::move(what), {}, std::move(remedy)};
}

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

// XTS-AES-256 with one pair of keys, in one direction.
class Cipher {
 public:
  Cipher(const NvsKeys& keys, bool encrypting) : context_(EVP_CIPHER_CTX_new()) {
    good_ = EVP_CipherInit_ex(context_.get(), EVP_aes_256_xts(), nullptr, keys.reveal().data(), nullptr, encrypting);
  }

  [[nodiscard]] bool convert(std::span<std::uint8_t> entry, std::size_t offset) {
    std::array<std::uint8_t, 16> sector{};
    put_u32(sector, 0, static_cast<std::uint32_t>(offset));
    int size = 0;
    good_ = good_ && EVP_CipherInit_ex(context_.get(), nullptr, nullptr, nullptr, sector.data(), -1) &&
            EVP_CipherUpdate(context_.get(), entry.data(), &size, entry.data(), static_cast<int>(entry.size()));
    return good_;
  }

 private:
  std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context_;
  bool good_;
};

// An erased entry was written before. An entry that is empty by its bitmap and yet has bytes is a half-written one.
bool is_encrypted(const NvsPageView& page, std::size_t index) {
  return page.entry_state(index) != NvsEntryState::empty || !page.entry_blank(index);
}

Result<void> convert(std::span<std::uint8_t> image, const NvsKeys& keys, bool encrypting) {
  if (image.size() % kNvsPageSize != 0) {
    return keys_error("nvs_size", fmt::format("0x{:X} bytes are no whole number of NVS pages", image.size()),
                      "give the whole partition");
  }
  Cipher cipher(keys, encrypting);
  for (std::size_t at = 0; at < image.size(); at += kNvsPageSize) {
    const NvsPageView page(image.subspan(at));
    for (std::size_t i = 0; i < kNvsEntryCount; ++i) {
      const std::size_t offset = at + nvs_entry_offset(i);
      if (!is_encrypted(page, i) || cipher.convert(image.subspan(offset, kNvsEntrySize), offset)) continue;
      return Error{ErrorKind::internal, "openssl", "OpenSSL cannot do XTS-AES-256", {}, {}};
    }
  }
  return {};
}

// Calls `judge` with each written entry and its index until it returns true; whether it did.
template <typename Judge>
bool any_written_entry(ByteView image, Judge judge) {
  for (std::size_t at = 0; at + kNvsPageSize <= image.size(); at += kNvsPageSize) {
    const NvsPageView page(image.subspan(at));
    for (std::size_t i = 0; page.is_used() && i < kNvsEntryCount; ++i) {
      if (page.entry_state(i) == NvsEntryState::written && judge(page.entry(i), i)) return true;
    }
  }
  return false;
}

bool has_entries(ByteView image) {
  return any_written_entry(image, [](ByteView, std::size_t) { return true; });
}

bool has_sound_entries(ByteView image) {
  return any_written_entry(image, [](ByteView entry, std::size_t i) { return nvs_entry_fault(entry, i).empty(); });
}

}  // namespace

Result<NvsKeys> NvsKeys::from_bytes(ByteView bytes) {
  if (bytes.size() != kNvsKeysSize) {
    return keys_error("nvs_keys_size", "NVS keys of " + counted(bytes.size(), "byte"),
                      fmt::format("give {} bytes: a key and a tweak key", kNvsKeysSize));
  }
  if (CRYPTO_memcmp(bytes.data(), bytes.data() + kNvsKeysSize / 2, kNvsKeysSize / 2) == 0) {
    return keys_error("nvs_keys_equal", "the NVS key and its tweak key are equal", "generate new keys");
  }
  return NvsKeys(bytes);
}

Result<NvsKeys> NvsKeys::from_partition(ByteView partition) {
  if (partition.size() < kNvsKeysSize + kCrcSize) {
    return keys_error("nvs_keys_size", fmt::format("{} cannot hold NVS keys", counted(partition.size(), "byte")),
                      "give the keys partition that nvs_partition_gen or atcert made");
  }
  const ByteView keys = partition.first(kNvsKeysSize);
  const ByteView head = partition.first(kNvsKeysSize + kCrcSize);
  if (std::all_of(head.begin(), head.end(), [](std::uint8_t byte) { return byte == 0xFF; })) {
    return keys_error("nvs_keys_erased", "the NVS keys partition is erased", "give one that holds keys");
  }
  if (nvs_crc(keys) != get_u32(partition, kNvsKeysSize)) {
    return keys_error("nvs_keys_crc", fmt::format("the CRC of the NVS keys at offset {} is wrong", kNvsKeysSize),
                      "give the keys partition that nvs_partition_gen or atcert made");
  }
  return from_bytes(keys);
}

Secret NvsKeys::partition() const {
  Secret partition = Secret::of_size(kPartitionSize);
  const auto bytes = partition.writable();
  std::fill(bytes.begin(), bytes.end(), std::uint8_t{0xFF});
  std::copy_n(keys_.reveal().begin(), kNvsKeysSize, bytes.begin());
  put_u32(bytes, kNvsKeysSize, nvs_crc(keys_.reveal()));
  return partition;
}

Result<void> encrypt_nvs(std::span<std::uint8_t> image, const NvsKeys& keys) {
  return convert(image, keys, true);
}

Result<void> decrypt_nvs(std::span<std::uint8_t> image, const NvsKeys& keys) {
  return convert(image, keys, false);
}

bool looks_encrypted(ByteView image) {
  return has_entries(image) && !has_sound_entries(image);
}

Result<Secret> open_nvs(ByteView stored, const NvsKeys* keys) {
  Secret plain(stored);
  const bool encrypted = looks_encrypted(stored);
  if (keys == nullptr) {
    if (!encrypted) return plain;
    return keys_error("nvs_encrypted", "no entry can be read: the NVS partition is encrypted, or damaged",
                      "if it is encrypted, give its keys with --nvs-keys FILE; if not, make it anew with atcert build");
  }
  if (has_sound_entries(stored)) {
    return keys_error("nvs_not_encrypted", "the NVS partition is not encrypted", "leave out --nvs-keys");
  }
  ATCERT_CHECK(decrypt_nvs(plain.writable(), *keys));
  if (!looks_encrypted(plain.reveal())) return plain;
  return keys_error("nvs_keys_wrong", "the NVS keys are not those of this partition, or it is damaged",
                    "give the keys partition that it was encrypted with");
}

}  // namespace atcert::image
