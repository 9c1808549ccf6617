// SPDX-License-Identifier: Apache-2.0
// Encrypted NVS partitions (ESP-IDF Programming Guide, "NVS Encryption"). Each entry of 32 bytes is encrypted by itself
// with XTS-AES-256; its offset in the partition is the sector number. Page headers and bitmaps stay plain. The keys are
// in a partition of their own:
//
//   32-byte key | 32-byte tweak key | u32 CRC-32 of both | 0xFF to the end of the page
#pragma once

#include <span>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace atcert::image {

inline constexpr std::size_t kNvsKeysSize = 64;  // both keys

// The two keys, of a keys partition or of a generator of random numbers.
class NvsKeys {
 public:
  // Errors: not 64 bytes; twice the same key, which XTS does not allow.
  static Result<NvsKeys> from_bytes(ByteView bytes);
  // Reads a keys partition, or as much of it as holds the keys and their CRC. Errors: too short, erased, a wrong CRC.
  static Result<NvsKeys> from_partition(ByteView partition);

  // A keys partition of 4096 bytes.
  Secret partition() const;

  ByteView reveal() const { return keys_.reveal(); }

 private:
  explicit NvsKeys(ByteView bytes) : keys_(bytes) {}

  Secret keys_;
};

// Encrypts or decrypts the entries of an image in place: all but those that were never written. Each undoes the other.
// With the wrong keys decryption succeeds too, and read_nvs() finds no sound entry. Errors: no whole number of pages.
Result<void> encrypt_nvs(std::span<std::uint8_t> image, const NvsKeys& keys);
Result<void> decrypt_nvs(std::span<std::uint8_t> image, const NvsKeys& keys);

// Whether entries are written and none of them is sound: the image is encrypted, or damaged all over.
bool looks_encrypted(ByteView image);

// A plain copy of an image as it is stored; without keys one that is not encrypted. Errors: it is encrypted and there
// are no keys, it is not encrypted and there are keys, the keys are not its keys.
Result<Secret> open_nvs(ByteView stored, const NvsKeys* keys);

}  // namespace atcert::image
