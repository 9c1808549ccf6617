#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes odd_forms.txt: certificates and private keys of odd forms, in DER, by OpenSSL's tool, by Python's cryptography
package and by hand. Each line is kind, name and base64. Run it in this folder; keys and dates differ from run to run."""
import base64
import datetime
import subprocess
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x448, x25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

forms = []


def add(kind, name, der):
    forms.append((kind, name, bytes(der)))


# --- DER by hand -----------------------------------------------------------------------------------------------------
def tlv(tag, *contents):
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def seq(*c): return tlv(0x30, *c)
def integer(b): return tlv(0x02, b if isinstance(b, bytes) else b.to_bytes(b.bit_length() // 8 + 1, "big", signed=True))
def octets(b): return tlv(0x04, b)
def bits(b, unused=0): return tlv(0x03, bytes([unused]) + b)
def null(): return tlv(0x05)


def oid(text):
    parts = [int(p) for p in text.split(".")]
    out = bytes([parts[0] * 40 + parts[1]])
    for part in parts[2:]:
        chunk = [part & 0x7F]
        while part > 0x7F:
            part >>= 7
            chunk.insert(0, (part & 0x7F) | 0x80)
        out += bytes(chunk)
    return tlv(0x06, out)


def split(der):
    """The elements in the content of the first element."""
    def one(data, at):
        first = data[at + 1]
        if first < 0x80:
            head, size = 2, first
        else:
            head, size = 2 + (first & 0x7F), int.from_bytes(data[at + 2:at + 2 + (first & 0x7F)], "big")
        return head, size
    head, size = one(der, 0)
    at, end, out = head, head + size, []
    while at < end:
        h, s = one(der, at)
        out.append(der[at:at + h + s])
        at += h + s
    return out


def content(der):
    head = 2 if der[1] < 0x80 else 2 + (der[1] & 0x7F)
    return der[head:]


RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
CA = ec.generate_private_key(ec.SECP256R1())
NOW = datetime.datetime(2026, 1, 1)
LATER = datetime.datetime(2046, 1, 1)


def name(text="odd"):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def builder(key, subject=None, serial=4711):
    return (x509.CertificateBuilder().subject_name(name() if subject is None else subject).issuer_name(name("Odd CA"))
            .public_key(key.public_key()).serial_number(serial).not_valid_before(NOW).not_valid_after(LATER))


def der_of(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)


# --- certificates by the kind of key ---------------------------------------------------------------------------------
RSA4096 = rsa.generate_private_key(65537, 4096)
keys = {
    "rsa1024": rsa.generate_private_key(65537, 1024), "rsa2048": RSA, "rsa3072": rsa.generate_private_key(65537, 3072),
    "rsa4096": RSA4096, "rsa2048-e3": rsa.generate_private_key(3, 2048),
    "ed25519": ed25519.Ed25519PrivateKey.generate(), "ed448": ed448.Ed448PrivateKey.generate(),
    "dsa2048": dsa.generate_private_key(2048),
}
curves = [ec.SECP192R1, ec.SECP224R1, ec.SECP256R1, ec.SECP384R1, ec.SECP521R1, ec.SECP256K1, ec.BrainpoolP256R1,
          ec.BrainpoolP384R1, ec.BrainpoolP512R1, ec.SECT233K1, ec.SECT283R1]
for curve in curves:
    keys[curve.name] = ec.generate_private_key(curve())
for label, key in keys.items():
    add("certificate", f"key-{label}", der_of(builder(key).sign(CA, hashes.SHA256())))
for label, key in keys.items():
    if label in ("rsa4096",):
        continue
    digest = None if label.startswith("ed") else hashes.SHA256()
    add("certificate", f"signed-by-{label}", der_of(builder(EC).sign(key, digest)))

# --- by the digest of the signature ----------------------------------------------------------------------------------
for digest in (hashes.SHA224, hashes.SHA384, hashes.SHA512, hashes.SHA3_256, hashes.SHA3_512):
    for label, key in (("rsa", RSA), ("ec", CA)):
        try:
            add("certificate", f"{label}-{digest.name}", der_of(builder(EC).sign(key, digest())))
        except Exception:  # not in this version of the package
            pass


# --- by OpenSSL's tool -----------------------------------------------------------------------------------------------
def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, check=True, capture_output=True).stdout


with tempfile.TemporaryDirectory() as folder:
    path = Path(folder)
    (path / "rsa.key").write_bytes(openssl("genrsa", "2048"))
    (path / "ec.key").write_bytes(openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout"))

    def self_signed(label, *options, key="rsa.key"):
        add("certificate", label, openssl("req", "-x509", "-key", str(path / key), "-subj", "/CN=odd", "-days", "7300",
                                          "-outform", "DER", *options))
    for digest in ("md5", "sha1", "sha224", "sha384", "sha512", "ripemd160", "sm3", "sha512-256"):
        try:
            self_signed(f"openssl-rsa-{digest}", f"-{digest}")
        except subprocess.CalledProcessError:
            pass
    for digest in ("sha1", "sha224", "sha512"):
        self_signed(f"openssl-ec-{digest}", f"-{digest}", key="ec.key")
    for label, options in {
        "pss-sha256": ("-sha256", "-sigopt", "rsa_padding_mode:pss"),
        "pss-sha256-salt32": ("-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"),
        "pss-sha384": ("-sha384", "-sigopt", "rsa_padding_mode:pss"),
        "pss-sha512-salt0": ("-sha512", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:0"),
        "pss-mgf-sha1": ("-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_mgf1_md:sha1"),
    }.items():
        self_signed(f"openssl-rsa-{label}", *options)
    (path / "pss.key").write_bytes(openssl("genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"))
    self_signed("openssl-key-rsa-pss", key="pss.key")
    for label, extension in {
        "san-dns": "subjectAltName=DNS:a.example", "san-ip": "subjectAltName=IP:10.0.0.1",
        "san-email": "subjectAltName=email:a@b.example", "san-uri": "subjectAltName=URI:urn:x",
        "san-rid": "subjectAltName=RID:1.2.3.4", "san-other": "subjectAltName=otherName:1.2.3.4;UTF8:x",
        "policy": "certificatePolicies=1.2.3.4", "policy-any": "certificatePolicies=2.5.29.32.0",
        "policy-constraints": "policyConstraints=requireExplicitPolicy:3", "inhibit-any": "inhibitAnyPolicy=2",
        "name-constraints": "nameConstraints=permitted;DNS:example", "crl": "crlDistributionPoints=URI:http://x/c",
        "aia": "authorityInfoAccess=OCSP;URI:http://x/", "ocsp-no-check": "noCheck=ignored",
        "tls-feature": "tlsfeature=status_request", "netscape": "nsCertType=client", "comment": "nsComment=x",
        "key-usage": "keyUsage=digitalSignature", "key-usage-ca": "keyUsage=keyCertSign",
        "eku-client": "extendedKeyUsage=clientAuth", "eku-server": "extendedKeyUsage=serverAuth",
        "ca-path0": "basicConstraints=CA:TRUE,pathlen:0", "unknown": "1.2.3.4.5=ASN1:UTF8String:x",
        "skid": "subjectKeyIdentifier=hash",
    }.items():
        head, value = extension.split("=", 1)
        self_signed(f"ext-{label}", "-addext", extension, key="ec.key")
        if label != "skid":
            self_signed(f"ext-{label}-critical", "-addext", f"{head}=critical,{value}", key="ec.key")

    # keys
    def key(label, pem, *options):
        add("key", label, openssl("pkey", "-outform", "DER", *options, data=pem))
    for curve in ("prime256v1", "secp384r1", "secp521r1", "secp224r1", "prime192v1", "secp256k1", "brainpoolP256r1",
                  "brainpoolP384r1", "brainpoolP512r1", "sect283r1"):
        pem = openssl("ecparam", "-name", curve, "-genkey", "-noout")
        add("key", f"sec1-{curve}", openssl("ec", "-outform", "DER", data=pem))
        add("key", f"pkcs8-{curve}", openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", data=pem))
        if curve in ("prime256v1", "secp384r1", "secp256k1", "brainpoolP256r1"):
            add("key", f"sec1-{curve}-compressed",
                openssl("ec", "-conv_form", "compressed", "-outform", "DER", data=pem))
            add("key", f"sec1-{curve}-hybrid", openssl("ec", "-conv_form", "hybrid", "-outform", "DER", data=pem))
            add("key", f"sec1-{curve}-explicit",
                openssl("ec", "-param_enc", "explicit", "-outform", "DER", data=pem))
            add("key", f"sec1-{curve}-no-public", openssl("ec", "-no_public", "-outform", "DER", data=pem))
    for size in ("512", "1024", "3072", "8192"):
        pem = openssl("genrsa", size)
        add("key", f"pkcs1-{size}", openssl("rsa", "-traditional", "-outform", "DER", data=pem))
    for primes in ("3",):
        pem = openssl("genrsa", "-primes", primes, "2048")
        add("key", f"pkcs1-{primes}-primes", openssl("rsa", "-traditional", "-outform", "DER", data=pem))
    for algorithm in ("ED25519", "ED448", "X25519", "X448"):
        key(f"pkcs8-{algorithm.lower()}", openssl("genpkey", "-algorithm", algorithm))
    add("key", "pkcs8-rsa-pss", openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER",
                                        data=(path / "pss.key").read_bytes()))
    parameters = openssl("dsaparam", "1024")
    dsa_key = openssl("gendsa", "/dev/stdin", data=parameters)
    key("dsa-pkcs8", dsa_key)

# --- certificates by hand --------------------------------------------------------------------------------------------
GOOD = der_of(builder(EC).add_extension(x509.BasicConstraints(False, None), True).sign(CA, hashes.SHA256()))
TBS, ALG, SIG = split(GOOD)
VERSION, SERIAL, INNER_ALG, ISSUER, VALIDITY, SUBJECT, KEY, EXTENSIONS = split(TBS)
BASIC = split(split(EXTENSIONS)[0])[0]


def certificate(label, *, version=VERSION, serial=SERIAL, inner=INNER_ALG, issuer=ISSUER, validity=VALIDITY,
                subject=SUBJECT, key=KEY, rest=EXTENSIONS, outer=ALG, signature=SIG, after=b"", beside=b""):
    tbs = seq(version, serial, inner, issuer, validity, subject, key, rest, beside)
    add("certificate", label, seq(tbs, outer, signature) + after)


def extensions(*each):
    return tlv(0xA3, seq(*each))


def extension(text, value, critical=None):
    return seq(oid(text), critical or b"", octets(value))


certificate("good")
certificate("version-1", version=b"", rest=b"")
certificate("version-1-written-out", version=tlv(0xA0, integer(0)), rest=b"")
certificate("version-1-with-extensions", version=b"")
certificate("version-2", version=tlv(0xA0, integer(1)), rest=b"")
certificate("version-2-with-extensions", version=tlv(0xA0, integer(1)))
certificate("version-3-without-extensions", rest=b"")
for number in (3, 5, 127):
    certificate(f"version-{number + 1}", version=tlv(0xA0, integer(number)))
certificate("version-negative", version=tlv(0xA0, integer(-1)))
certificate("version-octets", version=tlv(0xA0, octets(b"\x02")))
certificate("version-two-bytes", version=tlv(0xA0, integer(b"\x00\x02")))
certificate("version-twice", version=VERSION + VERSION)
certificate("version-empty", version=tlv(0xA0))
for label, value in {"zero": b"\0", "negative": b"\x80", "20-bytes": b"\x7f" * 20, "21-bytes": b"\x7f" * 21,
                     "40-bytes": b"\x7f" * 40, "empty": b"", "needless-zero": b"\0\x01"}.items():
    certificate(f"serial-{label}", serial=integer(value))
certificate("serial-octets", serial=octets(b"\x01"))
START = split(VALIDITY)[0]
for label, tag, text in (
        ("utc", 0x17, b"460101000000Z"), ("utc-1950", 0x17, b"500101000000Z"), ("utc-2049", 0x17, b"491231235959Z"),
        ("utc-no-seconds", 0x17, b"4601010000Z"), ("utc-no-z", 0x17, b"460101000000"),
        ("utc-offset", 0x17, b"460101000000+0100"), ("utc-month-13", 0x17, b"461301000000Z"),
        ("utc-feb-29", 0x17, b"450229000000Z"), ("utc-24-h", 0x17, b"460101240000Z"),
        ("utc-60-s", 0x17, b"460101000060Z"), ("utc-letters", 0x17, b"46010100000aZ"),
        ("utc-space", 0x17, b"460101 00000Z"), ("utc-minus", 0x17, b"-60101000000Z"),
        ("general", 0x18, b"20500101000000Z"), ("general-early", 0x18, b"20460101000000Z"),
        ("general-9999", 0x18, b"99991231235959Z"), ("general-0000", 0x18, b"00000101000000Z"),
        ("general-fraction", 0x18, b"20460101000000.5Z"), ("general-offset", 0x18, b"20460101000000+0100"),
        ("general-no-seconds", 0x18, b"204601010000Z"), ("general-no-z", 0x18, b"20460101000000"),
        ("octets", 0x04, b"20460101000000Z"), ("empty", 0x17, b"")):
    certificate(f"date-{label}", validity=seq(START, tlv(tag, text)))
certificate("dates-three", validity=VALIDITY[:1] + bytes([len(content(VALIDITY)) + len(START)]) + content(VALIDITY) + START)
certificate("dates-one", validity=seq(START))


def rdn(value, tag=0x0C, attribute="2.5.4.3"):
    return tlv(0x31, seq(oid(attribute), tlv(tag, value)))


for label, subject in {
    "empty": seq(), "utf8": seq(rdn("Zürich".encode())), "utf8-broken": seq(rdn(b"\xff\xfe")),
    "bmp": seq(rdn("odd".encode("utf-16-be"), 0x1E)), "bmp-odd": seq(rdn(b"\0o\0", 0x1E)),
    "t61": seq(rdn(b"odd", 0x14)), "universal": seq(rdn("odd".encode("utf-32-be"), 0x1C)),
    "ia5": seq(rdn(b"odd", 0x16)), "printable": seq(rdn(b"odd", 0x13)), "printable-star": seq(rdn(b"o*d", 0x13)),
    "nul": seq(rdn(b"good\0evil")), "escape": seq(rdn(b"\x1b[2J")), "turned": seq(rdn("\u202e".encode())),
    "long": seq(rdn(b"x" * 300)), "integer": seq(rdn(b"\x05", 0x02)), "bits": seq(rdn(b"\0x", 0x03)),
    "unknown-attribute": seq(rdn(b"x", 0x0C, "1.2.3.4")), "two": seq(rdn(b"a"), rdn(b"b")),
    "multi": seq(tlv(0x31, seq(oid("2.5.4.3"), tlv(0x0C, b"a")), seq(oid("2.5.4.10"), tlv(0x0C, b"b")))),
    "empty-set": seq(tlv(0x31)), "no-value": seq(tlv(0x31, seq(oid("2.5.4.3")))), "empty-value": seq(rdn(b"")),
    "extra": seq(tlv(0x31, seq(oid("2.5.4.3"), tlv(0x0C, b"a"), null()))), "sequence": seq(seq(oid("2.5.4.3"))),
}.items():
    certificate(f"subject-{label}", subject=subject)
certificate("issuer-empty", issuer=seq())
EC_ALG, EC_POINT = split(KEY)
POINT = content(EC_POINT)[1:]
COMPRESSED = bytes([2 + (POINT[-1] & 1)]) + POINT[1:33]
EC_OID = split(EC_ALG)[0]
RSA_KEY = split(split(der_of(builder(RSA).sign(CA, hashes.SHA256())))[0])[6]
RSA_ALG, RSA_BITS = split(RSA_KEY)
N = split(content(RSA_BITS)[1:])[0]
for label, spki in {
    "point-compressed": seq(EC_ALG, bits(COMPRESSED)),
    "point-hybrid": seq(EC_ALG, bits(bytes([6 + (POINT[-1] & 1)]) + POINT[1:])),
    "point-infinity": seq(EC_ALG, bits(b"\0")), "point-off-curve": seq(EC_ALG, bits(POINT[:-1] + bytes([POINT[-1] ^ 1]))),
    "point-short": seq(EC_ALG, bits(POINT[:-1])), "point-unused-bits": seq(EC_ALG, bits(POINT, 1)),
    "curve-unknown": seq(seq(EC_OID, oid("1.2.3.4")), EC_POINT), "curve-null": seq(seq(EC_OID, null()), EC_POINT),
    "curve-missing": seq(seq(EC_OID), EC_POINT), "rsa-no-null": seq(seq(split(RSA_ALG)[0]), RSA_BITS),
    "rsa-e1": seq(RSA_ALG, bits(seq(N, integer(1)))), "rsa-e-even": seq(RSA_ALG, bits(seq(N, integer(4)))),
    "rsa-e-zero": seq(RSA_ALG, bits(seq(N, integer(0)))),
    "rsa-n-negative": seq(RSA_ALG, bits(seq(integer(content(N)[1:]), integer(65537)))),
    "rsa-n-padded": seq(RSA_ALG, bits(seq(integer(b"\0" + content(N)), integer(65537)))),
    "rsa-extra": seq(RSA_ALG, bits(seq(N, integer(65537), integer(1)))),
    "rsa-trailing": seq(RSA_ALG, bits(seq(N, integer(65537)) + b"\0")),
    "unknown-algorithm": seq(seq(oid("1.2.3.4")), EC_POINT), "extra": seq(EC_ALG, EC_POINT, null()),
    "empty-bits": seq(EC_ALG, bits(b"")),
}.items():
    certificate(f"spki-{label}", key=spki)
certificate("after-key-null", rest=null() + EXTENSIONS)
certificate("after-extensions-null", beside=null())
certificate("extensions-twice", beside=EXTENSIONS)
certificate("unique-ids", rest=tlv(0x81, b"\0\1") + tlv(0x82, b"\0\1") + EXTENSIONS)
certificate("unique-ids-turned", rest=tlv(0x82, b"\0\1") + tlv(0x81, b"\0\1") + EXTENSIONS)
certificate("extensions-empty", rest=extensions())
certificate("extension-twice", rest=extensions(BASIC, BASIC))
certificate("extension-unknown-twice", rest=extensions(*[extension("1.2.3.4", null())] * 2))
certificate("extension-trailing", rest=extensions(seq(oid("1.2.3.4"), octets(null()), null())))
certificate("extension-critical-false", rest=extensions(extension("2.5.29.19", seq(), tlv(1, b"\0"))))
certificate("extension-critical-one", rest=extensions(extension("2.5.29.19", seq(), tlv(1, b"\1"))))
certificate("extension-critical-empty", rest=extensions(extension("2.5.29.19", seq(), tlv(1))))
certificate("extension-no-value", rest=extensions(seq(oid("1.2.3.4"))))
certificate("extension-empty-value", rest=extensions(extension("1.2.3.4", b"")))
certificate("extension-bits-value", rest=extensions(seq(oid("1.2.3.4"), bits(b"x"))))
for label, value in {"ca-false": seq(tlv(1, b"\0")), "ca-one": seq(tlv(1, b"\1")), "path-negative": seq(tlv(1, b"\xff"), integer(-1)),
                     "path-without-ca": seq(integer(1)), "path-large": seq(tlv(1, b"\xff"), integer(2 ** 40)),
                     "trailing": seq() + null(), "extra": seq(tlv(1, b"\xff"), integer(0), null()), "octets": octets(b"")}.items():
    certificate(f"basic-{label}", rest=extensions(extension("2.5.29.19", value)))
for label, value in {"empty": bits(b""), "none": tlv(3), "two-bytes": bits(b"\x80\x80", 7), "long": bits(b"\x80\x80\x80", 0),
                     "octets": octets(b"\x80"), "trailing": bits(b"\x80") + null()}.items():
    certificate(f"usage-{label}", rest=extensions(extension("2.5.29.15", value)))
certificate("san-empty", rest=extensions(extension("2.5.29.17", seq())))
certificate("san-unknown-tag", rest=extensions(extension("2.5.29.17", seq(tlv(0x89, b"x")))))
certificate("eku-empty", rest=extensions(extension("2.5.29.37", seq())))
certificate("algorithm-differs", outer=seq(oid("1.2.840.10045.4.3.3")))
certificate("algorithm-null", inner=seq(split(ALG)[0], null()), outer=seq(split(ALG)[0], null()))
certificate("algorithm-unknown", inner=seq(oid("1.2.3.4")), outer=seq(oid("1.2.3.4")))
certificate("algorithm-empty", inner=seq(), outer=seq())
certificate("signature-empty", signature=tlv(3, b"\0"))
certificate("signature-none", signature=tlv(3))
certificate("signature-unused-bits", signature=bits(content(SIG)[1:], 1))
certificate("signature-octets", signature=octets(content(SIG)))
certificate("signature-missing", signature=b"")
certificate("signature-other", signature=bits(b"\1" * 71))
certificate("trailing", after=b"\0")
certificate("trailing-newline", after=b"\n")
add("certificate", "fourth-part", seq(TBS, ALG, SIG, null()))
add("certificate", "long-length", GOOD[:1] + b"\x83\0" + GOOD[2:4] + GOOD[4:])
add("certificate", "indefinite-length", GOOD[:1] + b"\x80" + GOOD[4:] + b"\0\0")
add("certificate", "cut", GOOD[:-1])
add("certificate", "set", b"\x31" + GOOD[1:])

# --- keys by hand ----------------------------------------------------------------------------------------------------
PKCS8 = serialization.PrivateFormat.PKCS8
TRADITIONAL = serialization.PrivateFormat.TraditionalOpenSSL


def private(key, form):
    return key.private_bytes(serialization.Encoding.DER, form, serialization.NoEncryption())


RSA_PRIVATE = private(RSA, TRADITIONAL)
RSA_NUMBERS = split(RSA_PRIVATE)
EC_PRIVATE = private(EC, TRADITIONAL)
EC_VERSION, EC_SECRET, EC_CURVE, EC_PUBLIC = split(EC_PRIVATE)
ATTRIBUTES = tlv(0xA0, seq(oid("2.5.29.15"), tlv(0x31, bits(b"\x80", 7))))
add("key", "rsa", RSA_PRIVATE)
add("key", "rsa-pkcs8", private(RSA, PKCS8))
add("key", "rsa4096", private(RSA4096, TRADITIONAL))
add("key", "ec", EC_PRIVATE)
add("key", "ec-pkcs8", private(EC, PKCS8))
for label, key in (("rsa", RSA), ("ec", EC)):
    version, algorithm, inner = split(private(key, PKCS8))
    add("key", f"{label}-pkcs8-attributes", seq(version, algorithm, inner, ATTRIBUTES))
    add("key", f"{label}-pkcs8-empty-attributes", seq(version, algorithm, inner, tlv(0xA0)))
    add("key", f"{label}-pkcs8-version-1", seq(integer(1), algorithm, inner))
    add("key", f"{label}-pkcs8-public", seq(integer(1), algorithm, inner, tlv(0x81, b"\0x")))
    add("key", f"{label}-pkcs8-extra", seq(version, algorithm, inner, null()))
    add("key", f"{label}-pkcs8-trailing", seq(version, algorithm, inner) + b"\0")
    add("key", f"{label}-pkcs8-inner-trailing", seq(version, algorithm, octets(content(inner) + b"\0")))
    add("key", f"{label}-pkcs8-no-parameters", seq(version, seq(split(algorithm)[0]), inner))
    add("key", f"{label}-pkcs8-null-parameters", seq(version, seq(split(algorithm)[0], null()), inner))


def rsa_key(label, **changes):
    numbers = list(RSA_NUMBERS)
    for position, value in changes.items():
        numbers[int(position[1:])] = value
    add("key", f"rsa-{label}", seq(*numbers))


P = int.from_bytes(content(RSA_NUMBERS[4]), "big")
rsa_key("version-1", _0=integer(1))
rsa_key("version-octets", _0=octets(b"\0"))
for label, position in {"n": 1, "e": 2, "d": 3, "p": 4, "q": 5, "dp": 6, "dq": 7, "qi": 8}.items():
    number = bytearray(content(RSA_NUMBERS[position]))
    number[-1] ^= 2
    rsa_key(f"wrong-{label}", **{f"_{position}": integer(bytes(number))})
    rsa_key(f"zero-{label}", **{f"_{position}": integer(0)})
rsa_key("padded-n", _1=integer(b"\0" + content(RSA_NUMBERS[1])))
rsa_key("negative-d", _3=integer(b"\x80" + content(RSA_NUMBERS[3])[1:]))
rsa_key("swapped-primes", _4=RSA_NUMBERS[5], _5=RSA_NUMBERS[4], _6=RSA_NUMBERS[7], _7=RSA_NUMBERS[6],
        _8=integer(pow(P, -1, int.from_bytes(content(RSA_NUMBERS[5]), "big"))))
add("key", "rsa-extra", seq(*RSA_NUMBERS, integer(1)))
add("key", "rsa-short", seq(*RSA_NUMBERS[:-1]))
add("key", "rsa-trailing", RSA_PRIVATE + b"\0")
add("key", "rsa-public", seq(RSA_NUMBERS[1], RSA_NUMBERS[2]))
ORDER = bytes.fromhex("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551")
SCALAR = content(EC_SECRET)
for label, parts in {
    "no-public": (EC_VERSION, EC_SECRET, EC_CURVE), "no-curve": (EC_VERSION, EC_SECRET, EC_PUBLIC),
    "bare": (EC_VERSION, EC_SECRET), "version-0": (integer(0), EC_SECRET, EC_CURVE, EC_PUBLIC),
    "version-2": (integer(2), EC_SECRET, EC_CURVE, EC_PUBLIC),
    "zero": (EC_VERSION, octets(bytes(32)), EC_CURVE), "order": (EC_VERSION, octets(ORDER), EC_CURVE),
    "long": (EC_VERSION, octets(b"\0" + SCALAR), EC_CURVE, EC_PUBLIC), "empty": (EC_VERSION, octets(b""), EC_CURVE),
    "one": (EC_VERSION, octets(b"\x01"), EC_CURVE), "too-long": (EC_VERSION, octets(b"\1" * 66), EC_CURVE),
    "wrong-public": (EC_VERSION, EC_SECRET, EC_CURVE, tlv(0xA1, bits(POINT[:33] + bytes(32)))),
    "foreign-public": (EC_VERSION, EC_SECRET, EC_CURVE, tlv(0xA1, bits(content(split(split(split(der_of(builder(CA).sign(CA, hashes.SHA256())))[0])[6])[1])[1:]))),
    "infinity-public": (EC_VERSION, EC_SECRET, EC_CURVE, tlv(0xA1, bits(b"\0"))),
    "compressed-public": (EC_VERSION, EC_SECRET, EC_CURVE, tlv(0xA1, bits(COMPRESSED))),
    "turned": (EC_VERSION, EC_SECRET, EC_PUBLIC, EC_CURVE), "extra": (EC_VERSION, EC_SECRET, EC_CURVE, EC_PUBLIC, null()),
    "other-curve": (EC_VERSION, EC_SECRET, tlv(0xA0, oid("1.3.132.0.10"))),
    "unknown-curve": (EC_VERSION, EC_SECRET, tlv(0xA0, oid("1.2.3.4"))),
    "null-curve": (EC_VERSION, EC_SECRET, tlv(0xA0, null())),
}.items():
    add("key", f"ec-{label}", seq(*parts))
version, algorithm, inner = split(private(EC, PKCS8))
add("key", "ec-pkcs8-two-curves", seq(version, algorithm, octets(EC_PRIVATE)))
add("key", "ec-pkcs8-curves-differ", seq(version, algorithm, octets(seq(EC_VERSION, EC_SECRET, tlv(0xA0, oid("1.3.132.0.34"))))))
add("key", "ec-pkcs8-ecdh", seq(version, seq(oid("1.3.132.1.12"), split(algorithm)[1]), inner))

names = [n for _, n, _ in forms]
assert len(names) == len(set(names)), [n for n in names if names.count(n) > 1]
with open("odd_forms.txt", "w", encoding="ascii") as out:
    for kind, label, der in forms:
        out.write(f"{kind} {label} {base64.b64encode(der).decode()}\n")
print(len(forms), "forms")
