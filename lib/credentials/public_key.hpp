// SPDX-License-Identifier: Apache-2.0
// Private to this folder: public keys as the plain facts of credentials.hpp. RSA keys and keys on named curves are read
// here; other kinds, which no module takes and which only have to be named, are left to OpenSSL.
#pragma once

#include <memory>
#include <optional>

#include <openssl/ec.h>

#include "credentials/credentials.hpp"
#include "credentials/openssl.hpp"

namespace atcert::credentials {

using CurvePtr = std::unique_ptr<EC_GROUP, FreeWith<EC_GROUP_free>>;
using PointPtr = std::unique_ptr<EC_POINT, FreeWith<EC_POINT_free>>;

// The SubjectPublicKeyInfo (RFC 5280) that fills `der`; none when there is none.
std::optional<KeyFacts> public_key_facts(ByteView der);

// Whether it says that it is an RSA key or one on a curve: what cannot be read of these is damaged.
bool is_of_known_kind(ByteView der);

KeyFacts rsa_facts(ByteView modulus, ByteView exponent);
KeyFacts curve_facts(const EC_GROUP* curve, const EC_POINT* point);
KeyFacts facts_of(EVP_PKEY* key);

// The algorithms of keys, as the content of their object identifiers.
bool is_rsa(ByteView algorithm);
bool is_curve_key(ByteView algorithm);

// The curve with the name that fills `der` (an object identifier); null for one that OpenSSL does not have.
CurvePtr named_curve(ByteView der);

// The point as SEC 1 writes it in whole.
Bytes uncompressed(const EC_GROUP* curve, const EC_POINT* point);

// Null when `bytes`, in any of the forms of SEC 1, are no point of the curve.
PointPtr point_of(const EC_GROUP* curve, ByteView bytes);

}  // namespace atcert::credentials
