// SPDX-License-Identifier: Apache-2.0
// Flash behind NVS encryption, written as the firmware writes it (ESP-IDF, components/nvs_flash,
// nvs_encrypted_partition.cpp, v5.4): whole entries of 32 bytes, each encrypted by itself with its offset as the sector
// number; page headers and bitmaps plain. It encrypts with OpenSSL alone and shares no code with lib/image.
#pragma once

#include <algorithm>
#include <memory>

#include <openssl/evp.h>

#include "image/metered_flash.hpp"
#include "image/nvs_encryption.hpp"
#include "image/nvs_format.hpp"

namespace atcert::image {

class EncryptedFlash final : public Flash {
 public:
  EncryptedFlash(MeteredFlash& stored, const NvsKeys& keys) : stored_(&stored), keys_(&keys) {
    plain_ = to_bytes(stored.bytes());
    if (!decrypt_nvs(plain_, keys).ok()) FAIL("cannot decrypt");
  }

  ByteView bytes() const override { return plain_; }
  Result<void> write(std::size_t offset, ByteView bytes) override {
    if (offset % kNvsPageSize < kNvsEntriesOffset) {
      ATCERT_CHECK(stored_->write(offset, bytes));
      return follow(offset, stored_->bytes().subspan(offset, bytes.size()));
    }
    Bytes entries = to_bytes(bytes);
    entries.resize(nvs_entries_for(entries.size()) * kNvsEntrySize, 0xFF);
    ATCERT_CHECK(stored_->write(offset, encrypted(offset, entries)));
    return follow(offset, entries);
  }
  Result<void> erase(std::size_t offset) override {
    ATCERT_CHECK(stored_->erase(offset));
    return follow(offset, Bytes(kNvsPageSize, 0xFF));
  }

 private:
  Result<void> follow(std::size_t offset, ByteView plain) {
    std::copy(plain.begin(), plain.end(), plain_.begin() + static_cast<std::ptrdiff_t>(offset));
    return {};
  }

  Bytes encrypted(std::size_t offset, Bytes entries) const {
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(EVP_CIPHER_CTX_new(),
                                                                                  EVP_CIPHER_CTX_free);
    for (std::size_t at = 0; at < entries.size(); at += kNvsEntrySize) {
      std::uint8_t sector[16] = {};
      for (unsigned i = 0; i < 4; ++i) sector[i] = static_cast<std::uint8_t>((offset + at) >> 8 * i);
      int size = 0;
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_xts(), nullptr, keys_->reveal().data(), sector);
      EVP_EncryptUpdate(context.get(), &entries[at], &size, &entries[at], kNvsEntrySize);
      if (size != kNvsEntrySize) FAIL("cannot encrypt");
    }
    return entries;
  }

  MeteredFlash* stored_;
  const NvsKeys* keys_;
  Bytes plain_;
};

}  // namespace atcert::image
