// SPDX-License-Identifier: Apache-2.0
#include "emulator/tls_verify.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/bytes.hpp"

namespace atcert::emulator {
namespace {

constexpr int kAddressName = 7;  // iPAddress in a GeneralName (RFC 5280, 4.2.1.6)

std::chrono::sys_seconds time_of(const mbedtls_x509_time& time) {
  const std::chrono::year_month_day date(std::chrono::year(time.year), std::chrono::month(unsigned(time.mon)),
                                         std::chrono::day(unsigned(time.day)));
  return std::chrono::sys_days(date) + std::chrono::hours(time.hour) + std::chrono::minutes(time.min) +
         std::chrono::seconds(time.sec);
}

// The bytes of an address in text; none if it is a name.
Bytes address_bytes(const std::string& name) {
  std::array<std::uint8_t, sizeof(in6_addr)> bytes{};
  if (inet_pton(AF_INET, name.c_str(), bytes.data()) == 1) return {bytes.begin(), bytes.begin() + sizeof(in_addr)};
  if (inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1) return {bytes.begin(), bytes.end()};
  return {};
}

bool holds_address(const mbedtls_x509_crt& certificate, const std::string& name) {
  const Bytes address = address_bytes(name);
  if (address.empty() || certificate.subject_alt_names.buf.p == nullptr) return false;
  for (const auto* each = &certificate.subject_alt_names; each != nullptr; each = each->next) {
    const bool is_address = (each->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK) == kAddressName;
    if (is_address && std::ranges::equal(address, ByteView(each->buf.p, each->buf.len))) return true;
  }
  return false;
}

}  // namespace

int TlsVerifier::look_again(void* self, mbedtls_x509_crt* certificate, int depth, std::uint32_t* flags) {
  const auto& verifier = *static_cast<const TlsVerifier*>(self);
  *flags &= ~(std::uint32_t{MBEDTLS_X509_BADCERT_EXPIRED} | MBEDTLS_X509_BADCERT_FUTURE);
  if (verifier.check_dates) {
    const auto now = std::chrono::floor<std::chrono::seconds>(verifier.module_time);
    if (now > time_of(certificate->valid_to)) *flags |= MBEDTLS_X509_BADCERT_EXPIRED;
    if (now < time_of(certificate->valid_from)) *flags |= MBEDTLS_X509_BADCERT_FUTURE;
  }
  const bool named = depth == 0 && verifier.server_name && verifier.library.address_names;
  if (!verifier.check_name || (named && holds_address(*certificate, *verifier.server_name))) {
    *flags &= ~std::uint32_t{MBEDTLS_X509_BADCERT_CN_MISMATCH};
  }
  return 0;
}

}  // namespace atcert::emulator
